import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { invalid } from '../../boss/errors.js'
import { chooseScheduler, type PolicyDocument } from '../../scheduler/choose.js'
import type { Machine } from '../../scheduler/policies.js'
import { preview } from '../../scheduler/preview.js'
import { maxPageLimit } from '../page.js'
import { PreviewDocument, problems, ref, SchedulerList } from '../schemas.js'

// one decision is one answer, so it takes what one page of a list holds
const Rows = (description: string) =>
  Type.Array(Type.Unsafe<Record<string, unknown>>({ type: 'object' }), { maxItems: maxPageLimit, description })

const Preview = Type.Object(
  {
    scheduler: Type.Unsafe<Record<string, unknown>>({ type: 'object', description: 'the policy, as in taylorism' }),
    pending: Rows('what waits, in order of arrival: `name`, and `memory`, `expected_time`, `fileA`, `fileB` as the policy reads them'),
    workers: Type.Optional(Rows('what runs: `scheduler_ticket`, `memory`, `fileA`, `fileB` as the policy reads them; nothing when absent')),
    cpu_count: Type.Optional(Type.Integer({ minimum: 1, description: 'as if on a machine of so many CPUs; this one when absent' })),
    system_memory_mib: Type.Optional(
      Type.Number({ minimum: 0, description: 'as if on a machine of so much memory; this one when absent' }),
    ),
  },
  {
    title: 'PreviewRequest',
    additionalProperties: false,
    examples: [
      {
        scheduler: { limit: 'memory', max_memory: 1000 },
        pending: [
          { name: 'large', memory: 900 },
          { name: 'small', memory: 100 },
        ],
        workers: [{ name: 'running', scheduler_ticket: 0, memory: 500 }],
      },
    ],
  },
)

/** Policies: listed, and one decision of one of them tried on paper. */
export const schedulers: FastifyPluginAsyncTypebox<{ machine: Machine; policies: readonly PolicyDocument[] }> = async (
  app,
  { machine, policies },
) => {
  app.get(
    '/v1/schedulers',
    {
      schema: {
        operationId: 'listSchedulers',
        tags: ['house'],
        summary: 'See which schedulers there are, how each is chosen and what can be set',
        response: { 200: ref(SchedulerList, 'policies of the program, defaults as on this machine, and those of plugins'), ...problems() },
      },
    },
    async () => ({ items: [...policies] }),
  )

  app.post(
    '/v1/schedulers/preview',
    {
      schema: {
        operationId: 'previewScheduler',
        tags: ['house'],
        summary: 'See what a scheduler would start now',
        description:
          'One decision of the code that decides for Bosses, over lists, on a machine that has room for everything. Nothing runs, and what can never fit is kept, not refused.',
        body: Preview,
        response: { 200: ref(PreviewDocument, 'the decision'), ...problems('bad-json', 'too-large', 'unsupported-type', 'invalid') },
      },
    },
    async ({ body }) => {
      const { scheduler, pending, workers = [], cpu_count = machine.cpus, system_memory_mib = machine.memoryMiB } = body
      if (scheduler['scheduler'] != null)
        throw invalid(
          'a scheduler of a plugin decides for its Bosses only; previewed are those of the program, which GET /v1/schedulers lists without a file',
          {
            scheduler,
          },
        )
      return preview(chooseScheduler(scheduler, { cpus: cpu_count, memoryMiB: system_memory_mib }), pending, workers)
    },
  )
}
