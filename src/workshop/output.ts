import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { labelOf, type Boss } from '../boss/boss.js'
import { Refusal } from '../boss/errors.js'
import type { ReportEntry } from '../boss/report.js'
import { Found, segmentsOf, type StreamName } from '../outputs/segment.js'
import type { InstructionRow } from '../store/instructions.js'
import type { Output, OutputQuery } from './contract.js'

/** What is read of a stream at once. */
const chunkBytes = 256 * 1024
/** How often a stream that grows is looked at. */
const lookMs = { first: 50, longest: 500 }

/**
 * What an attempt wrote to a stream: of one that runs what it wrote by now, or with `follow` whatever it writes until it ends.
 * @param dir where hosts put what programs write.
 * @param look asks for the instruction as it stands now; undefined once its Boss was removed, or is over without it.
 * @throws {Refusal} not-found when there is no such attempt.
 */
export async function outputOf(
  dir: string,
  boss: Boss,
  row: InstructionRow,
  query: OutputQuery,
  look: () => Promise<InstructionRow | undefined>,
): Promise<Output> {
  const { stream, follow, signal } = query
  const attempt = query.attempt ?? row.working ?? endedOf(row).at(-1)?.attempt
  const waits = follow && !boss.over && row.outcome === null && (attempt === undefined || attempt > (endedOf(row).at(-1)?.attempt ?? 0))
  if (!waits && !hasAttempt(row, attempt)) {
    throw new Refusal(
      'not-found',
      `instruction ${row.id} of Boss ${labelOf(boss)} has no attempt${attempt === undefined ? ' yet; follow=true waits for it' : ` ${attempt}`}; its document lists its attempts`,
      { boss: boss.id, instruction: row.id },
    )
  }
  const segments = segmentsOf(dir, boss.id)
  const wanted = { instruction: row.id, stream }
  const at = attempt !== undefined && row.working !== attempt ? await Found.find(segments, { ...wanted, attempt }) : undefined
  const extent = await at?.extent()
  return {
    bytes: Readable.from(bytes(), { objectMode: false }),
    ...(extent && extent.kept < extent.written && { cut: { written: extent.written, kept: extent.kept } }),
  }

  async function* bytes(): AsyncGenerator<Buffer> {
    let found = at
    let position = 0
    let number = attempt
    for (let wait = lookMs.first; ; ) {
      // asked first: of what has ended by now all is there
      const now = follow ? await look() : row
      number ??= now?.working ?? (now && endedOf(now)[0]?.attempt)
      const ended = !follow || !now || now.outcome !== null || isEnded(now, number)
      if (number !== undefined) found ??= await Found.find(segments, { ...wanted, attempt: number })
      const more = await found?.read(position, chunkBytes)
      if (more && more.length > 0) {
        position += more.length
        wait = lookMs.first
        yield more
        continue
      }
      // it was short: then the report has it
      if (more === undefined) found = undefined
      if (ended && !found && now) {
        const rest = Buffer.from(textOf(now, number, stream)).subarray(position)
        if (rest.length > 0) yield rest
      }
      if (ended) return
      await pause(wait, undefined, { signal })
      wait = Math.min(wait * 1.5, lookMs.longest)
    }
  }
}

const entriesOf = ({ earlier, body }: InstructionRow) => [...(JSON.parse(earlier) as string[]), ...(body === null ? [] : [body])]

/** The attempts that have come to an end, oldest first. */
const endedOf = (row: InstructionRow) => entriesOf(row).map((body) => JSON.parse(`{${body}`) as ReportEntry)
const isEnded = (row: InstructionRow, attempt: number | undefined) => endedOf(row).some((entry) => entry.attempt === attempt)
const hasAttempt = (row: InstructionRow, attempt: number | undefined) =>
  attempt !== undefined && (row.working === attempt || isEnded(row, attempt))

/** What the report of an attempt shows of a stream. */
function textOf(row: InstructionRow, attempt: number | undefined, stream: StreamName): string {
  const { report } = endedOf(row).find((entry) => entry.attempt === attempt) ?? {}
  const text = (report as Partial<Record<string, unknown>> | null | undefined)?.[stream]
  return typeof text === 'string' ? text : ''
}
