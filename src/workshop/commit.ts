import { together, type Fact } from '../boss/fact.js'
import { Unwritable } from '../store/store.js'
import type { Floor } from './floor.js'

/** What a turn made durable. */
export interface Durable {
  /** As they were written: appends may have become one. */
  readonly facts: readonly Fact[]
  /** seq of the first entry of the log */
  readonly first: number
}

/**
 * Makes what a turn decided durable.
 * @throws {StoreRefuses} {Unwritable} as `Store.commit`; a position is one in `decided`.
 */
export async function commit(floor: Floor, decided: readonly Fact[]): Promise<Durable> {
  const write = (facts: readonly Fact[]) => floor.meters.committing(() => floor.store.commit(facts))
  if (decided.length === 0) return { facts: decided, first: 0 }
  const facts = together(decided)
  try {
    return { facts, first: await write(facts) }
  } catch (error) {
    // one by one, so that the message is found which decided what cannot be written
    if (error instanceof Unwritable && facts !== decided) return { facts: decided, first: await write(decided) }
    throw error
  }
}
