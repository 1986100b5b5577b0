import { statusOf } from '../boss/boss.js'
import type { Role } from '../crew/crew.js'
import { localOf, type Floor } from './floor.js'
import type { Counted } from './meters.js'

const unfinished = ['working', 'halted', 'ending', 'stopping'] as const

/** What is in the house. */
export interface HouseFigures extends Counted {
  readonly ready: boolean
  readonly pending: number
  readonly working: number
  /** Bosses that are not over. */
  readonly bosses: Readonly<Record<(typeof unfinished)[number], number>>
  /** CPUs of this machine that may be used. */
  readonly cores: number
  readonly slots: { readonly total: number; readonly used: number }
  /** MiB */
  readonly memory: { readonly total: number; readonly granted: number }
  /** Worker processes. */
  readonly hosts: Readonly<Record<Role, number>>
  /** Who follows events. */
  readonly followers: number
}

/** Between two turns. Costs as much as there are Bosses and hosts, whatever waits. */
export function figuresOf(floor: Floor, cores: number, ready: boolean, followers: number): HouseFigures {
  const bosses = { working: 0, halted: 0, ending: 0, stopping: 0 }
  let pending = 0
  let working = 0
  for (const { boss } of floor.bosses.values()) {
    pending += boss.counts.pending
    working += boss.counts.working
    const status = unfinished.find((one) => one === statusOf(boss))
    if (status) bosses[status]++
  }
  const hosts = { js: 0, program: 0 }
  for (const { crew } of floor.sites.values()) for (const { role } of crew.hosts()) hosts[role]++
  const { ledger } = localOf(floor)
  const { slots, memory } = ledger.used
  return {
    ...floor.meters.counts,
    ready,
    pending,
    working,
    bosses,
    cores,
    slots: { total: ledger.slots, used: slots },
    memory: { total: ledger.memory, granted: memory },
    hosts,
    followers,
  }
}
