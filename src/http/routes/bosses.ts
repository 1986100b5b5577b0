import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Shelf } from '../../arrays/shelf.js'
import { BossDocument, bossName, CrewName } from '../../boss/boss-document.js'
import { RetryPolicy } from '../../boss/terms.js'
import type { Workshop } from '../../workshop/contract.js'
import { preferHeaders } from '../prefer.js'
import { linkHeaders, maxPageLimit, pageFields, pageLimit } from '../page.js'
import { answer, ArrayLayout, arrayName, BossList, briefly, DryRun, header, problems, ref } from '../schemas.js'
import { handedOver, makeZeros } from '../shelved.js'
import { slicesOf, tableFields } from '../table.js'
import { traceHeaders, traceIn } from '../trace.js'

/** The path of everything that belongs to one Boss. */
export const bossParams = Type.Object({ boss: Type.String({ description: 'id or name' }) })

const NewBoss = Type.Object(
  {
    name: Type.Optional(Type.String({ pattern: bossName, description: 'unique among the Bosses that are not over' })),
    scheduler: Type.Optional(
      Type.Unsafe<Record<string, unknown> | null>({
        type: ['object', 'null'],
        description:
          'the policy, as in taylorism: {"limit": "threads", "max_threads": N, "singlefile"?, "binded"?}, {"limit": "memory", "max_memory"?, "memory_per_task"?, "memory_max_percentage"?, "binded"?}, {"limit": "threads+memory", "max_threads": N, and as memory} {"nosort": true}, or {"scheduler": name, …settings} of a plugin; half the cores as threads when absent or null. GET /v1/schedulers tells more',
      }),
    ),
    ...tableFields,
    arrays: Type.Optional(
      Type.Record(Type.String({ pattern: arrayName }), ArrayLayout, {
        additionalProperties: false,
        description: 'shared arrays of zeros, by name; PUT …/arrays/{name} gives others',
      }),
    ),
    start: Type.Optional(Type.Boolean({ default: true, description: 'false: halted until told to work' })),
    end: Type.Optional(Type.Boolean({ default: false, description: 'true: takes no more instructions and is over when these are done' })),
    on_error: Type.Optional(
      Type.Enum(['continue', 'stop'], { default: 'continue', description: 'stop: the first failure stops the others' }),
    ),
    verbose: Type.Optional(Type.Boolean({ default: false, description: 'true: the log has who started, and what each success reported' })),
    maxlenreport: Type.Optional(
      Type.Integer({ minimum: 0, default: 1024, description: 'characters of a report that are logged; the report itself is not cut' }),
    ),
    retry: Type.Optional(RetryPolicy),
    crew: Type.Optional(CrewName),
  },
  {
    title: 'NewBoss',
    additionalProperties: false,
    examples: [
      {
        name: 'nightly',
        scheduler: { limit: 'threads', max_threads: 4 },
        common_instructions: { kind: 'sleeper' },
        individual_instructions: { sleeping_time: [1, 2] },
      },
    ],
  },
)

/** What can be done with a Boss that was just made. */
const bossLinks = Object.fromEntries(
  [
    'getBoss removeBoss appendInstructions listInstructions cancelInstructions changeInstructions work halt end stop retry getReport',
    'listArrays putArray listenToBoss',
  ]
    .join(' ')
    .split(' ')
    .map((operationId) => [operationId, { operationId, parameters: { boss: '$response.body#/id' } }]),
)

/** Bosses: made, listed, looked at, removed. */
export const bosses: FastifyPluginAsyncTypebox<{ workshop: Workshop; maxRows: number; shelf: Shelf }> = async (
  app,
  { workshop, maxRows, shelf },
) => {
  app.post(
    '/v1/bosses',
    {
      config: { briefly: 201 },
      links: { 201: bossLinks },
      schema: {
        operationId: 'createBoss',
        tags: ['bosses'],
        summary: 'Create a Boss',
        description: 'With instructions or without. Durable before it is answered; all or nothing.',
        headers: Type.Object({ ...preferHeaders.properties, ...traceHeaders.properties }),
        querystring: Type.Object(
          {
            dry_run: Type.Optional(
              Type.Boolean({ default: false, description: 'say what each row would become, or what is refused, and make nothing' }),
            ),
          },
          { additionalProperties: false },
        ),
        body: NewBoss,
        response: {
          200: ref(DryRun, 'of a dry run'),
          201: answer(BossDocument, 'the Boss', header.location),
          204: { ...briefly, headers: { ...briefly.headers, ...header.location } },
          ...problems(
            'bad-json',
            'stalled',
            'name-taken',
            'too-large',
            'unsupported-type',
            'uneven-columns',
            'no-adequate-worker',
            'ambiguous-worker',
            'unknown-attribute-token',
            'never-fits',
            'missing-array',
            'invalid',
            'draining',
            'not-ready',
            'store-refuses',
          ),
        },
      },
    },
    async ({ body, query, headers }, reply) => {
      const { common_instructions, individual_instructions, instructions, arrays: layouts = {}, scheduler, ...settings } = body
      // a dry run is one answer, so it takes what one page of a list holds
      const limit = query.dry_run ? Math.min(maxRows, maxPageLimit) : maxRows
      const rows = [...slicesOf({ common_instructions, individual_instructions, instructions }, limit)].flat()
      if (query.dry_run) {
        const arrays = Object.entries(layouts).map(([name, layout]) => ({ name, ...layout, place: '' }))
        return workshop.tryOut({ ...settings, scheduler: scheduler ?? undefined, rows, arrays })
      }
      const arrays = await makeZeros(shelf, layouts, settings.crew ?? 'local')
      const asked = { ...settings, scheduler: scheduler ?? undefined, rows, arrays, trace: traceIn(headers) }
      const boss = await handedOver(shelf, arrays, workshop.create(asked))
      reply.code(201).header('location', `/v1/bosses/${boss.id}`)
      return boss
    },
  )

  app.get(
    '/v1/bosses',
    {
      schema: {
        operationId: 'listBosses',
        tags: ['bosses'],
        summary: 'List Bosses',
        querystring: Type.Object(
          {
            ...pageFields,
            order: Type.Optional(Type.Enum(['oldest', 'newest'], { default: 'oldest', description: 'which come first' })),
          },
          { additionalProperties: false },
        ),
        response: { 200: answer(BossList, 'one page', header.link), ...problems('invalid') },
      },
    },
    async ({ query: { limit = pageLimit, after, order = 'oldest' }, url }, reply) => {
      const page = await workshop.bosses({ limit, order, ...(after !== undefined && { after }) })
      reply.headers(linkHeaders(url, page.next))
      return page
    },
  )

  app.get(
    '/v1/bosses/:boss',
    {
      schema: {
        operationId: 'getBoss',
        tags: ['bosses'],
        summary: 'Look at a Boss',
        params: bossParams,
        response: { 200: ref(BossDocument, 'the Boss'), ...problems('not-found') },
      },
    },
    async ({ params }) => workshop.boss(params.boss),
  )

  app.delete(
    '/v1/bosses/:boss',
    {
      schema: {
        operationId: 'removeBoss',
        tags: ['bosses'],
        summary: 'Remove a Boss that is over, with its instructions and reports',
        params: bossParams,
        response: { 204: Type.Null({ description: 'removed' }), ...problems('not-found', 'boss-not-over', 'store-refuses') },
      },
    },
    async ({ params }, reply) => {
      await workshop.remove(params.boss)
      reply.code(204)
      return null
    },
  )
}
