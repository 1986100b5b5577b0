import { followingBy, neverFitting, overtaking, usedBy } from './overtaking.js'
import { Pending } from './pending.js'
import type { Scheduler } from './scheduler.js'
import { freeTickets } from './tickets.js'

/** As many workers may hold a number; there may be more workers than that. */
const TICKETS = 512
/** Processes of one Boss at once: memory that was declared too small must not fork without end. */
const PROCESS_CAP = 512

/** Numbers of the policy after resolution; memory in MiB. */
export interface MaxMemory {
  /** For all workers together. */
  readonly ceilingMiB: number
  /** Assumed for an instruction that names no memory. */
  readonly perTaskMiB: number
  /** Where the ceiling came from when none was given; shown, not used. */
  readonly percentage: number
  readonly binded: boolean
}

/**
 * Starts instructions in order of arrival while the memory of all workers together stays strictly below a ceiling. One that
 * does not fit waits, and smaller ones behind it overtake it. It knows no limit of workers but the workshop's `maxWorkers`.
 * @see taylorism `NewMaxMemoryScheduler.launchable`; overtaking and the comparison are its own.
 */
export function maxMemory({ ceilingMiB, perTaskMiB, percentage, binded }: MaxMemory): Scheduler {
  return {
    settings: { limit: 'memory', max_memory: ceilingMiB, memory_per_task: perTaskMiB, memory_max_percentage: percentage, binded },
    maxWorkers: PROCESS_CAP,
    binded,
    perTaskMiB,
    queue: () => new Pending({ longestFirst: false, perTaskMiB }),
    launchable(pending, working, room, most) {
      const limit = { usedMiB: usedBy(working, perTaskMiB), belowMiB: ceilingMiB }
      return overtaking(pending, limit, perTaskMiB, room, most, freeTickets(working, TICKETS))
    },
    followers(pending, place, suits, most) {
      return followingBy(pending, (usedMiB) => ({ usedMiB, belowMiB: ceilingMiB }), perTaskMiB, place, suits, most)
    },
    neverFits({ memory }) {
      const fits = (memory ?? perTaskMiB) < ceilingMiB
      return fits ? undefined : neverFitting(memory, perTaskMiB, `all workers together must stay below max_memory, ${ceilingMiB} MiB`)
    },
  }
}
