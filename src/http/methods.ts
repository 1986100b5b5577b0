import type { FastifyInstance } from 'fastify'

/** Notes the routes that are registered from now on. @returns the methods that a path takes, in alphabetical order; none for one that there is not. */
export function notingMethods(app: Pick<FastifyInstance, 'addHook'>): (path: string) => readonly string[] {
  const routes: { path: RegExp; methods: readonly string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    routes.push({ path: new RegExp(`^${url.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`), methods: [method].flat() })
  })
  return (asked) => [...new Set(routes.flatMap(({ path, methods }) => (path.test(asked) ? methods : [])))].sort()
}
