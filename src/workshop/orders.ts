import { labelOf, type Boss } from '../boss/boss.js'
import { meaningOf } from '../boss/ending.js'
import { Refusal } from '../boss/errors.js'
import type { UnendedQuery } from '../store/instructions.js'
import { endEarly, orderOf, unendedOf, type Fate } from './cancel.js'
import type { Orders, UnendedFilter } from './contract.js'
import type { Finding, Floor } from './floor.js'
import type { LiveBoss } from './live-boss.js'
import { recall } from './recall.js'
import type { Turns } from './turn.js'
import type { Unended } from './unbegun.js'

/** Instructions that one turn changes at most. */
const pageRows = 1_000
/** How long a caller waits until a worker has given back what has not begun. */
const settleMs = 1_000

/** Changes instructions that have not ended. */
export class OrderDesk implements Orders {
  constructor(
    private readonly floor: Floor,
    private readonly turns: Turns,
    private readonly on: Finding,
  ) {}

  async cancel(ref: string, id: number, reason: string): Promise<boolean> {
    const live = await this.unfinished(ref, id)
    let settled: Promise<boolean> | undefined
    const fates = await this.each(live, [id], (entries) => {
      const [fate] = this.cancelNow(live, entries, reason)
      settled = fate === 'asked' && !live.boss.working.has(id) ? this.untilEnded(live, id) : Promise.resolve(fate === 'ended')
      // it may have ended since it was looked up
      return fate && fate !== 'untouched' ? [fate] : []
    })
    if (fates.length === 0) throw await this.done(live.boss, id)
    if (!(await settled)) return false
    const row = await this.floor.store.read('instruction', live.id, id)
    // its worker may have come to its end before it heard of the cancel
    if (row && meaningOf(row.outcome ?? '')?.outcome !== 'cancelled') throw await this.done(live.boss, id)
    return true
  }

  async cancelMatching(ref: string, filter: UnendedFilter, reason: string) {
    const working = new Set<number>()
    const cancelled = await this.matching(ref, filter, (live, entries) => {
      const fates = this.cancelNow(live, entries, reason)
      const those = entries.filter((_, at) => fates[at] !== 'untouched')
      for (const { id } of those) if (live.boss.working.has(id)) working.add(id)
      return those.length
    })
    return { cancelled, working: working.size }
  }

  async prioritise(ref: string, id: number, priority: number): Promise<void> {
    const live = await this.unfinished(ref, id)
    const changed = await this.each(live, [id], (entries) => this.prioritiseNow(live, entries, priority))
    if (changed.length === 0) throw await this.done(live.boss, id)
  }

  async prioritiseMatching(ref: string, filter: UnendedFilter, priority: number): Promise<number> {
    return this.matching(ref, filter, (live, entries) => this.prioritiseNow(live, entries, priority).length)
  }

  private cancelNow(live: LiveBoss, entries: readonly Unended[], reason: string): Fate[] {
    const { turns } = this
    turns.assertAccepts()
    const known = new Set(live.doomed.keys())
    const fates = endEarly(this.floor, live, entries, orderOf(reason))
    entries.forEach(({ id: instruction }, at) => {
      if (fates[at] === 'untouched' || known.has(instruction)) return
      turns.record({ type: 'instruction.cancelled', boss: live.id, at: Date.now(), instruction, reason, held: fates[at] === 'asked' })
    })
    return fates
  }

  /** @returns ids of those that have it now. */
  private prioritiseNow(live: LiveBoss, entries: readonly Unended[], priority: number): number[] {
    const { floor, turns } = this
    if (live.boss.over) return []
    for (const entry of entries) {
      turns.record({ type: 'instruction.changed', boss: live.id, at: Date.now(), instruction: entry.id, priority })
    }
    turns.after(() => {
      for (const entry of entries) {
        const waits = !live.delayed.has(entry.id) && live.withdraw(entry)
        live.priorities.set(entry.id, priority)
        if (waits) live.requeue([entry])
      }
      // what a worker has ahead may be overtaken now
      recall(floor, live)
    })
    return entries.map(({ id }) => id)
  }

  /** Looks instructions up and lets `act` have those that have not ended, within a message. @returns what it returns. */
  private async each<T>(live: LiveBoss, ids: readonly number[], act: (entries: readonly Unended[]) => T[]): Promise<T[]> {
    const rows = await this.floor.store.read('unendedAmong', live.id, ids)
    return this.turns.post(() => act(unendedOf(rows, this.floor.kinds)))
  }

  private async matching(
    ref: string,
    { status, kind, name }: UnendedFilter,
    act: (live: LiveBoss, entries: readonly Unended[]) => number,
  ): Promise<number> {
    const live = await this.on<LiveBoss | undefined>(
      ref,
      (found) => found,
      () => undefined,
    )
    if (!live) return 0
    const working = status === undefined ? null : status === 'working' ? 1 : 0
    const query: Omit<UnendedQuery, 'after'> = { limit: pageRows, kind: kind ?? null, name: name ?? null, working }
    let done = 0
    for (let after = 0; ; ) {
      const rows = await this.floor.store.read('unended', live.id, { ...query, after })
      done += await this.turns.post(() => act(live, unendedOf(rows, this.floor.kinds)))
      if (rows.id.length < pageRows) return done
      after = rows.id.at(-1) ?? after
    }
  }

  private untilEnded(live: LiveBoss, id: number): Promise<boolean> {
    return new Promise((resolve) => {
      const waiting = live.awaited.get(id) ?? new Set()
      live.awaited.set(id, waiting)
      const late = setTimeout(() => end(false), settleMs)
      const tell = () => end(true)
      const end = (ended: boolean) => {
        clearTimeout(late)
        waiting.delete(tell)
        if (waiting.size === 0) live.awaited.delete(id)
        resolve(ended)
      }
      waiting.add(tell)
    })
  }

  /** @throws {Refusal} not-found, already-done. */
  private async unfinished(ref: string, id: number): Promise<LiveBoss> {
    const found = await this.on<{ live: LiveBoss } | { over: Boss }>(
      ref,
      (live) => ({ live }),
      (over) => ({ over }),
    )
    if ('live' in found) return found.live
    throw await this.done(found.over, id)
  }

  /** Why nothing can be done to an instruction any more. */
  private async done(boss: Boss, id: number): Promise<Refusal> {
    const row = await this.floor.store.read('instruction', boss.id, id)
    const facts = { boss: boss.id, instruction: id }
    if (!row) return new Refusal('not-found', `Boss ${labelOf(boss)} has no instruction ${id}; GET …/instructions lists what it has`, facts)
    const how = row.outcome === null ? `its Boss ${labelOf(boss)} is over` : 'it has ended; its document says how'
    return new Refusal('already-done', `instruction ${id} of Boss ${labelOf(boss)} cannot be changed any more: ${how}`, facts)
  }
}
