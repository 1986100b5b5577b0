import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { InstructionDocument } from '../../boss/instruction-document.js'
import type { Workshop } from '../../workshop/contract.js'
import { problems, ref } from '../schemas.js'
import { bossParams } from './bosses.js'
import { instructionParams } from './instructions.js'

/** The instructions that a filter means, among those that have not ended. */
const unendedFilter = {
  status: Type.Optional(Type.Enum(['pending', 'working'], { description: 'both when absent' })),
  kind: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
}
const reasonField = Type.Optional(
  Type.String({ minLength: 1, maxLength: 1_000, default: 'it was cancelled', description: 'why, for who reads its report' }),
)
const Priority = Type.Object(
  { priority: Type.Integer({ minimum: -(2 ** 31), maximum: 2 ** 31 - 1, description: 'larger first' }) },
  { title: 'Change', additionalProperties: false },
)
const Cancelled = Type.Object(
  {
    cancelled: Type.Integer({ minimum: 0 }),
    working: Type.Integer({ minimum: 0, description: 'how many of them had begun' }),
  },
  { title: 'Cancelled', description: 'how many were cancelled; those that run end later' },
)
const Changed = Type.Object({ changed: Type.Integer({ minimum: 0 }) }, { title: 'Changed', description: 'how many were changed' })

/** What can be done to instructions that were given: cancelled, moved ahead or back. */
export const orders: FastifyPluginAsyncTypebox<{ workshop: Workshop }> = async (app, { workshop }) => {
  app.delete(
    '/v1/bosses/:boss/instructions/:id',
    {
      schema: {
        operationId: 'cancelInstruction',
        tags: ['instructions'],
        summary: 'Cancel an instruction',
        description: 'One that runs is told to end (SIGTERM, its grace, then SIGKILL) and is reported as cancelled when it has.',
        params: instructionParams,
        querystring: Type.Object({ reason: reasonField }, { additionalProperties: false }),
        response: {
          200: ref(InstructionDocument, 'cancelled'),
          202: ref(InstructionDocument, 'it will end; it runs, or its worker has not given it back yet'),
          ...problems('not-found', 'already-done', 'invalid', 'store-refuses'),
        },
      },
    },
    async ({ params: { boss, id }, query: { reason = '' } }, reply) => {
      reply.code((await workshop.orders.cancel(boss, id, reason)) ? 200 : 202)
      return workshop.instruction(boss, id)
    },
  )

  app.delete(
    '/v1/bosses/:boss/instructions',
    {
      schema: {
        operationId: 'cancelInstructions',
        tags: ['instructions'],
        summary: 'Cancel the instructions that match, all that have not ended without a filter',
        params: bossParams,
        querystring: Type.Object({ ...unendedFilter, reason: reasonField }, { additionalProperties: false }),
        response: {
          200: Cancelled,
          ...problems('not-found', 'invalid', 'store-refuses'),
        },
      },
    },
    async ({ params: { boss }, query: { reason = '', ...filter } }) => workshop.orders.cancelMatching(boss, filter, reason),
  )

  app.patch(
    '/v1/bosses/:boss/instructions/:id',
    {
      schema: {
        operationId: 'changeInstruction',
        tags: ['instructions'],
        summary: 'Change the priority of an instruction',
        description: 'Of one that runs it counts if it has to be tried again.',
        params: instructionParams,
        body: Priority,
        response: {
          200: ref(InstructionDocument, 'as it is now'),
          ...problems('bad-json', 'not-found', 'already-done', 'unsupported-type', 'invalid', 'store-refuses'),
        },
      },
    },
    async ({ params: { boss, id }, body: { priority } }) => {
      await workshop.orders.prioritise(boss, id, priority)
      return workshop.instruction(boss, id)
    },
  )

  app.patch(
    '/v1/bosses/:boss/instructions',
    {
      schema: {
        operationId: 'changeInstructions',
        tags: ['instructions'],
        summary: 'Change the priority of the instructions that match, of all that have not ended without a filter',
        params: bossParams,
        querystring: Type.Object(unendedFilter, { additionalProperties: false }),
        body: Priority,
        response: {
          200: Changed,
          ...problems('bad-json', 'not-found', 'unsupported-type', 'invalid', 'store-refuses'),
        },
      },
    },
    async ({ params: { boss }, query, body: { priority } }) => ({
      changed: await workshop.orders.prioritiseMatching(boss, query, priority),
    }),
  )
}
