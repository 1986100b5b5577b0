import type { onSendHookHandler } from 'fastify'
import { Type } from 'typebox'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The status of the answer that a caller may do without. */
    briefly?: number
  }
}

const maxWaitSeconds = 3600

type Header = string | string[] | undefined
const preferencesOf = (header: Header) => [header ?? []].flat().join(',').split(',')

/**
 * Seconds that a caller is willing to wait.
 * @param header `Prefer` (RFC 7240), as in `respond-async, wait=10`.
 * @returns at most 3600; undefined when the header asks for no wait that can be understood, which RFC 7240 has us ignore.
 */
export function waitSeconds(header: Header): number | undefined {
  for (const preference of preferencesOf(header)) {
    const [, seconds] = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:;.*)?$/i.exec(preference) ?? []
    if (seconds !== undefined) return Math.min(Number(seconds), maxWaitSeconds)
  }
  return undefined
}

/** Whether a caller wants no more than to hear that it is done. */
export const wantsMinimal = (header: Header): boolean =>
  preferencesOf(header).some((preference) => /^\s*return\s*=\s*"?minimal"?\s*(?:;.*)?$/i.test(preference))

/** Leaves out an answer that the caller can do without, of a route that lets it. */
export const leaveOut: onSendHookHandler = (request, reply, payload, done) => {
  const { prefer } = request.headers
  if (prefer === undefined || reply.statusCode !== request.routeOptions.config.briefly || !wantsMinimal(prefer)) return done(null, payload)
  reply.code(204).removeHeader('content-type').removeHeader('content-length').header('preference-applied', 'return=minimal')
  done(null, null)
}

/** The headers of a call that may be answered with less. */
export const preferHeaders = Type.Object({
  prefer: Type.Optional(
    Type.String({ description: '`return=minimal`: 204 without a body instead of what is answered else', examples: ['return=minimal'] }),
  ),
})
