import type { Readable } from 'node:stream'
import type { DoneFuncWithErrOrRes, FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { Type } from 'typebox'
import { invalid, Refusal } from '../boss/errors.js'
import type { Workshop } from '../workshop/contract.js'
import { Once, once } from '../workshop/once.js'
import { isArriving } from './body.js'
import { Fingerprint } from './fingerprint.js'
import { addAnswerHeader, addHeaders, addProblems } from './route-schema.js'

/** The header with which a client says that its call shall be carried out once, however often it is sent. */
const keyHeader = 'idempotency-key'
const keyPattern = /^[\x21-\x7e]{1,255}$/
/** An answer that holds a secret is not kept. */
const forgetful = new Set(['/v1/tokens'])

/**
 * `Idempotency-Key` on every POST: the same key with the same method, address and body is carried out once and gets the same answer, for 24 hours,
 * whatever becomes of the connection or the daemon: the answer is committed together with what was done. What was refused may be tried again.
 * Each caller has keys of its own.
 * @see draft-ietf-httpapi-idempotency-key-header
 */
export function answerOnce(app: FastifyInstance, workshop: Pick<Workshop, 'answers'>): void {
  const inProgress = new Map<string, FastifyRequest>()
  const fingerprints = new WeakMap<FastifyRequest, Fingerprint>()
  const calls = new WeakMap<FastifyRequest, Once>()

  app.addHook('onRoute', describeKey)

  app.addHook('preParsing', (request, _reply, payload, done) => {
    if (keyOf(request) !== undefined) fingerprints.set(request, new Fingerprint(request.method, request.url, payload as Readable))
    done(null, payload)
  })

  app.addHook('preHandler', (request, reply, done) => {
    const key = keyOf(request)
    if (key === undefined) return done()
    begin(key, request, reply).then((call) => call && once.run(call, done), done)
  })

  app.addHook('onSend', (request, reply, payload, done) => {
    const key = keyOf(request)
    if (key === undefined) return done(null, payload)
    void settle(key, request, reply, payload, done)
  })

  /** What was done is on disk with its answer; then the key may come again. */
  async function settle(
    key: string,
    request: FastifyRequest,
    { statusCode }: FastifyReply,
    payload: unknown,
    done: DoneFuncWithErrOrRes,
  ): Promise<void> {
    const call = calls.get(request)
    try {
      if (call && !call.answered && statusCode < 300)
        await workshop.answers.keep(call, statusCode, typeof payload === 'string' ? payload : '')
    } catch (error) {
      // what changes nothing is answered also while the store refuses, and may be asked again
      if (!(error instanceof Refusal) || error.code !== 'store-refuses') return done(error as Error)
    }
    if (inProgress.get(key) === request) inProgress.delete(key)
    done(null, payload)
  }

  /** @returns undefined when it was answered. */
  async function begin(key: string, request: FastifyRequest, reply: FastifyReply): Promise<Once | undefined> {
    if (!keyPattern.test(String(request.headers[keyHeader])))
      throw invalid('Idempotency-Key takes 1 to 255 visible ASCII characters, such as a UUID', {
        asked: String(request.headers[keyHeader]).slice(0, 255),
      })
    if (inProgress.has(key))
      throw new Refusal('idempotency-in-progress', 'a call with this Idempotency-Key is being carried out; ask again for its answer', {
        key: request.headers[keyHeader],
      })
    inProgress.set(key, request)
    const fingerprint = () => fingerprints.get(request)?.text ?? ''
    const kept = await workshop.answers.kept(key)
    if (!kept) {
      const call = new Once(key, fingerprint)
      calls.set(request, call)
      return call
    }
    if (isArriving(request.body)) for await (const _ of request.body);
    if (fingerprint() !== kept.fingerprint)
      throw new Refusal(
        'idempotency-conflict',
        'another call was made with this Idempotency-Key: method, address or body differ; give each call a key of its own',
        { key: request.headers[keyHeader] },
      )
    const status = kept.status ?? (creates(request) ? 201 : 200)
    const id = status === 201 && (JSON.parse(kept.answer) as { id?: number }).id
    if (id) reply.header('location', `${request.url.split('?')[0]}/${id}`)
    reply.code(status).header('idempotency-replayed', 'true').type('application/json; charset=utf-8')
    await reply.send(kept.answer)
    return undefined
  }
}

/** The key of a call that is to be carried out once; undefined of all others. */
function keyOf(request: FastifyRequest): string | undefined {
  const { [keyHeader]: key } = request.headers
  if (typeof key !== 'string' || request.method !== 'POST') return undefined
  const { url } = request.routeOptions
  return url !== undefined && !forgetful.has(url) ? `${request.caller}${key}` : undefined
}

/** Whether a call to this route makes something new when it does anything. */
const creates = ({ routeOptions }: FastifyRequest) => '201' in ((routeOptions.schema?.response ?? {}) as object)

const headers = Type.Object({
  [keyHeader]: Type.Optional(
    Type.String({
      pattern: keyPattern.source,
      description: 'the call is carried out once, however often it is sent with this key, such as a UUID; kept for 24 hours',
      examples: ['0b9b3c1e-6a56-4c7a-9c57-0d1c5d3a8f10'],
    }),
  ),
})

/** Says in a route's schema that it takes a key, and what is refused for one. */
function describeKey(route: RouteOptions): void {
  if (route.method !== 'POST' || forgetful.has(route.url)) return
  addHeaders(route, headers)
  addAnswerHeader(route, 'Idempotency-Replayed', { type: 'string', enum: ['true'], description: 'this was answered before' })
  addProblems(route, 'idempotency-in-progress', 'idempotency-conflict')
}
