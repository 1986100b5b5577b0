import type { CrewName } from '../boss/boss-document.js'
import type { HostInfo } from '../crew/crew.js'
import type { ResourcesDocument, WorkerDocument } from './contract.js'
import { localOf, type Floor } from './floor.js'

/** The machine, as the house was told of it. */
interface House {
  readonly machine: { readonly node: string; readonly cpus: readonly number[]; readonly memoryMiB: number }
  readonly enforcement: { readonly mode: ResourcesDocument['memory_enforcement']; readonly reason: string | undefined }
}

/** Between turns: who works where. */
export function workersOf(floor: Floor, { machine }: Pick<House, 'machine'>): WorkerDocument[] {
  return [...floor.sites.values()].flatMap(({ crew }) => crew.hosts().map((host) => workerOf(floor, crew.name, host, machine.node)))
}

function workerOf(floor: Floor, crew: CrewName, its: HostInfo, own: string): WorkerDocument {
  const { host, pid, cpus, frames, node, job, state, reason } = its
  const held = frames.flatMap((f) => floor.batches.get(f) ?? [])
  const first = held[0]
  const entry = first?.batch.entries[first.batch.done]
  const all = held.reduce((sum, { batch }) => sum + batch.entries.length - batch.done, 0)
  return {
    host,
    pid,
    crew,
    node: crew === 'local' ? own : (node ?? null),
    cpus: [...cpus],
    ...(job !== undefined && { job }),
    ...(state && { state }),
    ...(reason !== undefined && { reason }),
    ahead: Math.max(0, all - 1),
    ...(first && {
      place: first.worker.grant.id,
      boss: first.worker.live.id,
      kind: first.batch.kind.name,
      scheduler_ticket: first.worker.ticket,
    }),
    ...(first && entry && { instruction: entry.id, name: first.batch.names[first.batch.done] ?? '' }),
  }
}

/** Between turns: what the machine has, and who holds it; the same of a cluster. */
export function resourcesOf(floor: Floor, { machine, enforcement }: House): ResourcesDocument {
  const { store, refusing } = floor
  const { ledger } = localOf(floor)
  const { slots, memory } = ledger.used
  return {
    cores: { total: machine.cpus.length, cpus: [...machine.cpus], order: [...ledger.cpus] },
    memory: { total: machine.memoryMiB, granted: memory },
    memory_enforcement: enforcement.mode,
    ...(enforcement.reason !== undefined && { memory_enforcement_reason: enforcement.reason }),
    slots: { total: ledger.slots, used: slots },
    places: ledger
      .held()
      .map(({ id, cpus, boss, cores, memory: granted }) => ({ place: id, cpus: [...cpus], boss, cores, memory: granted })),
    ...clusterOf(floor),
    store: { file: store.file, ready: refusing === undefined, ...(refusing !== undefined && { reason: refusing }) },
  }
}

function clusterOf({ sites }: Floor): Pick<ResourcesDocument, 'slurm'> {
  const site = sites.get('slurm')
  if (!site) return {}
  const { crew, ledger, nodes } = site
  const { slots, memory } = ledger.used
  const hosts = crew.hosts()
  return {
    slurm: {
      ready: crew.notReady === undefined,
      ...(crew.notReady !== undefined && { reason: crew.notReady }),
      cores: { total: ledger.slots, granted: slots },
      memory: { total: ledger.memory, granted: memory },
      hosts: { total: hosts.length, waiting: hosts.filter(({ state }) => state === 'waiting').length, most: ledger.mostPlaces },
      nodes: nodes.map((node) => ({ ...node })),
    },
  }
}
