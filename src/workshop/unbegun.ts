import { endedAs, renderEnding, type StopOrder } from '../boss/ending.js'
import type { Entry } from '../scheduler/scheduler.js'
import type { Floor } from './floor.js'
import type { LiveBoss } from './live-boss.js'

/** An instruction that has not ended, with the name that it is reported by. */
export interface Unended extends Entry {
  readonly name: string
}

/** An instruction that shall end and that a worker holds. */
export interface Doom {
  readonly name: string
  readonly order: StopOrder
  /** It ends only if it has not begun. */
  readonly waitingOnly: boolean
}

const encoder = new TextEncoder()

/** What came back from a worker: what shall end does, in a message of its own, the rest waits again. */
export function takeBack(floor: Floor, live: LiveBoss, entries: readonly Entry[]): void {
  if (live.boss.over) return
  live.requeue(entries.filter(({ id }) => !live.doomed.has(id)))
  for (const entry of entries) {
    const doom = live.doomed.get(entry.id)
    if (!doom) continue
    floor.turn.mail(() => {
      if (live.boss.over) return
      live.withdraw(entry) // it waits again if the Boss was loaded anew meanwhile
      reportUnbegun(floor, live, [{ ...entry, name: doom.name }], doom.order)
    })
  }
}

/** Inside a message: reports instructions that end without having begun, all of them by one order. */
export function reportUnbegun(floor: Floor, live: LiveBoss, entries: readonly Unended[], order: StopOrder): void {
  const at = Date.now()
  const lines = entries.map(({ id, kind, name }) =>
    renderEnding({
      name,
      kind: floor.kinds.of(kind).name,
      report: null,
      ...endedAs(order, 0),
      attempt: live.attemptOf(id),
      scheduler_ticket: null,
      cpus: [],
      started_at: null,
      finished_at: new Date(at).toISOString(),
      usage: { wall: 0, cpu: null, max_rss: null },
    }),
  )
  floor.turn.record({
    type: 'instruction.reported',
    boss: live.id,
    at,
    ids: entries.map(({ id }) => id),
    attempts: entries.map(({ id }) => live.attemptOf(id)),
    outcomes: order.o.repeat(entries.length),
    lines: encoder.encode(`${lines.join('\n')}\n`),
  })
  floor.turn.after(() => {
    for (const entry of entries) live.ended(entry)
  })
}
