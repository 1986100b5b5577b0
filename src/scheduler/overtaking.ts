import { following, keptShare } from './in-order.js'
import type { Fit, Pending } from './pending.js'
import type { Entry, Launch, Place, Room, Working } from './scheduler.js'

/** What limits the memory of all workers together: the rest that a need may reach, or a sum that it must stay below. */
export type MemoryLimit = { readonly atMostMiB: number } | { readonly usedMiB: number; readonly belowMiB: number }

/** MiB that workers count together. A running 0 counts as `perTaskMiB`, a pending one as 0: taylorism's rule. */
export const usedBy = (working: readonly Working[], perTaskMiB: number) =>
  working.reduce((sum, { memory }) => sum + (memory || perTaskMiB), 0)

/**
 * What may start in the order of the queue where one that does not fit waits, and smaller ones behind it overtake it.
 * What each takes is subtracted and added as taylorism does, one after the other, so that rounding decides alike.
 * @param perTaskMiB what an entry counts that names no memory.
 */
export function overtaking(
  pending: Pending,
  limit: MemoryLimit,
  perTaskMiB: number,
  room: Room,
  most: number,
  nextTicket: () => number | null,
): Launch[] {
  const { atMostMiB, usedMiB, belowMiB } = { atMostMiB: Infinity, usedMiB: 0, belowMiB: Infinity, ...limit }
  const left = { cores: room.cores, roomMiB: room.memory, limitMiB: atMostMiB, usedMiB }
  const fit = (): Fit => ({ cores: left.cores, atMostMiB: Math.min(left.limitMiB, left.roomMiB), usedMiB: left.usedMiB, belowMiB })
  const launches: Launch[] = []
  for (let entry: Entry | undefined; launches.length < most; ) {
    entry = pending.firstFitting(fit(), entry)
    if (!entry) break
    launches.push({ entry, ticket: nextTicket() })
    const needMiB = entry.memory ?? perTaskMiB
    left.cores -= entry.cores
    left.roomMiB -= needMiB
    left.limitMiB -= needMiB
    left.usedMiB += needMiB
  }
  return launches
}

/**
 * What may follow at a place where `overtaking` would start it, as long as there is plenty of memory to be kept for it until then.
 * @param limitBeside the limit that is left beside workers that use so many MiB.
 */
export function followingBy(
  pending: Pending,
  limitBeside: (usedMiB: number) => MemoryLimit,
  perTaskMiB: number,
  { others, own, room, cores }: Place,
  suits: (entry: Entry) => boolean,
  most: number,
): Entry[] {
  const { atMostMiB, usedMiB, belowMiB } = {
    atMostMiB: Infinity,
    usedMiB: 0,
    belowMiB: Infinity,
    ...limitBeside(usedBy(others(), perTaskMiB)),
  }
  const fit: Fit = { cores: room.cores, atMostMiB: Math.min(atMostMiB, room.memory), usedMiB, belowMiB }
  const ownMiB = usedBy([own], perTaskMiB)
  const mostMiB = ownMiB + keptShare * Math.max(0, Math.min(atMostMiB, belowMiB - usedMiB) - ownMiB)
  // a 0 counts as perTaskMiB as soon as it runs
  const fits = (entry: Entry) => (entry.memory || perTaskMiB) <= mostMiB && suits(entry)
  return following((after) => pending.firstFitting(fit, after), cores, fits, most)
}

/**
 * Says of an instruction that can never start what it needs and what to do, around what the policy says of its limit.
 * @param memory as the row gave it.
 */
export function neverFitting(memory: number | undefined, perTaskMiB: number, limit: string): string {
  const [need, todo] =
    memory === undefined
      ? [`${perTaskMiB} MiB (memory_per_task, as it names no memory)`, 'name its memory']
      : [`${memory} MiB`, 'ask for less']
  return `it needs ${need} and ${limit}; ${todo}, or give the Boss more max_memory`
}
