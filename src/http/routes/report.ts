import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { ReportEntry } from '../../boss/report.js'
import type { ReportPage, Workshop } from '../../workshop/contract.js'
import { FailureList } from '../failure-schema.js'
import { limitField, pageLimit } from '../page.js'
import { waitSeconds } from '../prefer.js'
import { header, ReportDocument, problems, ref, withHeaders } from '../schemas.js'
import { bossParams } from './bosses.js'

const ndjson = 'application/x-ndjson'
const newline = 10
const comma = 44

/** Reports of a Boss, now or once it is over, in pages or as a stream. */
export const report: FastifyPluginAsyncTypebox<{ workshop: Workshop; closing: AbortSignal }> = async (app, { workshop, closing }) => {
  app.get(
    '/v1/bosses/:boss/report',
    {
      schema: {
        operationId: 'getReport',
        tags: ['reports'],
        summary: 'Read the report of a Boss',
        description:
          '`Accept: application/x-ndjson` streams every entry after `after`, one a line. `Prefer: wait=N` waits until the Boss is over, at most N (and 3600) ' +
          'seconds, and is then answered as without it; a Boss that is halted and ending with work left refuses such a wait with `boss-halted`.',
        params: bossParams,
        headers: Type.Object({
          prefer: Type.Optional(Type.String({ description: '`wait=N`: wait until the Boss is over, at most N s', examples: ['wait=0'] })),
        }),
        querystring: Type.Object(
          {
            interim: Type.Optional(Type.Boolean({ default: true, description: 'false: refuse with `boss-not-over` before the end' })),
            after: Type.Optional(
              Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0, description: 'seq after which to begin' }),
            ),
            limit: limitField,
          },
          { additionalProperties: false },
        ),
        response: {
          200: {
            description: 'a page, or all entries',
            headers: header.applied,
            content: {
              'application/json': { schema: Type.Unsafe<Buffer>(ref(ReportDocument)) },
              [ndjson]: {
                schema: Type.Unsafe<Readable>({ type: 'string', description: 'one ReportEntry a line' }),
                'x-line': ref(ReportEntry),
              },
            },
          },
          ...withHeaders(header.applied, problems('not-found', 'boss-halted', 'boss-not-over', 'invalid')),
        },
      },
    },
    async ({ params: { boss }, query: { interim = true, after = 0, limit = pageLimit }, headers }, reply) => {
      const seconds = waitSeconds(headers.prefer)
      if (seconds !== undefined) {
        reply.header('preference-applied', `wait=${seconds}`)
        const gone = new AbortController()
        reply.raw.once('close', () => gone.abort())
        await workshop.waitTillOver(boss, seconds, AbortSignal.any([gone.signal, closing]))
      }
      const page = await workshop.report(boss, { after, limit, interim })
      if (!prefersLines(headers.accept)) return reply.type('application/json').send(bytesOf(page))
      const further = (next: number) => workshop.report(boss, { after: next, limit, interim })
      return reply.type(ndjson).send(Readable.from(linesFrom(page, further), { objectMode: false }))
    },
  )

  app.get(
    '/v1/bosses/:boss/failures',
    {
      schema: {
        operationId: 'listFailures',
        tags: ['reports'],
        summary: 'See what failed, by cause and kind',
        params: bossParams,
        response: { 200: ref(FailureList, 'groups'), ...problems('not-found') },
      },
    },
    async ({ params: { boss } }) => ({ items: await workshop.failures(boss) }),
  )
}

/** Whether `Accept` would rather have NDJSON than JSON; of what it likes equally well the first one counts. */
export function prefersLines(accept = ''): boolean {
  const types = accept.split(',').map((type) => type.split(';').map((part) => part.trim().toLowerCase()))
  const at = (names: readonly string[]) => types.findIndex(([name = '']) => names.includes(name))
  const weightOf = (place: number) => Number(types[place]?.find((part) => part.startsWith('q='))?.slice(2) ?? (place < 0 ? 0 : 1))
  const [lines, json] = [at([ndjson]), at(['application/json', 'application/*', '*/*'])]
  return weightOf(lines) > weightOf(json) || (lines >= 0 && weightOf(lines) > 0 && weightOf(lines) === weightOf(json) && lines < json)
}

/** The page as JSON. Entries are JSON already, one a line: newlines become the commas between them, where they are. */
function bytesOf({ boss, status, lines, pending, next }: ReportPage): Buffer {
  const entries = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength)
  const ends = lines.at(-1) === newline
  for (let at = entries.indexOf(newline); at >= 0; at = entries.indexOf(newline, at + 1)) entries[at] = comma
  const head = JSON.stringify({ boss, status }).slice(0, -1)
  const tail = JSON.stringify({ pending, next }).slice(1)
  return Buffer.concat([Buffer.from(`${head},"workers_report":[`), entries.subarray(0, ends ? -1 : undefined), Buffer.from(`],${tail}`)])
}

/** The lines of this page and of all that follow; one is read while the client takes the one before it. */
async function* linesFrom(first: ReportPage, further: (after: number) => Promise<ReportPage>): AsyncGenerator<Uint8Array> {
  for (let page: ReportPage | undefined = first; page; ) {
    const next: Promise<ReportPage> | undefined = page.next === undefined ? undefined : further(page.next)
    next?.catch(() => undefined) // it is awaited below, unless the client goes away
    if (page.lines.length > 0) yield page.lines
    if (page.lines.length > 0 && page.lines.at(-1) !== newline) yield Uint8Array.of(newline)
    page = await next
  }
}
