/** How what a bar stands for ended. `mixed`: many, some of which did not succeed. */
export const outcomes = ['succeeded', 'failed', 'cancelled', 'working'] as const
export type Outcome = (typeof outcomes)[number]

/** One bar: an attempt, or many short ones that were told together. Times in ms since 1970. */
export interface Bar {
  readonly start: number
  readonly end: number
  /** how many it stands for */
  readonly n: number
  /** of these, how many failed */
  readonly failed: number
  readonly boss: number
  /** the first instruction and the last one */
  readonly first: number
  readonly last: number
  readonly name: string
  readonly kind: string
  readonly outcome: Outcome
  readonly cause: string
  /** MiB, 0 when it is not known */
  readonly memory: number
}

const fewest = 256

/** The bars of one row, by columns, in order of time; the oldest go when there are too many. */
export class Lane {
  length = 0
  start = new Float64Array(fewest)
  end = new Float64Array(fewest)
  n = new Uint32Array(fewest)
  failed = new Uint32Array(fewest)
  boss = new Uint32Array(fewest)
  first = new Float64Array(fewest)
  last = new Float64Array(fewest)
  memory = new Float32Array(fewest)
  /** indexes of `kinds` and `outcomes` */
  kind = new Uint16Array(fewest)
  outcome = new Uint8Array(fewest)
  /** `undefined` for the usual one, `KIND-ID` */
  name: (string | undefined)[] = []
  cause: string[] = []

  /** @param kinds that all rows share. */
  constructor(readonly kinds: Names) {}

  /** Puts a bar where it belongs, which is nearly always the end. @param most bars that it may have. */
  add(bar: Bar, most: number): void {
    if (this.length >= most) this.drop(Math.ceil(most / 4))
    if (this.length === this.start.length) this.grow()
    const at = this.length++
    this.set(at, bar)
    this.sink(at)
  }

  at(index: number): Bar {
    const kind = this.kinds.nameOf(this.kind[index]!)
    const first = this.first[index]!
    return {
      start: this.start[index]!,
      end: this.end[index]!,
      n: this.n[index]!,
      failed: this.failed[index]!,
      boss: this.boss[index]!,
      first,
      last: this.last[index]!,
      name: this.name[index] ?? `${kind}-${first}`,
      kind,
      outcome: outcomes[this.outcome[index]!]!,
      cause: this.cause[index] ?? '',
      memory: this.memory[index]!,
    }
  }

  /** The first bar that ends behind a time; bars of a row hardly overlap. */
  firstBehind(time: number): number {
    let [low, high] = [0, this.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.end[middle]! > time) high = middle
      else low = middle + 1
    }
    return low
  }

  /** Bars of a row of the same kinds before these. @param most bars that there may be then: the oldest of the others are left out. */
  prepend(older: Lane, most: number): void {
    const [rest, kept] = [this.length, Math.min(older.length, most - this.length)]
    if (kept <= 0) return
    while (this.start.length < kept + rest) this.grow()
    const from = older.length - kept
    const columns = Object.values(older.columns)
    Object.values(this.columns).forEach((column, at) => {
      column.copyWithin(kept, 0, rest)
      column.set(columns[at]!.subarray(from, older.length))
    })
    this.name = [...older.name.slice(from), ...this.name]
    this.cause = [...older.cause.slice(from), ...this.cause]
    this.length = kept + rest
    for (let at = kept; at < this.length && this.sink(at); at++);
  }

  /** Brings a bar to its place among those before it, which are in order. @returns whether it was not there. */
  private sink(at: number): boolean {
    const start = this.start[at]!
    if (at === 0 || this.start[at - 1]! <= start) return false
    const bar = this.at(at)
    for (; at > 0 && this.start[at - 1]! > start; at--) this.move(at - 1, at)
    this.set(at, bar)
    return true
  }

  private set(at: number, bar: Bar): void {
    this.start[at] = bar.start
    this.end[at] = bar.end
    this.n[at] = bar.n
    this.failed[at] = bar.failed
    this.boss[at] = bar.boss
    this.first[at] = bar.first
    this.last[at] = bar.last
    this.memory[at] = bar.memory
    this.kind[at] = this.kinds.indexOf(bar.kind)
    this.outcome[at] = outcomes.indexOf(bar.outcome)
    this.name[at] = bar.name === `${bar.kind}-${bar.first}` ? undefined : bar.name
    this.cause[at] = bar.cause
  }

  private get columns() {
    const { start, end, n, failed, boss, first, last, memory, kind, outcome } = this
    return { start, end, n, failed, boss, first, last, memory, kind, outcome }
  }

  private move(from: number, to: number): void {
    for (const column of Object.values(this.columns)) column[to] = column[from]!
    this.name[to] = this.name[from]
    this.cause[to] = this.cause[from]!
  }

  private drop(count: number): void {
    for (const column of Object.values(this.columns)) column.copyWithin(0, count, this.length)
    this.name.splice(0, count)
    this.cause.splice(0, count)
    this.length -= count
  }

  private grow(): void {
    const grown = Object.entries(this.columns).map(([name, column]) => {
      const larger = new (column.constructor as new (length: number) => typeof column)(column.length * 2)
      larger.set(column as never)
      return [name, larger] as const
    })
    Object.assign(this, Object.fromEntries(grown))
  }
}

/** Names by number, for columns that hold few of them. */
export class Names {
  private readonly names: string[] = []
  private readonly numbers = new Map<string, number>()

  indexOf(name: string): number {
    let number = this.numbers.get(name)
    if (number === undefined) {
      number = this.names.push(name) - 1
      this.numbers.set(name, number)
    }
    return number
  }

  nameOf(number: number): string {
    return this.names[number] ?? ''
  }

  get all(): readonly string[] {
    return this.names
  }
}
