import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Workshop } from '../../workshop/contract.js'
import { problems, ref, Draining } from '../schemas.js'
import { Nothing, noOtherBody } from './signals.js'

/** How the daemon is asked to go down, as by SIGTERM. */
export interface GoDown {
  /** How long running work may go on. */
  readonly graceSeconds: number
  ask(): void
}

/** Going down. */
export const drain: FastifyPluginAsyncTypebox<{ workshop: Workshop; goDown: GoDown; uploadIdleMs: number }> = async (
  app,
  { workshop, goDown, uploadIdleMs },
) => {
  noOtherBody(app, uploadIdleMs)

  app.post(
    '/v1/drain',
    {
      schema: {
        operationId: 'drain',
        tags: ['operations'],
        summary: 'Let the daemon go down, as SIGTERM does',
        description:
          'Nothing new starts, new work is refused with `draining`, `/readyz` says `not-ready`. What runs has `grace` seconds; what is not done ' +
          'by then is broken off and tried again after the next start. Then the process ends with 0. Asked again, it answers the same.',
        body: Nothing,
        response: {
          202: ref(Draining, 'it goes down; what still runs'),
          ...problems('bad-json', 'stalled', 'unsupported-type', 'invalid'),
        },
      },
    },
    async (_request, reply) => {
      goDown.ask()
      const workers = await workshop.workers()
      const items = workers.filter(({ instruction }) => instruction !== undefined)
      reply.code(202)
      return { grace: goDown.graceSeconds, working: items.length, items }
    },
  )
}
