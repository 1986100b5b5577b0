import { headFitting, headFollowing } from './in-order.js'
import { ARRIVAL } from './leaf.js'
import { Pending } from './pending.js'
import type { Scheduler } from './scheduler.js'

/** Processes of one Boss at once: taylorism forks them all, which a machine does not survive (BEHAVIOUR section 9, item 8). */
const PROCESS_CAP = 512

/**
 * Starts everything in order of arrival, as soon as the machine has room, 512 at once at most. Its workers hold no tickets.
 * @see taylorism `NewLaxistScheduler`.
 */
export function laxist(): Scheduler {
  return {
    settings: { nosort: true },
    maxWorkers: undefined,
    binded: false,
    perTaskMiB: 0,
    queue: () => new Pending(ARRIVAL),
    launchable(pending, working, room, most) {
      return headFitting(pending, room, Math.min(most, PROCESS_CAP - working.length)).map((entry) => ({ entry, ticket: null }))
    },
    followers: headFollowing,
    neverFits: () => undefined,
  }
}
