/** One entry takes this many float64 numbers of a leaf. */
const WIDTH = 6
const PRIORITY = 0
const TIME = 1
const ID = 2
const MEMORY = 3
const KIND = 4
const NAME = 5

/** Slots of a full-grown leaf: what SPIKE section 4 found best for adding in random order. */
export const LEAF_SLOTS = 256
const FIRST_SLOTS = 16

/** The numbers of an entry that a leaf holds; NaN where the row gave none. Cores and files are kept elsewhere. */
export interface Slot {
  readonly priority: number
  readonly time: number
  readonly id: number
  readonly memory: number
  readonly kind: number
  readonly nameHash: number
}

/** What is the same for all leaves of a queue. */
export interface Rule {
  /** Whether the larger expected time comes first, ahead of arrival; an absent one counts 0. */
  readonly longestFirst: boolean
  /** MiB that an entry needs which names no memory. */
  readonly perTaskMiB: number
}

/** The order of arrival; what names no memory needs none. */
export const ARRIVAL: Rule = { longestFirst: false, perTaskMiB: 0 }

/**
 * What a search may take: a need of at most `atMostMiB` that keeps the sum with `usedMiB` strictly below `belowMiB`. Both
 * grow with the need, so what lets no least need pass lets nothing pass.
 */
export interface Ceiling {
  readonly atMostMiB: number
  readonly usedMiB: number
  readonly belowMiB: number
}

/** Whether a need may be taken; the sum is formed as taylorism forms it, so that rounding decides alike. */
export const fitsBelow = ({ atMostMiB, usedMiB, belowMiB }: Ceiling, needMiB: number) =>
  needMiB <= atMostMiB && usedMiB + needMiB < belowMiB

/** The part of an entry that says where it stands. */
export type Position = Pick<Slot, 'priority' | 'time' | 'id'>

/**
 * Up to 256 neighbours of the order, all their numbers in one typed array: 48 bytes an entry, and one `copyWithin` makes
 * room for another. Knows the smallest need among them, so that a search for what fits passes by in one comparison.
 */
export class Leaf {
  count = 0
  /** MiB; Infinity when empty. */
  leastMiB = Infinity
  private numbers: Float64Array
  /** Slots given up in front of the first entry: taking the head of a queue moves nothing. */
  private skipped = 0

  /** @param slots a lane that holds little pays for little: it begins with a small leaf, which grows. */
  constructor(
    private readonly rule: Rule,
    slots: number = FIRST_SLOTS,
  ) {
    this.numbers = new Float64Array(slots * WIDTH)
  }

  get isFull(): boolean {
    return this.count === LEAF_SLOTS
  }

  read(slot: number): Slot {
    const { numbers } = this
    const at = this.at(slot)
    return {
      priority: numbers[at + PRIORITY] as number,
      time: numbers[at + TIME] as number,
      id: numbers[at + ID] as number,
      memory: numbers[at + MEMORY] as number,
      kind: numbers[at + KIND] as number,
      nameHash: numbers[at + NAME] as number,
    }
  }

  /** Whether the entry in `slot` comes before `position`: larger priority, then the policy's key, then arrival. */
  isBefore(slot: number, position: Position): boolean {
    const { numbers } = this
    const at = this.at(slot)
    const priority = numbers[at + PRIORITY] as number
    if (priority !== position.priority) return priority > position.priority
    if (this.rule.longestFirst) {
      // NaN (no time given) counts 0
      const time = (numbers[at + TIME] as number) || 0
      const otherTime = position.time || 0
      if (time !== otherTime) return time > otherTime
    }
    return (numbers[at + ID] as number) < position.id
  }

  idAt(slot: number): number {
    return this.numbers[this.at(slot) + ID] as number
  }

  /** The first slot that does not come before `position`; `count` when all do. */
  find(position: Position): number {
    let low = 0
    let high = this.count
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.isBefore(middle, position)) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The first slot from `from` on whose need `ceiling` lets pass; -1 when there is none. */
  fitting(from: number, ceiling: Ceiling): number {
    for (let slot = from; slot < this.count; slot++) if (fitsBelow(ceiling, this.needAt(slot))) return slot
    return -1
  }

  /** Puts an entry into `slot`; the leaf must not be full. */
  insert(slot: number, entry: Slot): void {
    this.makeRoom(1)
    const { numbers, count } = this
    const at = this.at(slot)
    if (slot < count) numbers.copyWithin(at + WIDTH, at, this.at(count))
    numbers[at + PRIORITY] = entry.priority
    numbers[at + TIME] = entry.time
    numbers[at + ID] = entry.id
    numbers[at + MEMORY] = entry.memory
    numbers[at + KIND] = entry.kind
    numbers[at + NAME] = entry.nameHash
    this.count = count + 1
    this.leastMiB = Math.min(this.leastMiB, this.needAt(slot))
  }

  remove(slot: number): void {
    const needMiB = this.needAt(slot)
    if (slot === 0) this.skipped++
    else this.numbers.copyWithin(this.at(slot), this.at(slot + 1), this.at(this.count))
    this.count--
    if (needMiB === this.leastMiB) this.measure(needMiB)
  }

  /** Moves the later half into a leaf of its own. */
  split(): Leaf {
    const half = this.count >> 1
    const floorMiB = this.leastMiB
    const later = new Leaf(this.rule, LEAF_SLOTS)
    later.numbers.set(this.numbers.subarray(this.at(half), this.at(this.count)))
    later.count = this.count - half
    this.count = half
    this.measure(floorMiB)
    later.measure(floorMiB)
    return later
  }

  /** Takes over all entries of the leaf that follows this one; together they must not be more than a leaf holds. */
  join(later: Leaf): void {
    this.makeRoom(later.count)
    this.numbers.set(later.numbers.subarray(later.at(0), later.at(later.count)), this.at(this.count))
    this.count += later.count
    this.leastMiB = Math.min(this.leastMiB, later.leastMiB)
  }

  private needAt(slot: number): number {
    const memory = this.numbers[this.at(slot) + MEMORY] as number
    return Number.isNaN(memory) ? this.rule.perTaskMiB : memory
  }

  /** Finds the smallest need again, which is known to be no smaller than `floorMiB`: the first that equals it ends the search. */
  private measure(floorMiB: number): void {
    let leastMiB = Infinity
    for (let slot = 0; slot < this.count && leastMiB !== floorMiB; slot++) leastMiB = Math.min(leastMiB, this.needAt(slot))
    this.leastMiB = leastMiB
  }

  private at(slot: number): number {
    return (this.skipped + slot) * WIDTH
  }

  /** Makes sure that `more` entries find room behind the last one. */
  private makeRoom(more: number): void {
    const { numbers, count } = this
    if (this.at(count + more) <= numbers.length) return
    const kept = numbers.subarray(this.at(0), this.at(count))
    let slots = numbers.length / WIDTH
    while (slots < count + more) slots *= 2
    if (slots * WIDTH > numbers.length) this.numbers = new Float64Array(slots * WIDTH)
    this.numbers.set(kept)
    this.skipped = 0
  }
}
