import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { Refusal } from '../../boss/errors.js'
import type { Feed } from '../../feed.js'
import type { Workshop } from '../../workshop/contract.js'
import { problems } from '../schemas.js'
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
      Type.Integer({ minimum: 0, description: 'seq after which to begin; 0 = the oldest kept, absent = only what happens from now on' }),
    ),
  },
  { additionalProperties: false },
)
const description =
  'A WebSocket. Each text message is one JSON array of events `{seq, at, boss, instruction?, type, …}`. `instruction.progress` is in no log and has no `seq`. What the client says is ignored.'

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
      response: { 101: Type.Null({ description: 'events follow' }), ...problems('not-found', 'invalid', 'upgrade-required') },
    },
    preHandler: async (request) => {
      request.listenedBoss = (await workshop.boss(request.params.boss)).id
    },
    handler: upgradeRequired,
    wsHandler: (socket, { socket: connection, listenedBoss, query }) => tell(socket, connection, feed, listenedBoss, query.since),
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
      response: { 101: Type.Null({ description: 'events follow' }), ...problems('invalid', 'upgrade-required') },
    },
    handler: upgradeRequired,
    wsHandler: (socket, { socket: connection, query }) => tell(socket, connection, feed, undefined, query.since),
  })
}

function upgradeRequired(_request: unknown, reply: FastifyReply): never {
  reply.headers({ connection: 'upgrade', upgrade: 'websocket' })
  throw new Refusal('upgrade-required', 'events come over a WebSocket; connect with a WebSocket client to this address (ws://…)')
}
