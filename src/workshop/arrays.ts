import { labelOf, type Boss } from '../boss/boss.js'
import type { CrewName } from '../boss/boss-document.js'
import { Refusal } from '../boss/errors.js'
import type { ArrayRow } from '../boss/fact.js'
import type { Arrays } from './contract.js'
import type { Finding, Floor } from './floor.js'
import type { LiveBoss } from './live-boss.js'
import { assertTakes, refuseOver } from './signals.js'
import type { Turns } from './turn.js'

/** Where the files of arrays are kept. */
export interface Shelf {
  /** Path of an array's file. */
  pathOf(array: ArrayRow): string
  /** Removes an array's file; who has it mapped keeps it until he lets go. */
  discard(place: string): Promise<void>
}

/** What an instruction is told of its Boss's arrays: the path of each, undefined when there are none. */
export function pathsOf({ shelf }: Floor, { boss: { arrays } }: LiveBoss): Record<string, string> | undefined {
  if (arrays.size === 0) return undefined
  return Object.fromEntries([...arrays.values()].map((array) => [array.name, shelf.pathOf(array)]))
}

/** Answers what HTTP asks about arrays. */
export class ArrayDesk implements Arrays {
  /** @param on finds a Boss: `live` is called within a message, `over` with one that is over. */
  constructor(
    private readonly floor: Floor,
    private readonly turns: Turns,
    private readonly on: Finding,
  ) {}

  async list(ref: string): Promise<readonly ArrayRow[]> {
    return (await this.all(ref)).arrays
  }

  async one(ref: string, name: string): Promise<ArrayRow> {
    const { label, arrays } = await this.all(ref)
    return named(label, name, arrays)
  }

  mayPut(ref: string, name: string): Promise<CrewName> {
    return this.on(
      ref,
      (live) => {
        assertMayPut(this.floor, live, name)
        return live.site.crew.name
      },
      refuseOver,
    )
  }

  put(ref: string, array: ArrayRow): Promise<boolean> {
    return this.on(ref, (live) => putArray(this.floor, live, array), refuseOver)
  }

  async remove(ref: string, name: string): Promise<void> {
    const over = await this.on<Boss | undefined>(
      ref,
      ({ boss }) => removeArray(this.floor, boss.id, named(labelOf(boss), name, [...boss.arrays.values()])),
      (boss) => boss,
    )
    if (!over) return
    const arrays = await this.floor.store.read('arraysOf', over.id)
    await this.turns.post(() => removeArray(this.floor, over.id, named(labelOf(over), name, arrays)))
  }

  private async all(ref: string): Promise<{ boss: number; label: string; arrays: readonly ArrayRow[] }> {
    const answer = (boss: Boss) => ({ boss: boss.id, label: labelOf(boss), arrays: [...boss.arrays.values()] })
    const found = await this.on<ReturnType<typeof answer> & { over?: true }>(
      ref,
      ({ boss }) => answer(boss),
      (boss) => ({ ...answer(boss), over: true }),
    )
    return found.over ? { ...found, arrays: await this.floor.store.read('arraysOf', found.boss) } : found
  }
}

/** @throws {Refusal} boss-not-listening, or array-in-use when there is one of this name and work runs that may have it mapped. */
function assertMayPut(floor: Floor, live: LiveBoss, name: string): void {
  assertTakes(live)
  if (live.boss.arrays.has(name)) assertUnused(floor, live.id, name)
}

/** Inside a message: an array whose file is there belongs to the Boss from now on. @returns whether it replaced another. */
export function putArray(floor: Floor, live: LiveBoss, array: ArrayRow): boolean {
  assertMayPut(floor, live, array.name)
  const before = live.boss.arrays.get(array.name)
  floor.turn.record({ type: 'array.put', boss: live.id, at: Date.now(), array })
  if (before) floor.turn.after(() => void floor.shelf.discard(before.place))
  return before !== undefined
}

/** Inside a message: a Boss, which may be over, has this array no more. @throws {Refusal} array-in-use. */
function removeArray(floor: Floor, boss: number, { name, place }: ArrayRow): undefined {
  assertUnused(floor, boss, name)
  floor.turn.record({ type: 'array.removed', boss, at: Date.now(), name })
  floor.turn.after(() => void floor.shelf.discard(place))
}

/** What runs may have any array of its Boss mapped: a program gets all their paths, a task can reach them all. */
function assertUnused(floor: Floor, boss: number, array: string): void {
  for (const { worker, batch } of floor.batches.values()) {
    if (worker.live.id !== boss || !batch.sent) continue
    const label = labelOf(worker.live.boss)
    throw new Refusal(
      'array-in-use',
      `work of Boss ${label} runs and may have array "${array}" mapped; halt the Boss and wait until nothing runs, or put the array under another name`,
      { boss, array },
    )
  }
}

function named(label: string, name: string, arrays: readonly ArrayRow[]): ArrayRow {
  const found = arrays.find((array) => array.name === name)
  if (found) return found
  const there = arrays.map((array) => array.name)
  throw new Refusal('not-found', `Boss ${label} has no array "${name}"; it has ${there.join(', ') || 'none'}`, {
    array: name,
    available: there,
  })
}
