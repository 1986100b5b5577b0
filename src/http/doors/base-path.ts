import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'

/**
 * Takes the path off under which a proxy shows the daemon. A proxy may have done so itself, and probes come past it: what is not under the path is
 * taken as it is.
 */
export const withoutBase =
  (base: string) =>
  ({ url = '/' }: IncomingMessage): string => {
    const rest = url.slice(base.length)
    return url.startsWith(base) && /^(?:$|[/?])/.test(rest) ? rest.replace(/^(?!\/)/, '/') : url
  }

/** Puts the path before the addresses that answers lead to. */
export function leadUnder(app: FastifyInstance, base: string): void {
  app.addHook('onSend', async (_request, reply) => {
    const location = reply.getHeader('location')
    const link = reply.getHeader('link')
    if (typeof location === 'string' && location.startsWith('/')) reply.header('location', base + location)
    if (typeof link === 'string') reply.header('link', link.replaceAll('</', `<${base}/`))
  })
}
