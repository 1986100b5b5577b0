import type { Floor } from './floor.js'
import type { LiveBoss } from './live-boss.js'
import { takeBack } from './unbegun.js'
import { declaredMiB, type Batch, type Worker } from './worker.js'

/** Takes everything back that no worker of this Boss has begun. */
export function recall(floor: Floor, live: LiveBoss): void {
  for (const worker of live.workers) askBack(floor, worker, 0)
}

/**
 * Asks a worker for all but its next `keep` rows. What has not left the daemon comes back at once, the rest when the host has answered;
 * what has begun stays in any case.
 */
export function askBack(floor: Floor, worker: Worker, keep: number): void {
  let left = keep
  for (const batch of [...worker.batches]) {
    const stays = Math.min(left, batch.entries.length - batch.done)
    left -= stays
    const from = Math.max(begunOf(worker, batch), batch.done + stays)
    if (from >= batch.entries.length || (batch.askedBack ?? Infinity) <= from) continue
    if (batch.sent) {
      batch.askedBack = from
      worker.live.site.crew.takeBack(batch.f, from)
    } else giveBack(floor, worker, batch, from)
  }
}

/** How many rows have begun. What must not begin twice has when it is down so, which may be in the turn that is being carried out. */
const begunOf = ({ live }: Worker, { sent, begun, entries }: Batch) =>
  !sent && live.boss.working.has(entries[0]?.id ?? 0) ? Math.max(begun, 1) : begun

/** Rows of a batch from `row` on wait again. */
export function giveBack(floor: Floor, worker: Worker, batch: Batch, row: number): void {
  batch.askedBack = undefined
  const back = batch.entries.splice(row)
  batch.attempts.splice(row)
  takeBack(floor, worker.live, back)
  worker.live.site.ledger.resize(worker.grant, declaredMiB(worker))
  closeIfDone(floor, worker, batch)
}

/** Forgets a batch of which nothing is left, and dismisses a worker that holds none. */
export function closeIfDone(floor: Floor, worker: Worker, batch: Batch): void {
  if (batch.done < batch.entries.length) return
  floor.batches.delete(batch.f)
  const at = worker.batches.indexOf(batch)
  if (at >= 0) worker.batches.splice(at, 1)
  if (worker.batches.length > 0 || !worker.live.workers.delete(worker)) return
  if (worker.live.consultation) worker.live.consultation.changed = true
  worker.live.site.ledger.release(worker.grant)
  worker.live.site.crew.release(worker.grant)
  if (worker.live.boss.stopping) floor.turn.wake() // it may have been what the Boss waited for
}
