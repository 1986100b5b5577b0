import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { Refusal } from '../../boss/errors.js'
import type { Feed } from '../../feed.js'
import type { Workshop } from '../../workshop/contract.js'
import { Events } from '../event-schema.js'
import { problems, ref } from '../schemas.js'
import { tell } from '../sockets.js'
import { bossParams } from './bosses.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** the Boss whose events are asked for, found before the upgrade so that its absence is an HTTP answer */
    listenedBoss: number
  }
}

const querystring = Type.Object(
  {
    since: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'seq after which to begin; 0 = the oldest kept, absent = only what happens from now on',
      }),
    ),
  },
  { additionalProperties: false },
)
const description =
  'A WebSocket. Each text message is one JSON array, `Events`. `instruction.progress` is in no log and has no `seq`. What the client says is ignored.'

const messages = {
  description: 'events follow; each text message looks like this',
  content: { 'application/json': { schema: Type.Unsafe<never>(ref(Events)) } },
}

/** Events as they are committed, of one Boss or of all. */
export const events: FastifyPluginAsyncTypebox<{ workshop: Workshop; feed: Feed }> = async (app, { workshop, feed }) => {
  app.decorateRequest('listenedBoss', 0)

  app.route({
    method: 'GET',
    url: '/v1/bosses/:boss/events',
    schema: {
      operationId: 'listenToBoss',
      tags: ['reports'],
      summary: 'Follow the events of a Boss',
      description: `${description} After \`boss.over\` the socket closes with 1000.`,
      params: bossParams,
      querystring,
      response: { 101: messages, ...problems('not-found', 'invalid', 'upgrade-required') },
    },
    preHandler: async (request) => {
      request.listenedBoss = (await workshop.boss(request.params.boss)).id
    },
    handler: upgradeRequired,
    wsHandler: (socket, { listenedBoss, query }) => tell(socket, feed, listenedBoss, query.since),
  })

  app.route({
    method: 'GET',
    url: '/v1/events',
    schema: {
      operationId: 'listen',
      tags: ['reports'],
      summary: 'Follow the events of all Bosses',
      description,
      querystring,
      response: { 101: messages, ...problems('invalid', 'upgrade-required') },
    },
    handler: upgradeRequired,
    wsHandler: (socket, { query }) => tell(socket, feed, undefined, query.since),
  })
}

function upgradeRequired(_request: unknown, reply: FastifyReply): never {
  reply.headers({ connection: 'upgrade', upgrade: 'websocket' })
  throw new Refusal('upgrade-required', 'events come over a WebSocket; connect with a WebSocket client to this address (ws://…)')
}
