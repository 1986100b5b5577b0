import type { BossDocument, BossError, BossStatus, Counts } from './boss-document.js'
import { Refusal } from './errors.js'
import type { ArrayRow, BossSettings, Fact, Stopping } from './fact.js'
import { meaningOf } from './report.js'

/** A Boss as the facts made it. Its queue, its names and its workers are the workshop's. */
export interface Boss {
  readonly id: number
  readonly name: string | undefined
  readonly settings: BossSettings
  /** ms since 1970 */
  readonly createdAt: number
  halted: boolean
  ending: boolean
  stopping: Stopping | undefined
  /** Why the Boss itself failed; undefined when it did not, or only a sibling. */
  error: BossError | undefined
  over: { readonly status: OverStatus; readonly at: number } | undefined
  counts: Counts
  /** Instructions that a host said it began, with their attempt. */
  readonly working: Map<number, number>
  /** Its shared arrays, by name. */
  readonly arrays: Map<string, ArrayRow>
}

export type OverStatus = 'finished' | 'stopped' | 'failed'

type FactOf<T extends Fact['type']> = Extract<Fact, { type: T }>

/** A Boss as `boss.created` tells it. */
export function born(fact: FactOf<'boss.created'>): Boss {
  return {
    id: fact.boss,
    name: fact.name,
    settings: fact.settings,
    createdAt: fact.at,
    halted: fact.halted,
    ending: fact.ending,
    stopping: undefined,
    error: undefined,
    over: undefined,
    counts: { pending: 0, working: 0, succeeded: 0, failed: 0, cancelled: 0 },
    working: new Map(),
    arrays: new Map(),
  }
}

/** Brings a Boss to where `fact` leaves it. Facts about rows on their way in do not change it. */
export function apply(boss: Boss, fact: Fact): void {
  const { counts } = boss
  switch (fact.type) {
    case 'boss.working':
      boss.halted = false
      return
    case 'boss.halted':
      boss.halted = true
      return
    case 'boss.ending':
      boss.ending = true
      return
    case 'boss.stopping':
      boss.stopping = fact.how
      boss.error = fact.error
      return
    case 'boss.over':
      boss.over = { status: fact.status, at: fact.at }
      return
    case 'instructions.appended':
      counts.pending += fact.last - fact.first + 1
      return
    case 'instruction.started':
      boss.working.set(fact.instruction, fact.attempt)
      counts.pending--
      counts.working++
      return
    case 'instruction.retrying':
      if (boss.working.delete(fact.instruction)) {
        counts.working--
        counts.pending++
      }
      return
    case 'instruction.reported':
      counts.pending -= fact.ids.length
      if (boss.working.size > 0) {
        for (const id of fact.ids) {
          if (!boss.working.delete(id)) continue
          counts.working--
          counts.pending++
        }
      }
      for (let from = 0, to = 0; from < fact.outcomes.length; from = to) {
        const code = fact.outcomes.charAt(from)
        while (fact.outcomes.charAt(to) === code) to++
        counts[meaningOf(code)?.outcome ?? 'failed'] += to - from
      }
      return
    case 'array.put':
      boss.arrays.set(fact.array.name, fact.array)
      return
    case 'array.removed':
      boss.arrays.delete(fact.name)
      return
    case 'boss.created':
    case 'boss.removed':
    case 'instructions.staged':
    case 'instructions.dropped':
    case 'instruction.cancelled':
    case 'instruction.changed':
    case 'call.answered':
      return
    default:
      fact satisfies never
  }
}

/** The one word for where a Boss stands. What keeps it from going on comes before what it will do in the end. */
export function statusOf(boss: Boss): BossStatus {
  if (boss.over) return boss.over.status
  if (boss.stopping) return 'stopping'
  if (boss.halted) return 'halted'
  return boss.ending ? 'ending' : 'working'
}

/** Whether instructions of this Boss may start. */
export const mayLaunch = (boss: Boss) => !boss.halted && !boss.stopping && !boss.over

/** Whether it can never be over as it stands: END was heard, HALT holds what is pending (BEHAVIOUR section 9, item 11). */
export const isStuck = (boss: Boss) => !boss.over && boss.halted && boss.ending && !boss.stopping && boss.counts.pending > 0

/**
 * How a Boss ends as it stands; undefined while it goes on.
 * @param busy whether a worker holds instructions of it, begun or not.
 * @see taylorism's loop, step D: it leaves when stopped, or when END was heard and nothing is left.
 */
export function endOf(boss: Boss, busy: boolean): OverStatus | undefined {
  const { pending, working } = boss.counts
  if (boss.over) return undefined
  if (boss.stopping) return busy || working > 0 ? undefined : leftAs(boss)
  return boss.ending && pending === 0 && working === 0 ? 'finished' : undefined
}

/** How a Boss that hears nothing more ends: with its pending work left over, if there is any. */
export function leftAs(boss: Boss): OverStatus {
  if (boss.stopping === 'error') return 'failed'
  return boss.counts.pending > 0 ? 'stopped' : 'finished'
}

/** Whether it takes more instructions. */
export const isListening = (boss: Boss): boolean => !boss.over && !boss.stopping && !boss.ending

/** @throws {Refusal} boss-not-listening when it takes no more instructions. */
export function assertListening(boss: Boss): void {
  if (isListening(boss)) return
  throw new Refusal(
    'boss-not-listening',
    `Boss ${labelOf(boss)} is ${statusOf(boss)} and takes no more instructions; make another one with POST /v1/bosses`,
    {
      boss: boss.id,
      boss_status: statusOf(boss),
      ending: boss.ending,
    },
  )
}

/** @throws {Refusal} boss-not-listening when the Boss is over, which no signal can change. */
export function assertAlive(boss: Boss): void {
  if (!boss.over) return
  throw new Refusal(
    'boss-not-listening',
    `Boss ${labelOf(boss)} is over (${boss.over.status}) and hears no signal; make another one with POST /v1/bosses`,
    {
      boss: boss.id,
      boss_status: boss.over.status,
    },
  )
}

/** A Boss in words: its name and id. */
export const labelOf = (boss: { id: number; name: string | undefined }) =>
  boss.name === undefined ? `${boss.id}` : `${boss.name} (${boss.id})`

/** The document that clients read. */
export function documentOf(boss: Boss): BossDocument {
  const { id, name, settings, halted, ending, counts, error, createdAt, over } = boss
  return {
    id,
    ...(name !== undefined && { name }),
    status: statusOf(boss),
    halted,
    ending,
    ...settings,
    scheduler: { ...settings.scheduler },
    crew: settings.crew ?? 'local',
    counts: { ...counts },
    ...(error && { error }),
    created_at: new Date(createdAt).toISOString(),
    ...(over && { over_at: new Date(over.at).toISOString() }),
  }
}
