import type { StopOrder } from '../boss/ending.js'
import type { Grant } from '../ledger.js'
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
export function workingOf(worker: Worker): Working {
  const first = firstOf(worker)
  let memory = first?.memory
  let ahead: Entry[] | undefined
  for (const { entries, done } of worker.batches) {
    for (let row = done; row < entries.length; row++) {
      const other = entries[row] as Entry
      if (countMiB(worker, other.memory) > countMiB(worker, memory)) memory = other.memory
      if (other !== first && (other.fileA ?? other.fileB) !== undefined) (ahead ??= []).push(other)
    }
  }
  return { ticket: worker.ticket, memory, fileA: first?.fileA, fileB: first?.fileB, ...(ahead && { ahead }) }
}

/** MiB that the machine has to have for what a worker holds: the most that any of it declares. */
export function declaredMiB({ live, batches }: Worker): number {
  let most = 0
  for (const { entries, done } of batches)
    for (let row = done; row < entries.length; row++) most = Math.max(most, entries[row]?.memory ?? live.scheduler.perTaskMiB)
  return most
}

/** Of what it was sent ahead those that are likeliest to start elsewhere: the first, and the first of those that need least memory. */
export function likelyFollowers(worker: Worker): Entry[] {
  const running = firstOf(worker)
  let first: Entry | undefined
  let least: Entry | undefined
  for (const { entries, done } of worker.batches) {
    for (let row = done; row < entries.length; row++) {
      const entry = entries[row] as Entry
      if (entry === running) continue
      first ??= entry
      if (!least || countMiB(worker, entry.memory) < countMiB(worker, least.memory)) least = entry
    }
  }
  return [...new Set([first, least])].filter((entry) => entry !== undefined)
}

/** A worker as a policy would see it without what was sent ahead. */
export function runningOf(worker: Worker): Working {
  const first = firstOf(worker)
  return { ticket: worker.ticket, memory: first?.memory, fileA: first?.fileA, fileB: first?.fileB }
}

/** Whether what waits behind its running instruction makes it count for more memory than that one does. */
export const keepsMemory = (worker: Worker) => countMiB(worker, workingOf(worker).memory) > countMiB(worker, firstOf(worker)?.memory)

/** What runs, or runs next. */
const firstOf = ({ batches }: Worker) => batches[0]?.entries[batches[0].done]

/** A running 0 counts as memory_per_task, which is taylorism's rule. */
const countMiB = ({ live }: Worker, memory: number | undefined) => memory || live.scheduler.perTaskMiB

/** Instructions that it holds and that are not done. */
export const heldBy = (worker: Worker) => worker.batches.reduce((held, batch) => held + batch.entries.length - batch.done, 0)
