import type { Fact, Rows } from '../boss/fact.js'
import { pageBytes } from '../store/statements.js'
import type { Store } from '../store/store.js'

/** Characters of attributes that are kept at hand until they are sent; each slice counts for some more. */
const mostChars = 8 * 1024 * 1024
const sliceChars = 1024
const newsMs = 1_000

/** What is sent of instructions, in the order asked for: of all, or of the first ones, one at least, when these are large. */
export interface Body {
  /** One JSON text each. */
  readonly attributes: readonly string[]
  /** As users gave them, null for none; undefined when none of them has one. */
  readonly names: readonly (string | null)[] | undefined
}

/** Rows that were written together, ids first…first+n-1. */
interface Slice extends Pick<Rows, 'first' | 'n' | 'name'> {
  readonly text: string
  /** `text` by rows, once one of them was asked for. */
  attributes: readonly string[] | undefined
  /** Rows that were not handed out yet. */
  left: number
}

/**
 * What is sent of an instruction lies on disk. What the last turn appended is still at hand, and of what was appended before as much as there
 * is room for, which saves a reading.
 */
export class Bodies {
  /** Of each Boss, by their ids. */
  private readonly slices = new Map<number, Slice[]>()
  private chars = 0
  /** Those of the last turn that there is no room for. */
  private surplus: { readonly boss: number; readonly first: number }[] = []

  private toldAt = -Infinity

  constructor(private readonly store: Store) {}

  /** Keeps what a committed turn staged. */
  keep(facts: readonly Fact[]): void {
    for (const { boss, first } of this.surplus.splice(0)) this.forget(boss, first, first)
    for (const fact of facts) {
      if (fact.type === 'instructions.staged') this.add(fact.boss, fact.rows)
      else if (fact.type === 'instructions.dropped') this.forget(fact.boss, fact.first, fact.last)
      else if (fact.type === 'boss.over') this.forget(fact.boss, 0, Infinity)
    }
  }

  /** What is at hand of these; undefined when something of it is not. */
  atHand(boss: number, ids: readonly number[]): Body | undefined {
    const slices = this.slices.get(boss)
    if (!slices) return undefined
    const names: (string | null)[] = []
    const attributes: string[] = []
    let size = 0
    let slice: Slice | undefined
    for (const id of ids) {
      if (!slice || !has(slice, id)) {
        if (slice && slice.left <= 0) this.forget(boss, slice.first, slice.first)
        slice = slices[before(slices, id + 1) - 1]
        if (!slice || !has(slice, id)) return undefined
        slice.attributes ??= slice.text.split('\n')
      }
      const at = id - slice.first
      const text = slice.attributes?.[at] ?? '{}'
      size += text.length
      if (size > pageBytes && attributes.length > 0) break
      names.push(slice.name[at] ?? null)
      attributes.push(text)
      slice.left--
    }
    if (slice && slice.left <= 0) this.forget(boss, slice.first, slice.first)
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

  private add(boss: number, { first, n, name, attributes }: Rows): void {
    if (n === 0) return
    let slices = this.slices.get(boss)
    if (!slices) this.slices.set(boss, (slices = []))
    slices.splice(before(slices, first), 0, { first, n, name, text: attributes, attributes: undefined, left: n })
    this.chars += sliceChars + attributes.length
    if (this.chars > mostChars) this.surplus.push({ boss, first })
  }

  /** Forgets the slices of a Boss that begin within these ids. */
  private forget(boss: number, first: number, last: number): void {
    const slices = this.slices.get(boss)
    if (!slices) return
    const from = before(slices, first)
    for (const { text } of slices.splice(from, before(slices, last + 1) - from)) this.chars -= sliceChars + text.length
    if (slices.length === 0) this.slices.delete(boss)
  }
}

const has = ({ first, n }: Slice, id: number) => id >= first && id < first + n

/** How many of these begin before an id. */
function before(slices: readonly Slice[], id: number): number {
  let from = 0
  let to = slices.length
  while (from < to) {
    const middle = (from + to) >> 1
    if (slices[middle]!.first < id) from = middle + 1
    else to = middle
  }
  return from
}
