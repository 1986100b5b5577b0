import type { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { invalid } from '../../boss/errors.js'
import { InstructionDocument } from '../../boss/instruction-document.js'
import type { Row } from '../../boss/instruction.js'
import { causes } from '../../boss/report.js'
import type { Workshop } from '../../workshop/contract.js'
import { arriving, isArriving } from '../body.js'
import { rowsOfNdjson } from '../ndjson.js'
import { preferHeaders } from '../prefer.js'
import { linkHeaders, maxPageLimit, pageFields, pageLimit } from '../page.js'
import { answer, Appended, briefly, header, DryRun, InstructionList, problems, ref } from '../schemas.js'
import { slicesOf, tableFields, type Table } from '../table.js'
import { traceHeaders, traceIn } from '../trace.js'
import { bossParams } from './bosses.js'

const Append = Type.Object(
  { ...tableFields, fatal: Type.Optional(Type.Boolean({ default: false, description: 'true: a refusal also stops the Boss at once' })) },
  {
    title: 'Append',
    additionalProperties: false,
    description: 'exactly one of individual_instructions and instructions',
    examples: [{ common_instructions: { kind: 'sleeper' }, individual_instructions: { sleeping_time: [1, 2, 3] } }],
  },
)
// no type: what is validated is the stream, not its text
const Rows = Type.Unknown({ description: 'one JSON object a line, each a row; any length, lines up to 16 MiB' })

/** The path of one instruction. */
export const instructionParams = Type.Object({
  ...bossParams.properties,
  id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'of the instruction' }),
})

