import type { ResourcesDocument, WorkerDocument } from './contract.js'
import type { Floor } from './floor.js'

/** The machine, as the house was told of it. */
interface House {
  readonly machine: { readonly node: string; readonly cpus: readonly number[]; readonly memoryMiB: number }
  readonly enforcement: { readonly mode: ResourcesDocument['memory_enforcement']; readonly reason: string | undefined }
}

/** Between turns: who works where. */
export function workersOf(floor: Floor, { machine }: Pick<House, 'machine'>): WorkerDocument[] {
  return floor.crew.hosts().map(({ host, pid, cpus, frames }) => {
    const held = frames.flatMap((f) => floor.batches.get(f) ?? [])
    const first = held[0]
    const entry = first?.batch.entries[first.batch.done]
    const all = held.reduce((sum, { batch }) => sum + batch.entries.length - batch.done, 0)
    return {
      host,
      pid,
      node: machine.node,
      cpus: [...cpus],
      ahead: Math.max(0, all - 1),
      ...(first && {
        place: first.worker.grant.id,
        boss: first.worker.live.id,
        kind: first.batch.kind.name,
        scheduler_ticket: first.worker.ticket,
      }),
      ...(first && entry && { instruction: entry.id, name: first.batch.names[first.batch.done] ?? '' }),
    }
  })
}

/** Between turns: what the machine has, and who holds it. */
export function resourcesOf({ ledger, store, refusing }: Floor, { machine, enforcement }: House): ResourcesDocument {
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
    store: { file: store.file, ready: refusing === undefined, ...(refusing !== undefined && { reason: refusing }) },
  }
}
