import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Workshop } from '../../workshop/contract.js'
import { Pruned, problems, ref } from '../schemas.js'

const Prune = Type.Object(
  {
    older_than: Type.Optional(Type.Number({ minimum: 0, description: 's since they were over: those go that were over before' })),
    keep: Type.Optional(Type.Integer({ minimum: 0, description: 'so many of the newest stay' })),
    max_bytes: Type.Optional(
      Type.Integer({ minimum: 0, description: 'of the database and of what programs wrote: the oldest go until it is no more' }),
    ),
    dry_run: Type.Optional(Type.Boolean({ default: false, description: 'true: say what would go, remove nothing' })),
  },
  {
    title: 'Prune',
    additionalProperties: false,
    description: 'one limit is enough to go; without any, the limits of the daemon (--keep-days, --keep-bosses, --keep-mib)',
    examples: [{ older_than: 604_800, dry_run: true }],
  },
)

/** Old Bosses removed at once, instead of when the daemon next looks. */
export const prune: FastifyPluginAsyncTypebox<{ workshop: Workshop }> = async (app, { workshop }) => {
  app.post(
    '/v1/prune',
    {
      schema: {
        operationId: 'prune',
        tags: ['operations'],
        summary: 'Remove old Bosses',
        description:
          'Bosses that are over go with their instructions, reports, outputs and arrays; an unfinished one never does. They are gone when it is answered; their room on the disk is given back soon after.',
        body: Type.Optional(Prune),
        response: { 200: ref(Pruned, 'what was removed'), ...problems('bad-json', 'unsupported-type', 'invalid', 'store-refuses') },
      },
    },
    async ({ body }) => workshop.prune(body),
  )
}