/** Instructions of a Boss: given, listed, looked at, and what they wrote. */
export const instructions: FastifyPluginAsyncTypebox<{
  workshop: Workshop
  maxRows: number
  uploadIdleMs: number
  closing: AbortSignal
}> = async (app, { workshop, maxRows, uploadIdleMs, closing }) => {
  // the stream itself is the body: rows are parsed while they arrive, at the pace of the workshop
  app.addContentTypeParser('application/x-ndjson', ({ headers }, payload, done) => done(null, arriving(payload, headers, uploadIdleMs)))

  app.post(
    '/v1/bosses/:boss/instructions',
    {
      config: { briefly: 201 },
      links: { 201: instructionLinks },
      schema: {
        operationId: 'appendInstructions',
        tags: ['instructions'],
        summary: 'Give a Boss instructions',
        description:
          'All or nothing, and durable before it is answered. A refusal names the row, or the line of NDJSON that is no JSON object.',
        params: bossParams,
        querystring: Type.Object(
          {
            dry_run: Type.Optional(
              Type.Boolean({ default: false, description: 'say what each row would become, or what is refused, and store nothing' }),
            ),
          },
          { additionalProperties: false },
        ),
        headers: Type.Object({ ...preferHeaders.properties, ...traceHeaders.properties }),
        body: { content: { 'application/json': { schema: Append }, 'application/x-ndjson': { schema: Rows } } },
        response: {
          200: ref(DryRun, 'of a dry run'),
          201: ref(Appended, 'stored'),
          204: briefly,
          ...problems(
            'bad-json',
            'stalled',
            'not-found',
            'name-taken',
            'boss-not-listening',
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
    async ({ params: { boss }, query, body, headers }, reply) => {
      // a dry run is one answer, so it takes what one page of a list holds
      const limit = query.dry_run ? Math.min(maxRows, maxPageLimit) : maxRows
      const { slices, fatal } = incoming(body, limit)
      try {
        if (query.dry_run) return await workshop.appends.dryRun(boss, await collected(slices))
        const appended = await workshop.appends.append(boss, slices, { fatal, trace: traceIn(headers) })
        reply.code(201)
        return appended
      } finally {
        // lets go of the upload also when the workshop refused without having read it
        void slices.return()
      }
    },
  )

  app.get(
    '/v1/bosses/:boss/instructions',
    {
      schema: {
        operationId: 'listInstructions',
        tags: ['instructions'],
        summary: 'List the instructions of a Boss',
        params: bossParams,
        querystring: Type.Object(
          {
            status: Type.Optional(Type.Enum(['pending', 'working', 'succeeded', 'failed', 'cancelled'])),
            kind: Type.Optional(Type.String()),
            name: Type.Optional(Type.String()),
            cause: Type.Optional(Type.Enum([...causes])),
            ...pageFields,
          },
          { additionalProperties: false },
        ),
        response: { 200: answer(InstructionList, 'one page', header.link), ...problems('not-found', 'invalid') },
      },
    },
    async ({ params: { boss }, query: { limit = pageLimit, ...filter }, url }, reply) => {
      const page = await workshop.instructions(boss, { limit, ...filter })
      reply.headers(linkHeaders(url, page.next))
      return page
    },
  )

  app.get(
    '/v1/bosses/:boss/instructions/:id',
    {
      schema: {
        operationId: 'getInstruction',
        tags: ['instructions'],
        summary: 'Look at an instruction and its attempts',
        params: instructionParams,
        response: { 200: ref(InstructionDocument, 'the instruction'), ...problems('not-found', 'invalid') },
      },
    },
    async ({ params }) => workshop.instruction(params.boss, params.id),
  )

  app.get(
    '/v1/bosses/:boss/instructions/:id/output',
    {
      schema: {
        operationId: 'getOutput',
        tags: ['instructions'],
        summary: 'Read what an instruction wrote, or follow what it writes',
        description:
          'Of a running attempt what it wrote by now. `Taylord-Cut: written=N, kept=M` when not all that an ended attempt wrote was kept: 64 MiB a stream, `--output-mib` a Boss, and not the last room of the disk.',
        params: instructionParams,
        querystring: Type.Object(
          {
            stream: Type.Optional(Type.Enum(['stdout', 'stderr'], { default: 'stdout' })),
            attempt: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'the newest when absent' })),
            follow: Type.Optional(
              Type.Boolean({
                default: false,
                description: 'true: go on with what is written until the attempt ends; of an instruction that waits, begin when it begins',
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          200: {
            description: 'the bytes',
            headers: { 'Taylord-Cut': { type: 'string', description: '`written=N, kept=M` in bytes, when not all was kept' } },
            content: { 'application/octet-stream': { schema: Type.Unsafe<Readable>({ type: 'string', format: 'binary' }) } },
          },
          ...problems('not-found', 'invalid'),
        },
      },
    },
    async ({ params: { boss, id }, query: { stream = 'stdout', attempt, follow = false } }, reply) => {
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      const signal = AbortSignal.any([gone.signal, closing])
      const { bytes, cut } = await workshop.output(boss, id, { stream, attempt, follow, signal })
      // whoever follows hears at once that there is something to follow
      reply.raw.once('pipe', () => reply.raw.flushHeaders())
      if (cut) reply.header('taylord-cut', `written=${cut.written}, kept=${cut.kept}`)
      return reply.type('application/octet-stream').send(bytes)
    },
  )
}

/** What can be done with the first of the instructions that were just given. */
const instructionLinks = Object.fromEntries(
  ['getInstruction', 'getOutput', 'cancelInstruction', 'changeInstruction'].map((operationId) => [
    operationId,
    { operationId, parameters: { boss: '$request.path.boss', id: '$response.body#/first' } },
  ]),
)

/** The rows of a body that its schema has let through: a stream of NDJSON, or an envelope. */
function incoming(
  body: unknown,
  maxRows: number,
): { slices: AsyncGenerator<Row[], void, undefined> | Generator<Row[], void, undefined>; fatal?: boolean } {
  if (isArriving(body)) return { slices: rowsOfNdjson(body, maxRows) }
  const { fatal, ...table } = (body ?? {}) as Table & { fatal?: boolean }
  if (!table.individual_instructions && !table.instructions) {
    throw invalid(
      'there are no instructions: give individual_instructions (columns) or instructions (rows), or rows as application/x-ndjson',
    )
  }
  return { slices: slicesOf(table, maxRows), fatal }
}

async function collected(slices: AsyncIterable<Row[]> | Iterable<Row[]>): Promise<Row[]> {
  const rows: Row[] = []
  for await (const slice of slices) rows.push(...slice)
  return rows
}
