import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal, type RefusalCode } from '../boss/errors.js'
import { Unwritable } from '../store/store.js'
import { discardRest } from './leftover.js'
import { STATUS_CODES } from './status.js'

/** What a problem may be: a refusal, or `internal`, a bug of ours. */
export type Code = RefusalCode | 'internal'

/** The HTTP status of each refusal, and of `internal`, a bug of ours. Codes are part of the API; a status may only be refined. */
export const statusOf: Readonly<Record<Code, number>> = {
  'bad-json': 400,
  'bad-request': 400,
  unauthorized: 401,
  forbidden: 403,
  'bad-origin': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  stalled: 408,
  'name-taken': 409,
  'boss-not-listening': 409,
  'boss-halted': 409,
  'boss-not-over': 409,
  'already-done': 409,
  'array-in-use': 409,
  'idempotency-in-progress': 409,
  'too-large': 413,
  'unsupported-type': 415,
  'uneven-columns': 422,
  'no-adequate-worker': 422,
  'ambiguous-worker': 422,
  'unknown-attribute-token': 422,
  'never-fits': 422,
  'missing-array': 422,
  'bad-host': 421,
  'idempotency-conflict': 422,
  invalid: 422,
  'upgrade-required': 426,
  'too-many-requests': 429,
  'headers-too-large': 431,
  internal: 500,
  draining: 503,
  'not-ready': 503,
  'store-refuses': 507,
}

const problemType = 'application/problem+json'
const retryAfterSeconds = 5
const soonSeconds = 1

/** The refusal of a body that is neither JSON nor what else the route takes. */
export function unsupportedType({ headers, routeOptions }: FastifyRequest): Refusal {
  const { content = { 'application/json': {} } } = (routeOptions.schema?.body ?? {}) as { content?: Readonly<Record<string, unknown>> }
  return new Refusal(
    'unsupported-type',
    "the body's content type is not taken here; use `curl --json` or -H 'Content-Type: application/json'",
    { asked: headers['content-type'] ?? null, available: Object.keys(content) },
  )
}

/** What fastify itself refuses, in our codes; anything else it throws with a 4xx status is `invalid`. */
const refusalOfFastify: Readonly<Record<string, (error: Error, request: FastifyRequest) => Refusal>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: (_error, request) => unsupportedType(request),
  FST_ERR_BAD_URL: (error, { url }) => new Refusal('not-found', error.message, { asked: url }),
  FST_ERR_MAX_PARAM_LENGTH: (_error, { url }) =>
    new Refusal('not-found', 'nothing has so long a name; a Boss has an id or a name of at most 128 characters', {
      asked: url.slice(0, 1_000),
    }),
}

/** The refusal that an error stands for; undefined for a bug of ours. */
function refusalOf(error: Error & { code?: string; statusCode?: number }, request: FastifyRequest): Refusal | undefined {
  if (error instanceof Refusal) return error
  const known = refusalOfFastify[error.code ?? '']
  if (known) return known(error, request)
  const { statusCode = 500 } = error
  return statusCode >= 400 && statusCode < 500 ? new Refusal('invalid', error.message) : undefined
}

/** Fastify's error handler: answers with a problem (RFC 9457). What is no refusal is a bug: it is logged with its stack and not told. */
export function answerProblem(error: Error & { code?: string; statusCode?: number }, request: FastifyRequest, reply: FastifyReply) {
  const refusal = refusalOf(error, request)
  const { complete, destroyed } = request.raw
  const left = destroyed && !complete
  if (refusal?.code === 'stalled') reply.header('connection', 'close')
  else if (!complete) {
    // fastify would close at once, and a client that still sends would see a reset instead of this answer
    reply.removeHeader('connection')
    discardRest(request.raw)
  }
  if (!refusal && !left) request.log.error({ reqId: request.id, err: error }, 'a bug: this error is no refusal')
  const code = refusal?.code ?? 'internal'
  const status = statusOf[code]
  if (refusal && status >= 500) request.log.warn({ reqId: request.id, code, detail: refusal.message }, 'refused')
  const retryAfter = code === 'idempotency-in-progress' ? soonSeconds : status === 503 ? retryAfterSeconds : undefined
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
  if (code === 'unsupported-type' && request.headers['content-encoding']) reply.header('accept-encoding', 'gzip')
  const inside = error instanceof Unwritable ? `: the database can never take this (${error.message}), and nothing of it was kept` : ''
  const detail = refusal?.message ?? `an error inside taylord${inside}; its log tells more under this request id`
  return reply
    .code(status)
    .type(problemType)
    .send(textOfProblem(code, detail, refusal?.facts ?? { request: request.id }))
}

function textOfProblem(code: Code, detail: string, facts: Readonly<Record<string, unknown>>): string {
  const status = statusOf[code]
  const fixed = { type: 'about:blank', title: STATUS_CODES[status], status, code, detail }
  // twice: first for the order in which a person reads it, last because no fact may replace them
  return JSON.stringify({ ...fixed, ...facts, ...fixed })
}

/** What Node says of a head that is none, or does not come. */
const refusalOfHead: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: new Refusal(
    'headers-too-large',
    'the address and the headers of a request have room in 16 KiB together; write less',
    { max_bytes: 16_384 },
  ),
  ERR_HTTP_REQUEST_TIMEOUT: new Refusal('stalled', 'the head of the request did not come within a minute; send it again'),
}

/** Fastify's handler for what is no HTTP request: answers with a problem, unless an answer has begun, and closes. */
export function answerNoRequest(error: Error & { code?: string }, socket: Socket & { _httpMessage?: { headersSent: boolean } }): void {
  if (!socket.writable || socket._httpMessage?.headersSent) return void socket.destroy()
  const { code, message, facts } =
    refusalOfHead[error.code ?? ''] ?? new Refusal('bad-request', `this is no HTTP request that can be read: ${error.message}`)
  const body = textOfProblem(code, message, facts)
  const status = statusOf[code]
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: ${problemType}\r\nContent-Length: ${Buffer.byteLength(body)}`
  socket.write(`${head}\r\nConnection: close\r\n\r\n${body}`)
  socket.destroySoon()
}

/**
 * Makes fastify's handler for routes that do not exist.
 * @param methodsOf methods that a path takes, none for one that there is not.
 */
export const notFoundAnswerer = (methodsOf: (path: string) => readonly string[]) => (request: FastifyRequest, reply: FastifyReply) => {
  const { method, url } = request
  const [path = ''] = url.split('?')
  const available = methodsOf(path)
  if (available.length === 0)
    return answerProblem(
      new Refusal('not-found', `there is no ${path}; GET /openapi.yaml lists what there is`, { asked: path }),
      request,
      reply,
    )
  reply.header('allow', available.join(', '))
  const refusal = new Refusal('method-not-allowed', `there is no ${method} of ${path}; it takes ${available.join(', ')}`, {
    asked: method,
    available,
  })
  return answerProblem(refusal, request, reply)
}
