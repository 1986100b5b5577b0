import { FileQueue } from './file-queue.js'
import { following } from './in-order.js'
import type { Entry, Launch, Scheduler, Working } from './scheduler.js'
import { freeTickets } from './tickets.js'

/** The names of the files that something has for itself. */
type Files = Pick<Entry, 'fileA' | 'fileB'>

/** Files that are open: those of all of them, and `open`. */
function filesOf(all: readonly Files[], open = new Set<string>()): Set<string> {
  for (const { fileA, fileB } of all) {
    if (fileA !== undefined) open.add(fileA)
    if (fileB !== undefined) open.add(fileB)
  }
  return open
}

/** Files that nobody else may open: those of what runs and of what was sent ahead to follow it. */
function openBy(working: readonly Working[]): Set<string> {
  const open = filesOf(working)
  for (const { ahead } of working) if (ahead) filesOf(ahead, open)
  return open
}

/**
 * Starts instructions in order of arrival while fewer than `maxThreads` workers run, and never two that name one file, as fileA or
 * as fileB: one whose file is open waits, and others overtake it. What was sent ahead to a place has its files for
 * itself from then on, so that they are not open elsewhere when its turn comes.
 * @param maxThreads workers at once, at least 1; as many tickets.
 * @see taylorism `NewSingleOpenFileScheduler`, which lets two of one file start together (BEHAVIOUR section 9, item 9).
 */
export function singleOpenFile(maxThreads: number, binded: boolean): Scheduler {
  return {
    settings: { limit: 'threads', max_threads: maxThreads, singlefile: true, binded },
    maxWorkers: maxThreads,
    binded,
    perTaskMiB: 0,
    queue: () => new FileQueue(),
    launchable(pending: FileQueue, working, room, most) {
      const nextTicket = freeTickets(working, maxThreads)
      const open = openBy(working)
      pending.wake(open)
      let { cores, memory } = room
      const launches: Launch[] = []
      const free = Math.min(most, maxThreads - working.length)
      for (let last: Launch | undefined; launches.length < free; ) {
        const entry = pending.firstClosed(open, last?.entry)
        if (!entry) break
        // it ends at the first that the machine has no room for, see `headFitting`
        cores -= entry.cores
        memory -= entry.memory ?? 0
        if (cores < 0 || memory < 0) break
        last = { entry, ticket: nextTicket() }
        launches.push(last)
        filesOf([entry], open)
        pending.hold(entry)
      }
      return launches
    },
    followers(pending: FileQueue, place, suits, most) {
      const open = openBy(place.others())
      pending.wake(open)
      const fits = (entry: Entry) => (entry.memory ?? 0) <= place.room.memory && suits(entry)
      const found = following((after) => pending.firstClosed(open, after), place.cores, fits, most)
      for (const entry of found) pending.hold(entry)
      return found
    },
    neverFits: () => undefined,
  }
}

/**
 * What was not launched, in the order in which taylorism's Boss keeps it: first what a worker's file blocks, then the rest. A live Boss
 * keeps the order of arrival.
 */
export function blockedFirst(kept: Iterable<Entry>, working: readonly Working[]): Entry[] {
  const open = filesOf(working)
  const { blocked = [], free = [] } = Object.groupBy(kept, (entry) =>
    [...filesOf([entry])].some((file) => open.has(file)) ? 'blocked' : 'free',
  )
  return [...blocked, ...free]
}
