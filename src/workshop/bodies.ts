import type { Fact, Rows } from '../boss/fact.js'
import type { Store } from '../store/store.js'

/** What is sent of instructions, in the order asked for. */
export interface Body {
  /** One JSON text each. */
  readonly attributes: readonly string[]
  /** As users gave them, null for none; undefined when none of them has one. */
  readonly names: readonly (string | null)[] | undefined
}

/** What is sent of an instruction lies on disk; what the last turn appended is still at hand, which saves a reading. */
export class Bodies {
  private recent: { boss: number; rows: Rows; attributes: readonly string[] | undefined }[] = []

  constructor(private readonly store: Store) {}

  /** Keeps what a committed turn staged, until the next one. */
  keep(facts: readonly Fact[]): void {
    this.recent = facts.flatMap((fact) =>
      fact.type === 'instructions.staged' ? [{ boss: fact.boss, rows: fact.rows, attributes: undefined }] : [],
    )
  }

  /** What is at hand of these; undefined when not all of it is. */
  atHand(boss: number, ids: readonly number[]): Body | undefined {
    const names: (string | null)[] = []
    const attributes: string[] = []
    for (const id of ids) {
      const found = this.recent.find((one) => one.boss === boss && id >= one.rows.first && id < one.rows.first + one.rows.n)
      if (!found) return undefined
      const at = id - found.rows.first
      found.attributes ??= found.rows.attributes.split('\n')
      names.push(found.rows.name[at] ?? null)
      attributes.push(found.attributes[at] ?? '{}')
    }
    return { names, attributes }
  }

  /** @throws Error when the store cannot be read. */
  async read(boss: number, ids: readonly number[]): Promise<Body> {
    const { attributes, names } = await this.store.read('bodiesOf', boss, ids)
    return { attributes: attributes.split('\n'), names }
  }
}
