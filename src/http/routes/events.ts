import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { invalid, Refusal } from '../../boss/errors.js'
import type { Form } from '../../boss/event.js'
import type { Feed } from '../../feed.js'
import { View } from '../../feed/telling.js'
import type { Workshop } from '../../workshop/contract.js'
import { Events } from '../event-schema.js'
import { problems, ref } from '../schemas.js'
import { declineIfNear, tell } from '../sockets.js'
import { EventStream, type Asked } from '../stream.js'
import { bossParams } from './bosses.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** what is asked of the feed, found before an upgrade so that what is wrong with it is an HTTP answer */
    asked: Asked | null
  }
}

const eventStream = 'text/event-stream'
const outcomes = 'succeeded|failed|cancelled'
const fields = {
  since: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'seq after which to begin; 0 = the oldest kept, absent = only what happens from now on',
    }),
  ),
  last: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description:
        'so many entries of the log at most before what happens from now on, up to a sixteenth less, so that many who ask share what is read; a `gap` stands for what is behind `since` and before them',
    }),
  ),
  brief: Type.Optional(
    Type.Boolean({
      default: false,
      description:
        'true: reports as `instructions.reported`, those that a worker gave in together as one, without what they handed back, ten times a second at most; no `instruction.started` where its report is told together with it; for who draws what goes on. With `kind` or `outcome` each report is told by itself',
    }),
  ),
  kind: Type.Optional(
    Type.String({ minLength: 1, description: 'only reports of these kinds, separated by commas, and what becomes of Bosses' }),
  ),
  outcome: Type.Optional(
    Type.String({
      pattern: `^(${outcomes})(,(${outcomes}))*$`,
      description: 'only reports with these outcomes, separated by commas, and what becomes of Bosses',
    }),
  ),
}
type Query = { since?: number; last?: number; brief?: boolean; kind?: string; outcome?: string }
const bossesField = Type.Optional(Type.String({ minLength: 1, description: 'only of these Bosses, ids or names, separated by commas' }))

const description = `A WebSocket, each text message one JSON array, \`Events\`; or with \`Accept: ${eventStream}\` a stream of server-sent events, one each, whose id is its \`seq\`, with a comment every 15 s. \`Last-Event-ID\` goes before \`since\`. \`gap\` stands for what is kept no more (\`from\`, \`to\`), or was too much for a reader that stalled. \`instruction.progress\` is in no log and has no \`seq\`. What the client says is ignored.`
const headers = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({ pattern: '^\\d{1,15}$', description: 'the `seq` after which to begin, as a browser sends it' }),
  ),
})
const stream = {
  description: 'events follow, each an `Event` as `data` of one server-sent event',
  headers: {
    'Cache-Control': { type: 'string', const: 'no-store' },
    'X-Accel-Buffering': { type: 'string', const: 'no', description: 'a proxy shall pass it on at once' },
  },
  content: { [eventStream]: { schema: Type.String() } },
}
const messages = {
  description: 'events follow; each text message looks like this',
  content: { 'application/json': { schema: Type.Unsafe<never>(ref(Events)) } },
}

/** Events as they are committed, of one Boss or of all. */
export const events: FastifyPluginAsyncTypebox<{ workshop: Workshop; feed: Feed; closing: AbortSignal }> = async (
  app,
  { workshop, feed, closing },
) => {
  app.decorateRequest('asked', null)

  app.route({
    method: 'GET',
    url: '/v1/bosses/:boss/events',
    exposeHeadRoute: false,
    schema: {
      operationId: 'listenToBoss',
      tags: ['reports'],
      summary: 'Follow the events of a Boss',
      description: `${description} After \`boss.over\` the socket closes with 1000, the stream ends, and who comes again for it gets 204.`,
      params: bossParams,
      headers,
      querystring: Type.Object(fields, { additionalProperties: false }),
      response: {
        101: messages,
        200: stream,
        204: Type.Null({ description: 'the Boss is over and nothing follows: do not come again' }),
        ...problems('not-found', 'invalid', 'upgrade-required'),
      },
    },
    preHandler: async (request) => {
      const boss = (await workshop.boss(request.params.boss)).id
      request.asked = asking(request, request.query, [boss], boss)
    },
    handler,
    wsHandler,
  })

  app.route({
    method: 'GET',
    url: '/v1/events',
    exposeHeadRoute: false,
    schema: {
      operationId: 'listen',
      tags: ['reports'],
      summary: 'Follow the events of all Bosses',
      description,
      headers,
      querystring: Type.Object({ boss: bossesField, ...fields }, { additionalProperties: false }),
      response: { 101: messages, 200: stream, ...problems('not-found', 'invalid', 'upgrade-required') },
    },
    preHandler: async (request) => {
      const refs = request.query.boss?.split(',')
      const bosses = refs && (await Promise.all(refs.map(async (ref) => (await workshop.boss(ref)).id)))
      request.asked = asking(request, request.query, bosses, undefined)
    },
    handler,
    wsHandler,
  })

  async function handler({ asked, headers }: FastifyRequest, reply: FastifyReply) {
    if (!asked || !takesStream(headers.accept)) return upgradeRequired(reply)
    const { boss, since, view } = asked
    if (boss !== undefined && since !== undefined && (await feed.isDone(view, boss, since))) return reply.code(204).send()
    // a proxy that gathers what it passes on would hold events back
    reply.type(eventStream).headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
    return reply.send(new EventStream(feed, asked, closing))
  }

  function wsHandler(socket: Parameters<typeof tell>[0], { asked, raw }: FastifyRequest) {
    if (asked) tell(socket, raw.socket, feed, asked)
  }
}

function asking(
  { headers, raw }: FastifyRequest,
  { since, last, brief, kind, outcome }: Query,
  bosses: number[] | undefined,
  boss: number | undefined,
): Asked {
  const form: Form = takesStream(headers.accept) && headers.upgrade === undefined ? 'stream' : 'array'
  const lastId = headers['last-event-id']
  if (lastId !== undefined && !/^\d{1,15}$/.test(String(lastId))) throw invalid('Last-Event-ID takes the id of an event, a whole number')
  declineIfNear(raw)
  // many reports as one have no one kind and outcome
  const isBrief = brief && kind === undefined && outcome === undefined
  const view = new View({ bosses, kinds: kind?.split(','), outcomes: outcome?.split(','), ...(isBrief && { brief }) }, form)
  return { view, boss, since: lastId === undefined ? since : Number(lastId), last }
}

const takesStream = (accept: string | undefined) => accept?.includes(eventStream) ?? false

function upgradeRequired(reply: FastifyReply): never {
  reply.headers({ connection: 'upgrade', upgrade: 'websocket' })
  throw new Refusal(
    'upgrade-required',
    `events come over a WebSocket, or as a stream to who sends Accept: ${eventStream}, as in curl -N -H 'Accept: ${eventStream}'`,
  )
}
