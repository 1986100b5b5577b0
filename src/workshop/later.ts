import { triesAgain, pauseAfter, type RetryPolicy } from '../boss/terms.js'
import type { Cause } from '../boss/report.js'
import type { Entry } from '../scheduler/scheduler.js'
import { endEarly, unendedOf } from './cancel.js'
import type { Floor } from './floor.js'
import type { Delayed, LiveBoss } from './live-boss.js'
import { stopRow } from './signals.js'
import type { Batch, Worker } from './worker.js'

/** Instructions that are looked up at once. */
const pageRows = 1_000
/** Until a store that could not be read is asked again. */
const againMs = 1_000

/** The attempt that follows one that failed; undefined when that was the last. */
export function nextTryOf(live: LiveBoss, entry: Entry, attempt: number, cause: Cause, now: number): Delayed | undefined {
  const policy = live.retryOf(entry.id)
  if (!policy || live.boss.stopping || live.doomed.has(entry.id) || !triesAgain(policy, attempt, cause)) return undefined
  const next = cause === 'oom' ? withMoreMemory(live, entry, policy) : entry
  return next && { entry: next, notBefore: now + pauseAfter(policy, attempt, Math.random()) }
}

/** @returns undefined when there can never be so much. */
function withMoreMemory(
  { scheduler, site: { ledger } }: LiveBoss,
  entry: Entry,
  { memory_factor: factor = 1 }: RetryPolicy,
): Entry | undefined {
  if (factor === 1) return entry
  const memory = (entry.memory ?? scheduler.perTaskMiB) * factor
  return (scheduler.neverFits({ ...entry, memory }) ?? ledger.neverFits(entry.cores, memory, scheduler.binded))
    ? undefined
    : { ...entry, memory }
}

/** Lets an instruction wait for its next attempt. */
export function delay(floor: Floor, live: LiveBoss, { entry, notBefore }: Delayed): void {
  live.comeBack(entry, notBefore)
  armDelayed(floor, live, entry.id)
}

/** Sees to it that an instruction waits no longer than it has to. */
export function armDelayed(floor: Floor, live: LiveBoss, id: number): void {
  const { notBefore } = live.delayed.get(id) ?? {}
  if (notBefore === undefined) return
  live.alarm(floor.deadlines, notBefore, () => {
    floor.turn.mail(() =>
      floor.turn.after(() => {
        const waiting = live.delayed.get(id)
        if (waiting?.notBefore === notBefore && live.delayed.delete(id)) live.requeue([waiting.entry])
      }),
    )
  })
}

/** What has arrived may wait only so long for its first start. */
export function armExpiring(floor: Floor, live: LiveBoss): void {
  for (const [at, ids] of live.terms.takeExpiring()) live.alarm(floor.deadlines, at, () => void expire(floor, live, ids))
}

async function expire(floor: Floor, live: LiveBoss, ids: readonly number[]): Promise<void> {
  const error = { type: 'Expired', message: 'it waited for a worker longer than its "expires" allows' }
  for (let at = 0; at < ids.length; at += pageRows) {
    try {
      const waiting = ids.slice(at, at + pageRows).filter((id) => !live.attempts.has(id))
      const entries = unendedOf(await floor.store.read('unendedAmong', live.id, waiting), floor.kinds)
      floor.turn.mail(() => void endEarly(floor, live, entries, { o: 'q', error }, true))
    } catch (fault) {
      floor.log.error({ err: fault, boss: live.id }, 'what expires could not be read; it is tried again')
      live.alarm(floor.deadlines, Date.now() + againMs, () => void expire(floor, live, ids.slice(at)))
      return
    }
  }
}

/** A row has begun: when it may take only so long, it is stopped then. */
export function armTimeout(floor: Floor, worker: Worker, batch: Batch, row: number, begunAt: number): void {
  const limit = worker.live.terms.of(batch.entries[row]?.id ?? 0)?.timeout
  if (limit === undefined) return
  const error = { type: 'Timeout', message: `it ran longer than its timeout of ${limit} s` }
  batch.alarm = floor.deadlines.set(begunAt + 1000 * limit, () => {
    floor.turn.mail(() => {
      if (row < batch.decided || !floor.batches.has(batch.f)) return
      const { id: instruction = 0 } = batch.entries[row] ?? {}
      floor.turn.after(() => {
        stopRow(floor, batch, row, { o: 't', error, limit })
        floor.log.warn(
          { boss: worker.live.id, instruction, rule: 'timeout', limit, measured: (Date.now() - begunAt) / 1000 },
          error.message,
        )
      })
    })
  })
}
