import type { Event } from '../../client/client.js'
import { Lane, Names, type Bar, type Outcome } from './lane.js'

/** Bars of all rows together; beyond, the oldest go, so that a page that is open for days stays as it is. */
export const mostBars = 200_000
/** Stands for the kind of an attempt that came to nothing, which no event tells; such a bar has the colour of a failure. */
export const retried = 'retried'
/** More rows than a machine has cores are no help to anybody. */
const mostRows = 512

/** A core: its number on the daemon's machine, or `node:number` of another that Slurm has. */
export type Core = number | string
interface Bound {
  /** absent: the daemon's own */
  readonly node?: string | null
  readonly cpus: readonly number[]
}
const coresOf = ({ node, cpus }: Bound): Core[] => cpus.map((cpu) => (node == null ? cpu : `${node}:${cpu}`))

/** What runs now in a row. */
export interface Running {
  readonly boss: number
  readonly instruction: number
  readonly attempt: number
  /** ms since 1970 */
  readonly since: number
  readonly rows: readonly number[]
  readonly isBound: boolean
  readonly ticket: number | null
  /** undefined as long as nobody asked for it: events do not tell it */
  name?: string
}
/** As in `core 3`, `node1:3`. */
export const rowName = (row: number, core: Core | undefined): string =>
  core === undefined ? `row ${row}` : typeof core === 'number' ? `core ${core}` : core
/** As in `station-17`, or `instruction 25` before its name is known. */
export const titleOf = ({ name, instruction }: Running) => name ?? `instruction ${instruction}`
/** What the daemon says of a worker. */
interface Worker extends Bound {
  readonly boss?: number
  readonly instruction?: number
  readonly name?: string
  readonly crew?: string
  readonly scheduler_ticket?: number | null
}

/** What `instructions.reported` says. */
interface Reported extends Bound {
  readonly boss: number
  readonly n: number
  readonly first: number
  readonly last: number
  readonly name: string
  readonly kind: string
  readonly failed: number
  readonly cancelled: number
  readonly cause?: string
  readonly scheduler_ticket: number | null
  readonly started_at: string | null
  readonly finished_at: string
  readonly usage: { readonly max_rss: number | null }
}

/**
 * Who worked when: a row a core, made of events. What is bound to cores stands in their rows; what may run on any stands in a row that is
 * free, the one that its ticket had last if it can be.
 */
export class Rows {
  readonly lanes: Lane[] = []
  readonly running = new Map<string, Running>()
  /** Grows with all that changes. */
  version = 0
  private readonly rowOfCore = new Map<Core, number>()
  private readonly rowOfTicket = new Map<string, number>()
  private readonly busy: (string | undefined)[] = []

  constructor(readonly kinds = new Names()) {}

  /** @param cpus of the machine, each of which has a row, also while nothing ran there. */
  setCpus(cpus: readonly number[]): void {
    for (const cpu of [...cpus].sort((one, other) => one - other)) this.rowOf(cpu)
  }

  /** Rows of the same CPUs and kinds, without bars. */
  empty(): Rows {
    const rows = new Rows(this.kinds)
    for (const core of this.rowOfCore.keys()) rows.rowOf(core)
    return rows
  }

  /** The core of a row; undefined for one that is there because more ran at once than there are cores. */
  coreOf(row: number): Core | undefined {
    return [...this.rowOfCore].find(([, of]) => of === row)?.[0]
  }

  /** What runs in a row now. */
  runningIn(row: number): Running | undefined {
    const key = this.busy[row]
    return key === undefined ? undefined : this.running.get(key)
  }

  /** Whether something runs in the row of a core. */
  runsOn(core: Core): boolean {
    return this.runningIn(this.rowOf(core)) !== undefined
  }

  hear(events: readonly Event[]): void {
    for (const event of events) {
      switch (event.type) {
        case 'instruction.started':
          this.start(event as never)
          break
        case 'instructions.reported':
          this.report(event as never)
          break
        case 'instruction.retrying':
          this.retry(event as never)
          break
        case 'boss.over':
          for (const [key, { boss }] of this.running) if (boss === event.boss) this.free(key)
          break
        case 'gap':
          // what ended in it is not known: what still runs is found by who asks the daemon
          for (const key of this.running.keys()) this.free(key)
          break
      }
    }
    if (events.length > 0) this.version++
  }

  /** What runs as the daemon says it, for what began before the events did; and what it says no more is over. */
  know(workers: readonly Worker[], at: number): void {
    const there = new Set<string>()
    for (const { boss, instruction, name, crew, node, cpus, scheduler_ticket: ticket = null } of workers) {
      if (boss === undefined || instruction === undefined) continue
      const key = `${boss}/${instruction}`
      there.add(key)
      if (!this.running.has(key))
        this.begin(key, { boss, instruction, attempt: 0, since: at, cores: coresOf(crew === 'slurm' ? { node, cpus } : { cpus }), ticket })
      this.call(key, name)
    }
    for (const [key, { since }] of this.running) if (!there.has(key) && since < at - 2_000) this.free(key)
    this.version++
  }

  /** Whether something has run since before a time, ms, whose name is not known. */
  hasNameless(before: number): boolean {
    return [...this.running.values()].some(({ name, since }) => name === undefined && since < before)
  }

  /** Bars that were before all that is here. @param older rows that were `empty`. */
  prepend(older: Rows): void {
    older.lanes.forEach((lane, row) => {
      const core = older.coreOf(row)
      this.lane(core === undefined ? row : this.rowOf(core)).prepend(lane, this.mostOfLane)
    })
    this.version++
  }

