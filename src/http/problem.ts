import { STATUS_CODES } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal, type RefusalCode } from '../boss/errors.js'
import { discardRest } from './leftover.js'

/** The HTTP status of each refusal, and of `internal`, a bug of ours. Codes are part of the API; a status may only be refined. */
export const statusOf: Readonly<Record<RefusalCode | 'internal', number>> = {
  'bad-json': 400,
  'not-found': 404,
  'name-taken': 409,
  'boss-not-listening': 409,
  'boss-halted': 409,
  'boss-not-over': 409,
  'already-done': 409,
  'array-in-use': 409,
  'too-large': 413,
  'unsupported-type': 415,
  'uneven-columns': 422,
  'no-adequate-worker': 422,
  'ambiguous-worker': 422,
  'unknown-attribute-token': 422,
  'never-fits': 422,
  'missing-array': 422,
  invalid: 422,
  'upgrade-required': 426,
  internal: 500,
  draining: 503,
  'not-ready': 503,
  'store-refuses': 507,
}

const problemType = 'application/problem+json'
const retryAfterSeconds = 5

/** The refusal of a body that is neither JSON nor what else the route takes. */
export function unsupportedType(): Refusal {
  return new Refusal(
    'unsupported-type',
    "the body's content type is not taken here; use `curl --json` or -H 'Content-Type: application/json'",
  )
}

/** What fastify itself refuses, in our codes; anything else it throws with a 4xx status is `invalid`. */
const refusalOfFastify: Readonly<Record<string, (error: Error) => Refusal>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () =>
    new Refusal(
      'too-large',
      'the JSON body is over 64 MiB; send the rows as application/x-ndjson to …/instructions, which has no such limit',
    ),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: unsupportedType,
  FST_ERR_BAD_URL: (error) => new Refusal('not-found', error.message),
  FST_ERR_MAX_PARAM_LENGTH: () =>
    new Refusal('not-found', 'nothing has so long a name; a Boss has an id or a name of at most 128 characters'),
}

/** The refusal that an error stands for; undefined for a bug of ours. */
export function refusalOf(error: Error & { code?: string; statusCode?: number }): Refusal | undefined {
  if (error instanceof Refusal) return error
  const known = refusalOfFastify[error.code ?? '']
  if (known) return known(error)
  const { statusCode = 500 } = error
  return statusCode >= 400 && statusCode < 500 ? new Refusal('invalid', error.message) : undefined
}

/** Fastify's error handler: answers with a problem (RFC 9457). What is no refusal is a bug: it is logged with its stack and not told. */
export function answerProblem(error: Error & { code?: string; statusCode?: number }, request: FastifyRequest, reply: FastifyReply) {
  if (!request.raw.complete) {
    // fastify would close at once, and a client that still sends would see a reset instead of this answer
    reply.removeHeader('connection')
    discardRest(request.raw)
  }
  const left = request.raw.destroyed && !request.raw.complete
  const refusal = refusalOf(error)
  if (!refusal && !left) request.log.error({ err: error }, 'a bug: this error is no refusal')
  const code = refusal?.code ?? 'internal'
  const status = statusOf[code]
  if (refusal && status >= 500) request.log.warn({ code, detail: refusal.message }, 'refused')
  if (status === 503) reply.header('retry-after', retryAfterSeconds)
  const detail = refusal?.message ?? 'an error inside taylord; its log tells more under this request id'
  const facts = refusal?.facts ?? { request: request.id }
  const fixed = { type: 'about:blank', title: STATUS_CODES[status], status, code, detail }
  // twice: first for the order in which a person reads it, last because no fact may replace them
  return reply
    .code(status)
    .type(problemType)
    .send(JSON.stringify({ ...fixed, ...facts, ...fixed }))
}

/** Fastify's handler for routes that do not exist. */
export function answerNotFound(request: FastifyRequest, reply: FastifyReply) {
  const [path] = request.url.split('?')
  return answerProblem(
    new Refusal('not-found', `there is no ${request.method} ${path}; GET /openapi.yaml lists what there is`),
    request,
    reply,
  )
}
