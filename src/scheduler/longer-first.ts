import { headFollowing } from './in-order.js'
import { Pending } from './pending.js'
import type { Launch, Scheduler } from './scheduler.js'
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
      const nextTicket = freeTickets(working, maxThreads)
      // a running 0 counts as perTaskMiB, a pending 0 as 0: taylorism's rule
      let usedMiB = working.reduce((sum, { memory }) => sum + (memory || perTaskMiB), 0)
      let { cores, memory: roomMiB } = room
      const launches: Launch[] = []
      const free = Math.min(most, maxThreads - working.length)
      for (let last: Launch | undefined; launches.length < free; ) {
        const entry = pending.firstFitting({ cores, atMostMiB: Math.min(ceilingMiB - usedMiB, roomMiB) }, last?.entry)
        if (!entry) break
        last = { entry, ticket: nextTicket() }
        launches.push(last)
        const needMiB = entry.memory ?? perTaskMiB
        usedMiB += needMiB
        roomMiB -= needMiB
        cores -= entry.cores
      }
      return launches
    },
    followers(pending, leader, suits, most) {
      return headFollowing(pending, leader, perTaskMiB, suits, most)
    },
    neverFits({ memory }) {
      const needMiB = memory ?? perTaskMiB
      if (needMiB <= ceilingMiB) return undefined
      const [need, todo] =
        memory === undefined
          ? [`${needMiB} MiB (memory_per_task, as it names no memory)`, 'name its memory']
          : [`${needMiB} MiB`, 'ask for less']
      return `it needs ${need} and max_memory is ${ceilingMiB} MiB; ${todo}, or give the Boss more max_memory`
    },
  }
}
