import type { CrewName } from '../boss/boss-document.js'
import { invalid } from '../boss/errors.js'
import type { Crew, NodeInfo } from '../crew/crew.js'
import { Ledger } from '../ledger.js'

/** Where Bosses work: a crew, and the book of what it has to grant. Bosses of one site share it fairly. */
export interface Site {
  readonly crew: Crew
  readonly ledger: Ledger
  /** Machines that it has besides the daemon's own. */
  nodes: readonly NodeInfo[]
  /** ms of core time that each Boss which takes part in the fair division was served at least, a late one by being set forward; only grows. */
  servedMs: number
}

/** What sites are made of. */
interface House {
  readonly crew: Crew
  readonly slurm?: { readonly crew: Crew; readonly maxHosts: number } | undefined
  readonly machine: { readonly order: readonly number[]; readonly memoryMiB: number }
  readonly slots: number | undefined
}

export function sitesOf({ crew, slurm, machine, slots }: House): Map<CrewName, Site> {
  const sites = new Map<CrewName, Site>()
  sites.set('local', { crew, ledger: new Ledger(machine.order, machine.memoryMiB, slots), nodes: [], servedMs: 0 })
  if (slurm) sites.set('slurm', { crew: slurm.crew, ledger: new Ledger([], 0, 0, slurm.maxHosts), nodes: [], servedMs: 0 })
  return sites
}

/** The site of a crew. One that this daemon was not started with has nothing to grant: its Bosses wait for a daemon that was. */
export function siteOf({ sites }: { readonly sites: ReadonlyMap<CrewName, Site> }, name: CrewName): Site {
  return sites.get(name) ?? { crew: absent(name), ledger: new Ledger([], 0, 0, 0), nodes: [], servedMs: 0 }
}

const missing = (name: CrewName) => `the daemon was started without --${name}`

/** @throws {Refusal} invalid when this daemon was not started with the crew. */
export function assertThere({ crew: { name, hosts } }: Site): void {
  if (hosts === nobody) throw invalid(`"crew" is "${name}", and ${missing(name)}; start it with that, or give another crew`, { crew: name })
}

const nobody = () => []
const nothing = () => undefined

const absent = (name: CrewName): Crew => ({
  name,
  listen: nothing,
  send: nothing,
  takeBack: nothing,
  stop: nothing,
  acknowledge: nothing,
  release: nothing,
  hosts: nobody,
  notReady: undefined,
  waitingFor: `a daemon that was started with --${name}; this one was not`,
  close: async () => undefined,
})
