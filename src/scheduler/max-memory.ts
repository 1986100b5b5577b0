import { headFollowing } from './in-order.js'
import { Pending } from './pending.js'
import type { Launch, Scheduler } from './scheduler.js'
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
      const nextTicket = freeTickets(working, TICKETS)
      // a running 0 counts as perTaskMiB, a pending 0 as 0: taylorism's rule
      let usedMiB = working.reduce((sum, { memory }) => sum + (memory || perTaskMiB), 0)
      let { cores, memory: atMostMiB } = room
      const launches: Launch[] = []
      for (let last: Launch | undefined; launches.length < most; ) {
        const entry = pending.firstFitting({ cores, atMostMiB, usedMiB, belowMiB: ceilingMiB }, last?.entry)
        if (!entry) break
        last = { entry, ticket: nextTicket() }
        launches.push(last)
        const needMiB = entry.memory ?? perTaskMiB
        usedMiB += needMiB
        atMostMiB -= needMiB
        cores -= entry.cores
      }
      return launches
    },
    followers(pending, leader, suits, most) {
      return headFollowing(pending, leader, perTaskMiB, suits, most)
    },
    neverFits({ memory }) {
      const needMiB = memory ?? perTaskMiB
      if (needMiB < ceilingMiB) return undefined
      const [need, todo] =
        memory === undefined
          ? [`${needMiB} MiB (memory_per_task, as it names no memory)`, 'name its memory']
          : [`${needMiB} MiB`, 'ask for less']
      return `it needs ${need} and all workers together must stay below max_memory, ${ceilingMiB} MiB; ${todo}, or give the Boss more max_memory`
    },
  }
}
