import type { StopOrder } from '../boss/ending.js'
import type { PendingRows } from '../store/instructions.js'
import type { Floor } from './floor.js'
import type { KindBook } from './kinds.js'
import { entriesOf, type LiveBoss } from './live-boss.js'
import { askBack } from './recall.js'
import { stopRow } from './signals.js'
import { reportUnbegun, type Doom, type Unended } from './unbegun.js'
import type { Batch, Worker } from './worker.js'

/** What became of a request to end an instruction: it has ended, its worker is asked, or it was not there any more. */
export type Fate = 'ended' | 'asked' | 'untouched'

/** How what was cancelled is reported. @param reason for a person. */
export const orderOf = (reason: string): StopOrder => ({ o: 'r', error: { type: 'Cancelled', message: reason } })

/** Rows of the store as `endEarly` takes them. */
export function unendedOf(rows: PendingRows, kinds: KindBook): Unended[] {
  return entriesOf({ ...rows, first: 0, n: rows.id.length }, kinds).map((entry, at) => {
    const id = rows.id[at] ?? 0
    return { ...entry, id, name: rows.name[at] ?? `${rows.kind[at]}-${id}` }
  })
}

/**
 * Inside a message: ends instructions of a Boss that have not ended. What waits ends at once; what a worker holds is asked back, or stopped
 * if it has begun, and ends as soon as that is done.
 * @param waitingOnly leaves alone what has begun.
 * @returns what became of each.
 */
export function endEarly(floor: Floor, live: LiveBoss, entries: readonly Unended[], order: StopOrder, waitingOnly = false): Fate[] {
  if (live.boss.over) return entries.map(() => 'untouched')
  const held = heldOf(live)
  const ended: Unended[] = []
  const fates = entries.map((entry): Fate => {
    if (live.doomed.has(entry.id)) return 'asked'
    const here = held.get(entry.id)
    if (here) return endHeld(floor, live, here, { name: entry.name, order, waitingOnly })
    if (!live.withdraw(entry)) return 'untouched'
    ended.push(entry)
    return 'ended'
  })
  if (ended.length > 0) reportUnbegun(floor, live, ended, order)
  return fates
}

/** A host keeps its rows before `row`: what shall end of them has begun, or will. */
export function stopKept(floor: Floor, worker: Worker, batch: Batch, row: number): void {
  const { doomed } = worker.live
  if (doomed.size === 0) return
  for (let at = batch.done; at < Math.min(row, batch.entries.length); at++) {
    const id = batch.entries[at]?.id ?? 0
    const doom = doomed.get(id)
    if (doom?.waitingOnly) doomed.delete(id)
    else if (doom) stopRow(floor, batch, at, doom.order)
  }
}

interface Held {
  readonly worker: Worker
  readonly batch: Batch
  readonly row: number
}

function heldOf(live: LiveBoss): Map<number, Held> {
  const held = new Map<number, Held>()
  for (const worker of live.workers) {
    for (const batch of worker.batches) {
      for (let row = batch.decided; row < batch.entries.length; row++) held.set(batch.entries[row]?.id ?? 0, { worker, batch, row })
    }
  }
  return held
}

function endHeld(floor: Floor, live: LiveBoss, { worker, batch, row }: Held, doom: Doom): Fate {
  const id = batch.entries[row]?.id ?? 0
  const hasBegun = () => live.boss.working.has(id)
  if (hasBegun() && doom.waitingOnly) return 'untouched'
  floor.turn.after(() => {
    const begun = hasBegun() // maybe in this very turn
    if (begun && doom.waitingOnly) return
    live.doomed.set(id, doom)
    if (begun) return stopRow(floor, batch, row, doom.order)
    const before = worker.batches.slice(0, worker.batches.indexOf(batch)).reduce((sum, { entries, done }) => sum + entries.length - done, 0)
    askBack(floor, worker, before + row - batch.done)
  })
  return 'asked'
}