  /** When the oldest bar began; undefined when there is none. */
  get oldest(): number | undefined {
    const starts = this.lanes.flatMap((lane) => (lane.length > 0 ? [lane.start[0]!] : []))
    return starts.length > 0 ? Math.min(...starts) : undefined
  }

  private start(event: Bound & { boss: number; instruction: number; attempt: number; at: string; scheduler_ticket: number | null }): void {
    const { boss, instruction, attempt, at, scheduler_ticket: ticket } = event
    const key = `${boss}/${instruction}`
    const name = this.running.get(key)?.name
    if (this.running.has(key)) this.free(key)
    this.begin(key, { boss, instruction, attempt, since: Date.parse(at), cores: coresOf(event), ticket })
    this.call(key, name)
  }

  private call(key: string, name: string | undefined): void {
    const running = this.running.get(key)
    if (running && name !== undefined) running.name = name
  }

  private begin(
    key: string,
    it: { boss: number; instruction: number; attempt: number; since: number; cores: readonly Core[]; ticket: number | null },
  ): void {
    const { boss, instruction, attempt, since, cores, ticket } = it
    const rows = cores.length > 0 ? cores.map((core) => this.rowOf(core)) : [this.freeRow(boss, ticket, since)]
    for (const row of rows) {
      // what ran there has ended, though that is told later
      const before = this.busy[row]
      if (before !== undefined) this.free(before)
      this.busy[row] = key
    }
    this.running.set(key, { boss, instruction, attempt, since, rows, isBound: cores.length > 0, ticket })
  }

  private report(event: Reported): void {
    const key = `${event.boss}/${event.first}`
    const known = event.n === 1 ? this.running.get(key) : undefined
    if (event.n === 1) this.free(key)
    else for (const each of this.running.keys()) if (isAmong(each, event)) this.free(each)
    if (event.started_at === null) return // it never began
    const start = Date.parse(event.started_at)
    const outcome: Outcome = event.failed > 0 ? 'failed' : event.cancelled > 0 ? 'cancelled' : 'succeeded'
    const bar: Bar = {
      start,
      end: Math.max(start, Date.parse(event.finished_at)),
      n: event.n,
      failed: event.failed,
      boss: event.boss,
      first: event.first,
      last: event.last,
      name: event.name,
      kind: event.kind,
      outcome,
      cause: event.cause ?? '',
      memory: event.usage.max_rss ?? 0,
    }
    const rows =
      known?.rows ??
      (event.cpus.length > 0 ? coresOf(event).map((core) => this.rowOf(core)) : [this.freeRow(event.boss, event.scheduler_ticket, start)])
    for (const row of rows) this.lane(row).add(bar, this.mostOfLane)
  }

  /** An attempt that came to nothing: of it only the start is known here, and the time at which that was said. */
  private retry({ boss, instruction, at, cause }: { boss: number; instruction: number; at: string; cause: string }): void {
    const key = `${boss}/${instruction}`
    const known = this.running.get(key)
    this.free(key)
    if (!known) return
    const one = {
      n: 1,
      failed: 1,
      boss,
      first: instruction,
      last: instruction,
      name: `instruction ${instruction}`,
      kind: retried,
      memory: 0,
    }
    const bar: Bar = { ...one, start: known.since, end: Date.parse(at), outcome: 'failed', cause }
    for (const row of known.rows) this.lane(row).add(bar, this.mostOfLane)
  }

  private free(key: string): void {
    for (const row of this.running.get(key)?.rows ?? []) if (this.busy[row] === key) this.busy[row] = undefined
    this.running.delete(key)
  }

  /** A row in which nothing runs and nothing ran behind `since`. */
  private freeRow(boss: number, ticket: number | null, since: number): number {
    const isFree = (row: number) => {
      const lane = this.lanes[row]
      return this.busy[row] === undefined && (!lane || lane.length === 0 || lane.end[lane.length - 1]! <= since + 1)
    }
    const key = `${boss}/${ticket}`
    const before = this.rowOfTicket.get(key)
    // who has its ticket has ended, though that was not told yet
    const isItsOwn = (row: number) => ticket !== null && this.runningIn(row)?.boss === boss && this.runningIn(row)?.ticket === ticket
    if (before !== undefined && isItsOwn(before)) return before
    let row = before !== undefined && isFree(before) ? before : 0
    while (row < mostRows - 1 && !isFree(row)) row++
    if (this.rowOfTicket.size > 10_000) this.rowOfTicket.clear()
    this.rowOfTicket.set(key, row)
    this.lane(row)
    return row
  }

  private rowOf(core: Core): number {
    let row = this.rowOfCore.get(core)
    if (row === undefined) {
      row = this.rowOfCore.size
      this.rowOfCore.set(core, row)
      this.lane(row)
    }
    return row
  }

  private lane(row: number): Lane {
    while (this.lanes.length <= row) this.lanes.push(new Lane(this.kinds))
    return this.lanes[row]!
  }

  private get mostOfLane(): number {
    return Math.max(1_000, Math.floor(mostBars / Math.max(1, this.lanes.length)))
  }
}

/** Whether a key is of an instruction that was told together with others. */
function isAmong(key: string, { boss, first, last }: Reported): boolean {
  const [of, id] = key.split('/').map(Number)
  return of === boss && (id ?? 0) >= first && (id ?? 0) <= last
}
