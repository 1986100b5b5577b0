import { setImmediate } from 'node:timers/promises'
import type { Chosen } from '../scheduler/answer.js'
import type { Pending } from '../scheduler/pending.js'
import type { Entry, Launch, Room, Working } from '../scheduler/scheduler.js'
import { freeTickets } from '../scheduler/tickets.js'

/** Pending instructions that a user's policy is shown at most. */
const mostShown = 10_000
/** Entries that are looked at before others get their turn: a millisecond or two. */
const sliceEntries = 1_000

/** What a Boss with a user's policy knows of it: what was shown, what it let start and has not started yet. */
export class Consultation {
  /** Something changed since it was last asked. */
  changed = true
  /** It was asked and has not answered. */
  asking = false
  private shown = new Map<number, Entry>()
  /** The queue changed in another way than by a launch: what is shown is to be gathered anew. */
  private stale = true
  /** By id, in its order; the ticket is undefined for the lowest free one. */
  private chosen = new Map<number, number | null | undefined>()

  /** Whether it lets something start that has not started. */
  get wants(): boolean {
    return this.chosen.size > 0
  }

  /** Whether it has answered for what is the case now, and lets nothing start. */
  get choseNothing(): boolean {
    return !this.asking && !this.changed && !this.wants
  }

  /** Entries came, in any place of the queue. */
  arrived(): void {
    this.stale = true
    this.changed = true
  }

  /** Nothing may start now; what was let start before has to be asked for again. */
  pause(): void {
    this.chosen = new Map()
    this.changed = true
  }

  /**
   * The head of the queue, as it is shown to the policy. Meanwhile the queue may change, which an answer is checked against.
   * @returns ids in order.
   */
  async look(queue: Pending): Promise<number[]> {
    if (this.stale || (this.shown.size < mostShown / 2 && queue.size > this.shown.size)) {
      this.stale = false
      this.shown = new Map()
      for (const entry of queue) {
        this.shown.set(entry.id, entry)
        if (this.shown.size >= mostShown) break
        if (this.shown.size % sliceEntries === 0) await setImmediate()
      }
    }
    return [...this.shown.keys()]
  }

  entry(id: number): Entry | undefined {
    return this.shown.get(id)
  }

  /** It is asked: until it answers nothing starts, for its answer knows only of what works now. */
  asked(): void {
    this.asking = true
    this.changed = false
    this.chosen = new Map()
  }

  /** The policy has answered. What it names that was not shown is left out. */
  heed(chosen: readonly Chosen[]): void {
    this.chosen = new Map(chosen.filter(({ id }) => this.shown.has(id)).map(({ id, ticket }) => [id, ticket]))
  }

  /**
   * What may start now of what the policy chose, in its order, as far as the room reaches; what does not wait any more is left out.
   * @param most workers that the Boss may still hire.
   */
  launchable(queue: Pending, working: readonly Working[], room: Room, most: number): Launch[] {
    const held = new Set(working.map(({ ticket }) => ticket))
    const promised = [...this.chosen.values()].map((ticket = null) => ({ ticket }))
    const nextTicket = freeTickets([...working, ...promised], Infinity)
    const launches: Launch[] = []
    let { cores, memory } = room
    for (const [id, ticket] of this.chosen) {
      if (launches.length >= most) break
      const entry = this.shown.get(id)
      if (!entry || !queue.has(entry)) {
        this.drop(id)
        continue
      }
      cores -= entry.cores
      memory -= entry.memory ?? 0
      if (cores < 0 || memory < 0) break
      launches.push({ entry, ticket: ticket === undefined || (ticket !== null && held.has(ticket)) ? nextTicket() : ticket })
    }
    return launches
  }

  /** What was chosen has started, or does not wait any more. When it was the last one, the policy is asked for more. */
  drop(id: number): void {
    this.shown.delete(id)
    this.chosen.delete(id)
    if (this.chosen.size === 0) this.changed = true
  }
}
