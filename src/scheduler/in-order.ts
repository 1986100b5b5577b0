import type { Pending } from './pending.js'
import type { Entry, Room } from './scheduler.js'

/**
 * The head of the queue, as far as the machine's room reaches: the launches of policies that know no order but the queue's.
 * It ends at the first entry that does not fit into what is left. Letting smaller ones by would keep a large one waiting for
 * as long as small ones come; taylorism has no cores and no memory limit here, so nothing of its order is lost.
 * @param room memory counts as declared; an entry that names none takes 0.
 */
export function headFitting(pending: Pending, room: Room, most: number): Entry[] {
  const head: Entry[] = []
  if (most <= 0) return head
  let { cores, memory } = room
  for (const entry of pending) {
    cores -= entry.cores
    memory -= entry.memory ?? 0
    if (cores < 0 || memory < 0) break
    head.push(entry)
    if (head.length >= most) break
  }
  return head
}

/**
 * The head of the queue, as far as each entry may follow the leader to its place: same cores, no more memory, neither as what waits nor
 * as what runs (where 0 counts as `perTaskMiB`), and `suits`. Ends at the first that may not, so that nobody is overtaken.
 * @param perTaskMiB what an entry or leader counts that names no memory.
 */
export function headFollowing(
  pending: Pending,
  leader: { readonly cores: number; readonly memory: number | undefined },
  perTaskMiB: number,
  suits: (entry: Entry) => boolean,
  most: number,
): Entry[] {
  const head: Entry[] = []
  if (most <= 0) return head
  const ceilingMiB = leader.memory ?? perTaskMiB
  for (const entry of pending) {
    if (entry.cores !== leader.cores || (entry.memory ?? perTaskMiB) > ceilingMiB || !suits(entry)) break
    if ((entry.memory || perTaskMiB) > (leader.memory || perTaskMiB)) break
    head.push(entry)
    if (head.length >= most) break
  }
  return head
}
