import type { StopOrder } from '../boss/ending.js'
import type { Grant } from '../ledger.js'
import { isBefore } from '../scheduler/behind.js'
import type { Entry, Working } from '../scheduler/scheduler.js'
import type { Kind } from './kinds.js'
import type { Deadline } from './deadlines.js'
import type { LiveBoss } from './live-boss.js'

/** Instructions that were sent to a worker together, carried out one after the other. */
export interface Batch {
  readonly f: number
  readonly kind: Kind
  readonly entries: Entry[]
  readonly attempts: number[]
  /** Names as they are reported; filled in when it is sent. */
  names: readonly string[]
  /** s that a row has to clean up when it is stopped, where it says so itself; filled in with the names. */
  graces: readonly (number | undefined)[]
  /** Rows whose end is on disk. */
  done: number
  /** Rows whose end is decided: on disk, or with the turn that is in flight. */
  decided: number
  /** Rows of which the host said that they began. */
  begun: number
  /** ms since 1970 when the newest of those began */
  begunAt: number | undefined
  /** Rows whose wait is counted. */
  counted: number
  /** Its attributes are being read, or it is being written down that it begins. */
  reading: boolean
  /** It left the daemon; before that its rows can be taken back without asking. */
  sent: boolean
  /** Rows from here on were asked back and have not come yet. */
  askedBack: number | undefined
  /** How rows are to be reported that were asked to end. */
  readonly orders: Map<number, StopOrder>
  /** When the row that runs has taken too long. */
  alarm: Deadline | undefined
}

/** A worker of a Boss: a ticket, a place, and what it has to do there. */
export interface Worker {
  readonly live: LiveBoss
  readonly grant: Grant
  readonly ticket: number | null
  /** ms since 1970 when it was hired. */
  readonly hiredAt: number
  /** In the order in which they are carried out; the first row that is not done runs. */
  readonly batches: Batch[]
}

/** A worker as a policy sees it: with what runs, or runs next, and with the most memory that anything takes which it holds. */
export const workingOf = (worker: Worker): Working => workingWith(worker, Infinity)

/** The same as if it held no more than so many. */
export function workingWith(worker: Worker, most: number): Working {
  let first: Entry | undefined
  let memory: number | undefined
  let ahead: Entry[] | undefined
  let left = most
  for (const { entries, done } of worker.batches) {
    for (let row = done; row < entries.length && left > 0; row++, left--) {
      const entry = entries[row] as Entry
      if (!first || countMiB(worker, entry.memory) > countMiB(worker, memory)) memory = entry.memory
      if (first && (entry.fileA ?? entry.fileB) !== undefined) (ahead ??= []).push(entry)
      first ??= entry
    }
  }
  return { ticket: worker.ticket, memory, fileA: first?.fileA, fileB: first?.fileB, ...(ahead && { ahead }) }
}

/** MiB that the machine has to have for what a worker holds: the most that any of it declares. @param most as if it held no more than so many. */
export function declaredMiB({ live, batches }: Worker, most = Infinity): number {
  let MiB = 0
  let left = most
  for (const { entries, done } of batches)
    for (let row = done; row < entries.length && left > 0; row++, left--)
      MiB = Math.max(MiB, entries[row]?.memory ?? live.scheduler.perTaskMiB)
  return MiB
}

/**
 * Of what it holds and has not done, but for the first so many, instructions of which one could start elsewhere if any could: the one that
 * came first, the one that needs least memory, and the first of each file. So it does not matter how many it holds.
 */
export function likelyBehind(worker: Worker, kept: number): Entry[] {
  const { perTaskMiB } = worker.live.scheduler
  const likely = new Set<Entry>()
  const files = new Set<string>()
  let earliest: Entry | undefined
  let least: Entry | undefined
  for (const entry of worker.batches.flatMap(({ entries, done }) => entries.slice(done)).slice(kept)) {
    const file = `${entry.fileA}\n${entry.fileB}`
    if (!files.has(file)) likely.add(entry)
    files.add(file)
    if (!earliest || isBefore(entry, earliest)) earliest = entry
    // one that waits counts what it says, also 0
    if (!least || (entry.memory ?? perTaskMiB) < (least.memory ?? perTaskMiB)) least = entry
  }
  for (const entry of [earliest, least]) if (entry) likely.add(entry)
  return [...likely]
}

/** A running 0 counts as memory_per_task, which is taylorism's rule. */
const countMiB = ({ live }: Worker, memory: number | undefined) => memory || live.scheduler.perTaskMiB

/** How many that is. */
export const heldBy = (worker: Worker) => worker.batches.reduce((held, batch) => held + batch.entries.length - batch.done, 0)
