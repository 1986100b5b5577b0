import type { Fact, Rows } from '../boss/fact.js'
import { pageBytes } from '../store/statements.js'
import type { Store } from '../store/store.js'

const newsMs = 1_000

/** What is sent of instructions, in the order asked for: of all, or of the first ones, one at least, when these are large. */
export interface Body {
  /** One JSON text each. */
  readonly attributes: readonly string[]
  /** As users gave them, null for none; undefined when none of them has one. */
  readonly names: readonly (string | null)[] | undefined
}

/** What is sent of an instruction lies on disk; what the last turn appended is still at hand, which saves a reading. */
export class Bodies {
  private recent: { boss: number; rows: Rows; attributes: readonly string[] | undefined }[] = []

  private toldAt = -Infinity

  constructor(private readonly store: Store) {}

  /** Keeps what a committed turn staged, until the next one. */
  keep(facts: readonly Fact[]): void {
    this.recent = facts.flatMap((fact) =>
      fact.type === 'instructions.staged' ? [{ boss: fact.boss, rows: fact.rows, attributes: undefined }] : [],
    )
  }

  /** What is at hand of these; undefined when something of it is not. */
  atHand(boss: number, ids: readonly number[]): Body | undefined {
    const names: (string | null)[] = []
    const attributes: string[] = []
    let size = 0
    for (const id of ids) {
      const found = this.recent.find((one) => one.boss === boss && id >= one.rows.first && id < one.rows.first + one.rows.n)
      if (!found) return undefined
      const at = id - found.rows.first
      found.attributes ??= found.rows.attributes.split('\n')
      const text = found.attributes[at] ?? '{}'
      size += text.length
      if (size > pageBytes && attributes.length > 0) break
      names.push(found.rows.name[at] ?? null)
      attributes.push(text)
    }
    return { names, attributes }
  }

  /** @throws Error when the store cannot be read. */
  async read(boss: number, ids: readonly number[]): Promise<Body> {
    const { attributes, names } = await this.store.read('bodiesOf', boss, ids)
    return { attributes: attributes.split('\n'), names }
  }

  /** Whether it is time to tell that they cannot be read: that is tried in each turn, and told once a second. */
  isNews(): boolean {
    const now = performance.now()
    if (now < this.toldAt + newsMs) return false
    this.toldAt = now
    return true
  }
}
