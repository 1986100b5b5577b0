import { codeOf, renderEnding, type Cause, type Ending, type OutcomeCode } from '../boss/report.js'
import { closeIfDone } from './recall.js'
import { stopForError } from './signals.js'
import type { Floor } from './floor.js'
import { logKills, logReports } from './verbose.js'
import type { Batch, Worker } from './worker.js'

/** How an instruction ended whose host cannot tell it any more. */
export interface Why extends Pick<Ending, 'error' | 'exit_code' | 'signal' | 'limit' | 'measured' | 'stderr_tail'> {
  readonly cause: Cause
  /** MiB, where it was looked at */
  readonly maxRss?: number
}

const encoder = new TextEncoder()
const outOfMemory: OutcomeCode = 'm'

/** Inside a message: rows from…to-1 of a batch ended without a report of their host; the daemon renders it with the host's own function. */
export function endRows(floor: Floor, worker: Worker, batch: Batch, from: number, to: number, why: Why): void {
  const now = Date.now()
  const lines: string[] = []
  for (let row = from; row < to; row++) lines.push(renderEnding(endingOf(worker, batch, row, now, why)))
  reportRows(floor, worker, batch, from, codeOf(why.cause).repeat(to - from), encoder.encode(`${lines.join('\n')}\n`))
}

/**
 * Inside a message: rows of a batch from `at` on have ended, one character of `outcomes` and one line each. The reports of a Boss that is
 * over go unheard.
 */
export function reportRows(floor: Floor, worker: Worker, batch: Batch, at: number, outcomes: string, lines: Uint8Array<ArrayBuffer>): void {
  const { live } = worker
  const entries = batch.entries.slice(at, at + outcomes.length)
  batch.decided = at + outcomes.length
  if (!live.boss.over) {
    const ids = entries.map((entry) => entry.id)
    if (live.boss.settings.verbose) logReports(floor, live, ids, lines)
    if (outcomes.includes(outOfMemory)) logKills(floor, live, ids, lines)
    floor.turn.record({
      type: 'instruction.reported',
      boss: live.id,
      at: Date.now(),
      ids,
      attempts: batch.attempts.slice(at, at + outcomes.length),
      outcomes,
      lines,
    })
    if (live.boss.settings.on_error === 'stop' && hasFailed(outcomes)) stopForError(floor, live)
  }
  floor.turn.after(() => {
    for (const entry of entries) live.ended(entry)
    batch.done = at + outcomes.length
    closeIfDone(floor, worker, batch)
  })
}

const failures: readonly OutcomeCode[] = ['e', 'x', 's', 'm', 't', 'l', 'b']
const hasFailed = (outcomes: string) => failures.some((code) => outcomes.includes(code))

function endingOf(worker: Worker, batch: Batch, row: number, now: number, why: Why): Ending {
  const { cause, maxRss = null, ...facts } = why
  const began = batch.begun > row ? batch.begunAt : undefined
  return {
    name: batch.names[row] ?? '',
    kind: batch.kind.name,
    outcome: cause === 'requested' || cause === 'stopped' || cause === 'expired' ? 'cancelled' : 'failed',
    report: null,
    cause,
    ...facts,
    attempt: batch.attempts[row] ?? 1,
    scheduler_ticket: worker.ticket,
    cpus: [...worker.grant.cpus],
    started_at: began === undefined ? null : new Date(began).toISOString(),
    finished_at: new Date(now).toISOString(),
    usage: { wall: began === undefined ? 0 : (now - began) / 1000, cpu: null, max_rss: maxRss },
  }
}
