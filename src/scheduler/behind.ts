import { ARRIVAL } from './leaf.js'
import { Pending } from './pending.js'
import type { Entry } from './scheduler.js'

/** Up to so many a list is shorter to walk and takes less than a queue. */
const MOST_LISTED = 16

/** Whether `a` stands before `b`. */
export const isBefore = (a: Pick<Entry, 'id' | 'priority'>, b: Pick<Entry, 'id' | 'priority'>) =>
  a.priority === b.priority ? a.id < b.id : a.priority > b.priority

/** What waits in order of arrival behind the head of a party: there may be a million of these with one entry each, or one with a million. */
export class Behind {
  private listed: Entry[] = []
  private queued: Pending | undefined

  add(entry: Entry): void {
    if (this.queued) return this.queued.add(entry)
    if (this.listed.length === MOST_LISTED) {
      this.queued = new Pending(ARRIVAL)
      for (const one of [...this.listed, entry]) this.queued.add(one)
      this.listed = []
      return
    }
    let at = this.listed.length
    while (at > 0 && isBefore(entry, this.listed[at - 1] as Entry)) at--
    this.listed.splice(at, 0, entry)
  }

  /** @returns false when it is not here. */
  remove(entry: Pick<Entry, 'id' | 'priority' | 'cores' | 'expectedTime'>): boolean {
    if (this.queued) return this.queued.remove(entry)
    const at = this.listed.findIndex(({ id }) => id === entry.id)
    if (at >= 0) this.listed.splice(at, 1)
    return at >= 0
  }

  /** Takes the first one out; undefined when there is none. */
  shift(): Entry | undefined {
    if (!this.queued) return this.listed.shift()
    const entry = this.queued.first()
    if (entry) this.queued.remove(entry)
    return entry
  }

  [Symbol.iterator](): Iterator<Entry> {
    return (this.queued ?? this.listed)[Symbol.iterator]()
  }
}
