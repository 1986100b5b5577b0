import type { Pending } from './pending.js'
import type { Entry, Place, Room } from './scheduler.js'

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
 * Of the memory that is free, the part that may be kept for one that follows and needs more than what runs: many places keep some, and
 * what could start must not wait for that.
 */
export const keptShare = 0.25

/**
 * What a place is given one after the other: ends at the first that takes another number of cores or does not suit, so that the policy's
 * order is kept.
 * @param next the entry behind another one that the policy would start there; undefined when it would start none.
 * @param cores of the place.
 */
export function following(
  next: (after: Entry | undefined) => Entry | undefined,
  cores: number,
  suits: (entry: Entry) => boolean,
  most: number,
): Entry[] {
  const found: Entry[] = []
  for (let entry: Entry | undefined; found.length < most; found.push(entry)) {
    entry = next(entry)
    if (!entry || entry.cores !== cores || !suits(entry)) break
  }
  return found
}

/** The head of the queue as `headFitting` takes it, for one place: it ends at the first that the machine has no room for. */
export function headFollowing(pending: Pending, place: Place, suits: (entry: Entry) => boolean, most: number): Entry[] {
  const fits = (entry: Entry) => (entry.memory ?? 0) <= place.room.memory && suits(entry)
  return following((after) => pending.firstFitting({ cores: Infinity, atMostMiB: Infinity }, after), place.cores, fits, most)
}
