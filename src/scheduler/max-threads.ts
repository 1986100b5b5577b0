import { headFitting, headFollowing } from './in-order.js'
import { ARRIVAL } from './leaf.js'
import { Pending } from './pending.js'
import type { Scheduler } from './scheduler.js'
import { freeTickets } from './tickets.js'

/**
 * Starts instructions in order of arrival while fewer than `maxThreads` workers of the Boss run.
 * @param maxThreads workers at once, at least 1; as many tickets.
 * @param binded whether each worker is held on CPUs of its own.
 * @see taylorism `NewMaxThreadsScheduler`.
 */
export function maxThreads(maxThreads: number, binded: boolean): Scheduler {
  return {
    settings: { limit: 'threads', max_threads: maxThreads, binded },
    maxWorkers: maxThreads,
    binded,
    perTaskMiB: 0,
    queue: () => new Pending(ARRIVAL),
    launchable(pending, working, room, most) {
      const nextTicket = freeTickets(working, maxThreads)
      const head = headFitting(pending, room, Math.min(most, maxThreads - working.length))
      return head.map((entry) => ({ entry, ticket: nextTicket() }))
    },
    followers: headFollowing,
    neverFits: () => undefined,
  }
}
