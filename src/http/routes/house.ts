import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Workshop } from '../../workshop/contract.js'
import { Consistency, KindList, Resources, WorkerList, problems, ref } from '../schemas.js'

/** What belongs to the house and to no Boss: workers, kinds, the machine. */
export const house: FastifyPluginAsyncTypebox<{ workshop: Workshop }> = async (app, { workshop }) => {
  app.get(
    '/v1/workers',
    {
      schema: {
        operationId: 'listWorkers',
        tags: ['house'],
        summary: 'See who works where',
        response: { 200: ref(WorkerList, 'worker processes'), ...problems() },
      },
    },
    async () => ({ items: await workshop.workers() }),
  )

  app.get(
    '/v1/kinds',
    {
      schema: {
        operationId: 'listKinds',
        tags: ['house'],
        summary: 'See which worker kinds can be hired, and which plugins were left out and why',
        response: { 200: ref(KindList, 'worker kinds'), ...problems() },
      },
    },
    async () => workshop.kinds(),
  )

  app.get(
    '/v1/resources',
    {
      schema: {
        operationId: 'getResources',
        tags: ['house'],
        summary: 'See what the machine has and who holds it',
        response: { 200: ref(Resources, 'cores, memory, slots, places, store'), ...problems() },
      },
    },
    async () => workshop.resources(),
  )

  app.get(
    '/v1/debug/consistency',
    {
      schema: {
        operationId: 'checkConsistency',
        tags: ['house'],
        summary: 'Hold what the daemon has in memory against itself and against the store',
        description:
          'It reads what unfinished Bosses have stored: seconds where that is millions of rows. What it finds is a bug to report.',
        response: { 200: ref(Consistency, 'what was found'), ...problems() },
      },
    },
    async () => {
      const breaches = await workshop.consistency()
      return { consistent: breaches.length === 0, breaches }
    },
  )
}
