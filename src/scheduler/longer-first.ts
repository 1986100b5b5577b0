import { followingBy, neverFitting, overtaking, usedBy } from './overtaking.js'
import { Pending } from './pending.js'
import type { Scheduler } from './scheduler.js'
import { freeTickets } from './tickets.js'

/** Numbers of the policy after resolution; memory in MiB. */
export interface LongerFirst {
  /** Workers at once, at least 1. */
  readonly maxThreads: number
  /** For all workers together. */
  readonly ceilingMiB: number
  /** Assumed for an instruction that names no memory. */
  readonly perTaskMiB: number
  /** Where the ceiling came from when none was given; shown, not used. */
  readonly percentage: number
  readonly binded: boolean
}

/**
 * Starts the instructions expected to take longest first, while fewer than `maxThreads` workers run and their memory
 * together stays within a ceiling, which it may reach. One that does not fit waits, and smaller ones behind it overtake it.
 * @see taylorism `LongerFirstScheduler`; overtaking and the comparison are its own.
 */
export function longerFirst({ maxThreads, ceilingMiB, perTaskMiB, percentage, binded }: LongerFirst): Scheduler {
  return {
    settings: {
      limit: 'threads+memory',
      max_threads: maxThreads,
      max_memory: ceilingMiB,
      memory_per_task: perTaskMiB,
      memory_max_percentage: percentage,
      binded,
    },
    maxWorkers: maxThreads,
    binded,
    perTaskMiB,
    queue: () => new Pending({ longestFirst: true, perTaskMiB }),
    launchable(pending, working, room, most) {
      const available = { atMostMiB: ceilingMiB - usedBy(working, perTaskMiB) }
      const free = Math.min(most, maxThreads - working.length)
      return overtaking(pending, available, perTaskMiB, room, free, freeTickets(working, maxThreads))
    },
    followers(pending, place, suits, most) {
      return followingBy(pending, (usedMiB) => ({ atMostMiB: ceilingMiB - usedMiB }), perTaskMiB, place, suits, most)
    },
    neverFits({ memory }) {
      const fits = (memory ?? perTaskMiB) <= ceilingMiB
      return fits ? undefined : neverFitting(memory, perTaskMiB, `max_memory is ${ceilingMiB} MiB`)
    },
  }
}
