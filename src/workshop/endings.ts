import { codeOf, meaningOf, renderEnding, type Cause, type Ending, type OutcomeCode } from '../boss/ending.js'
import type { Reports } from '../boss/fact.js'
import { failures } from '../boss/terms.js'
import type { Whereabouts } from '../crew/crew.js'
import type { Entry } from '../scheduler/scheduler.js'
import { delay, nextTryOf } from './later.js'
import { closeIfDone } from './recall.js'
import { stopForError } from './signals.js'
import type { Floor } from './floor.js'
import type { LiveBoss } from './live-boss.js'
import { logKills, logReports } from './verbose.js'
import { declaredMiB, type Batch, type Worker } from './worker.js'

/** How an instruction ended whose host cannot tell it any more. */
export interface Why extends Pick<Ending, 'error' | 'exit_code' | 'signal' | 'limit' | 'measured' | 'stderr_tail'> {
  readonly cause: Cause
  /** MiB, where it was looked at */
  readonly maxRss?: number
  /** Where it was, if not at its place */
  readonly at?: Whereabouts | undefined
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
export function reportRows(floor: Floor, worker: Worker, batch: Batch, at: number, outcomes: string, lines: Uint8Array): void {
  const { live } = worker
  const entries = batch.entries.slice(at, at + outcomes.length)
  batch.decided = at + outcomes.length
  if (!live.boss.over) {
    const ids = entries.map((entry) => entry.id)
    if (live.boss.settings.verbose) logReports(floor, live, ids, lines)
    if (outcomes.includes(outOfMemory)) logKills(floor, live, ids, lines)
    const attempts = batch.attempts.slice(at, at + outcomes.length)
    const fact: Reports = { type: 'instruction.reported', boss: live.id, at: Date.now(), ids, attempts, outcomes, lines }
    const failed = hasFailed(outcomes) && live.mayRetry ? retryFailed(floor, live, fact, entries) : fact
    if (failed.ids.length > 0) floor.turn.record(failed)
    if (live.boss.settings.on_error === 'stop' && hasFailed(failed.outcomes)) stopForError(floor, live)
    const left = failed === fact ? entries : entries.filter(({ id }) => failed.ids.includes(id))
    floor.turn.after(() => {
      for (const entry of left) live.ended(entry)
    })
  }
  floor.turn.after(() => {
    if (batch.alarm) batch.alarm.act = undefined
    batch.done = at + outcomes.length
    if (worker.grant.memory > 0) live.site.ledger.resize(worker.grant, declaredMiB(worker))
    closeIfDone(floor, worker, batch)
  })
}

/** Lets what failed and may be tried again wait for that. @returns the reports that are left: of what has ended. */
function retryFailed(floor: Floor, live: LiveBoss, fact: Reports, entries: readonly Entry[]): Reports {
  const lines = new TextDecoder().decode(fact.lines).split('\n')
  const left: number[] = []
  entries.forEach((entry, row) => {
    const attempt = fact.attempts[row] ?? 1
    const { outcome, cause } = meaningOf(fact.outcomes.charAt(row)) ?? {}
    const next = outcome === 'failed' && cause ? nextTryOf(live, entry, attempt, cause, fact.at) : undefined
    if (!next || !cause) return void left.push(row)
    const { boss, at } = fact
    const { notBefore } = next
    floor.turn.record({ type: 'instruction.retrying', boss, at, instruction: entry.id, attempt, cause, notBefore, body: lines[row] ?? '' })
    floor.turn.after(() => {
      live.attempts.set(entry.id, attempt + 1)
      delay(floor, live, next)
    })
  })
  if (left.length === entries.length) return fact
  return {
    ...fact,
    ids: left.map((row) => fact.ids[row] ?? 0),
    attempts: left.map((row) => fact.attempts[row] ?? 1),
    outcomes: left.map((row) => fact.outcomes.charAt(row)).join(''),
    lines: encoder.encode(left.map((row) => `${lines[row]}\n`).join('')),
  }
}

const failureCodes = failures.map((cause) => codeOf(cause))
const hasFailed = (outcomes: string) => failureCodes.some((code) => outcomes.includes(code))

function endingOf(worker: Worker, batch: Batch, row: number, now: number, why: Why): Ending {
  const { cause, maxRss = null, at, ...facts } = why
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
    cpus: [...(at?.cpus ?? worker.grant.cpus)],
    ...(at?.node !== undefined && { node: at.node }),
    started_at: began === undefined ? null : new Date(began).toISOString(),
    finished_at: new Date(now).toISOString(),
    usage: { wall: began === undefined ? 0 : (now - began) / 1000, cpu: null, max_rss: maxRss },
  }
}
