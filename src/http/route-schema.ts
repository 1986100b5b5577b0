import type { RouteOptions } from 'fastify'
import { Type, type TObject } from 'typebox'
import type { RefusalCode } from '../boss/errors.js'
import { problems } from './problem-schema.js'

interface Answer {
  description: string
  readonly content: Readonly<Record<string, { readonly examples?: Readonly<Record<string, unknown>> }>>
}

/** Says in a route's schema that it takes these headers, too. */
export function addHeaders(route: RouteOptions, more: TObject): void {
  const own = route.schema?.headers as TObject | undefined
  route.schema = { ...route.schema, headers: own ? Type.Object({ ...own.properties, ...more.properties }) : more }
}

/** Says in a route's schema that what it answers when it is done may have this header. @param schema of the header. */
export function addAnswerHeader(route: RouteOptions, name: string, schema: object): void {
  const responses = (route.schema?.response ?? {}) as Record<string, { readonly headers?: object }>
  const response = Object.fromEntries(
    Object.entries(responses).map(([status, answer]) => [
      status,
      status.startsWith('2') ? { ...answer, headers: { ...answer.headers, [name]: schema } } : answer,
    ]),
  )
  route.schema = { ...route.schema, response }
}

/** Says in a route's schema that it may refuse with these codes, too. */
export function addProblems(route: RouteOptions, ...codes: readonly RefusalCode[]): void {
  const responses = { ...(route.schema?.response as Record<string, Answer> | undefined) }
  for (const code of codes) {
    for (const [status, answer] of Object.entries(problems(code) as Record<string, Answer>)) {
      const there = responses[status]
      const examples = there?.content['application/problem+json']?.examples ?? {}
      const { [code]: mine } = answer.content['application/problem+json']?.examples ?? {}
      if (!there) responses[status] = answer
      else if (mine !== undefined && !(code in examples)) {
        const content = {
          'application/problem+json': { ...there.content['application/problem+json'], examples: { ...examples, [code]: mine } },
        }
        responses[status] = { ...answer, ...there, description: `${there.description}, \`${code}\``, content }
      }
    }
  }
  route.schema = { ...route.schema, response: responses }
}
