import { setImmediate } from 'node:timers/promises'
import { assertListening } from '../boss/boss.js'
import { Refusal } from '../boss/errors.js'
import type { Rows } from '../boss/fact.js'
import type { ArrayNames } from '../boss/arrays.js'
import { Ignored } from '../boss/ignored.js'
import { resolveRows, type Row } from '../boss/instruction.js'
import { traced, type Trace } from '../boss/trace.js'
import type { Kinds } from '../footprint/kinds.js'
import type { Ledger } from '../ledger.js'
import type { Pending } from '../scheduler/pending.js'
import type { Scheduler } from '../scheduler/scheduler.js'
import type { Floor } from './floor.js'
import { armExpiring } from './later.js'
import { entriesOf, hashOf, nameTaken, runOf, type LiveBoss } from './live-boss.js'
import { TermBook } from './term-book.js'

/** Rows that are resolved at once: a millisecond or two. */
const sliceRows = 500
/** Rows that one turn writes, and characters of their attributes, unless one slice has more: others wait for it a few milliseconds. */
const turnRows = 2_000
const turnChars = 4 * 1024 * 1024

/** What an append is checked against. */
export interface Gate {
  readonly kinds: Kinds
  readonly label: string
  readonly scheduler: Scheduler
  readonly ledger: Ledger
  /** Hashes of names that are taken. */
  readonly taken: ReadonlySet<number>
  /** Shared arrays of the Boss. */
  readonly arrays: ArrayNames
  /** Of the call that gives them. */
  readonly trace?: Trace | undefined
}

/** What has been appended so far, resolved and checked, ids not yet given. */
export class Intake {
  /** Resolved and not yet written, as slices of columns that count from 0. */
  private slices: Rows[] = []
  /** Hashes of names, when there are any. */
  private names: Set<number> | undefined
  count = 0
  /** Of these the rows that are not written yet. */
  waiting = 0
  private waitingChars = 0
  /** From then on they wait. */
  private readonly now = Date.now()
  readonly ignored: Ignored

  constructor(private readonly gate: Gate) {
    this.ignored = new Ignored(gate.kinds)
  }

  /** @throws {Refusal} what is wrong with a row; nothing of the slice is taken then. */
  take(rows: readonly Row[]): void {
    const [slice, before] = [resolveRows(this.gate.kinds, rows, 0, this.count, this.now, this.gate.arrays), this.count]
    this.takeResolved(slice)
    rows.forEach((row, at) => this.ignored.note(slice.kind[at] ?? '', row, before + at + 1))
  }

  /** @param slice resolved rows that count from 0. @throws {Refusal} never-fits, name-taken. */
  takeResolved(slice: Rows): void {
    const { label, scheduler, ledger, taken, trace } = this.gate
    for (let row = 0; row < slice.n; row++) {
      const memory = slice.memory[row] ?? undefined
      const cores = slice.cores[row] ?? 1
      const reason =
        scheduler.neverFits({ memory, cores }) ??
        ledger.neverFits(cores, memory ?? scheduler.perTaskMiB, scheduler.binded, slice.expectedTime[row] ?? 0)
      if (reason !== undefined) throw neverFits(this.gate, this.count + row + 1, { cores, memory: memory ?? scheduler.perTaskMiB }, reason)
      const hash = hashOf(slice.name[row] ?? null)
      if (hash === 0) continue
      const by = this.names?.has(hash) ? 'an earlier row' : taken.has(hash) ? `an unfinished instruction of Boss ${label}` : undefined
      if (by !== undefined) throw nameTaken(by, slice.name[row] ?? '', this.count + row + 1, slice.retryOf?.ids[row])
      ;(this.names ??= new Set()).add(hash)
    }
    this.slices.push(trace ? { ...slice, terms: traced(slice.terms, trace) } : slice)
    this.count += slice.n
    this.waiting += slice.n
    this.waitingChars += slice.attributes.length
  }

  /** Whether there is enough for a turn of its own. */
  get full(): boolean {
    return this.waiting >= turnRows || this.waitingChars >= turnChars
  }

  /** Hands out at most one turn's rows with ids from `first` on. */
  next(first: number): Rows[] {
    const out: Rows[] = []
    for (let [n, chars] = [0, 0]; this.slices[0] && (n === 0 || (n + this.slices[0].n <= turnRows && chars < turnChars)); ) {
      const slice = this.slices.shift()
      if (!slice) break
      out.push({ ...slice, first: first + n })
      n += slice.n
      chars += slice.attributes.length
      this.waiting -= slice.n
      this.waitingChars -= slice.attributes.length
    }
    return out
  }

  /** Hands out all that is left. */
  rest(first: number): Rows[] {
    const out: Rows[] = []
    while (this.waiting > 0) out.push(...this.next(first + sizeOf(out)))
    return out
  }

  /** @throws {Refusal} name-taken when another append took one of these names meanwhile. */
  assertNamesFree(taken: ReadonlySet<number>): void {
    if (taken.size === 0) return
    for (const hash of this.names ?? []) {
      if (taken.has(hash))
        throw new Refusal(
          'name-taken',
          `another append to Boss ${this.gate.label} took a name of this one meanwhile; give each instruction a name of its own`,
        )
    }
  }

  /** The names are in use from now on. */
  claim(names: Set<number>): void {
    for (const hash of this.names ?? []) names.add(hash)
  }
}

/** Cuts a list into slices, with a breath for others between them. */
export async function* inSlices(rows: readonly Row[]): AsyncGenerator<readonly Row[]> {
  for (let at = 0; at < rows.length; at += sliceRows) {
    if (at > 0) await setImmediate()
    yield rows.slice(at, at + sliceRows)
  }
}

const sizeOf = (slices: readonly Rows[]) => slices.reduce((n, rows) => n + rows.n, 0)

/** An append on its way into a Boss that may not exist yet: ids are reserved, rows that are written stay unseen until `finish`. */
export class Upload {
  private written = 0
  /** Rows of the message that is being carried out, which may come again until it is on disk. */
  private inHand: readonly Rows[] | undefined
  /** id of the first row; undefined until the first row is written. */
  private start: number | undefined
  /** Whether ids are set aside for it. */
  private holds = false
  /** What was written ahead of the end, if anything was. */
  private aside: Pending | undefined
  /** Of its rows, when any has some. */
  private terms: TermBook | undefined

  /**
   * @param boss id of the Boss.
   * @param live the Boss; undefined when `finish` is what makes it.
   * @param most rows that an append may have; as many ids are set aside while it is on its way.
   */
  constructor(
    private readonly floor: Floor,
    private readonly boss: number,
    private live: LiveBoss | undefined,
    readonly intake: Intake,
    private readonly scheduler: Scheduler,
    private readonly most: number,
  ) {}

  /** Inside a message: writes one turn's rows ahead of the end. */
  write(): void {
    if (this.live) assertListening(this.live.boss)
    const first = this.first()
    this.inHand ??= this.intake.next(first + this.written)
    this.stage(this.inHand, (add) => add((this.aside ??= this.scheduler.queue())))
  }

  /**
   * Inside a message: writes what is left, and all of it counts.
   * @param live the Boss, which listens.
   */
  finish(live: LiveBoss): { count: number; first: number; last: number } {
    this.live = live
    const { floor, intake } = this
    intake.assertNamesFree(live.names)
    const first = this.first()
    this.inHand ??= intake.rest(first + this.written)
    this.stage(this.inHand, (add) => {
      const { aside } = this
      if (!aside) return live.joinNow(add)
      add(aside)
      live.join(aside)
    })
    const count = this.written + sizeOf(this.inHand)
    const last = first + count - 1
    this.free(last + 1)
    if (count > 0) {
      intake.claim(live.names)
      floor.turn.record({ type: 'instructions.appended', boss: live.id, at: Date.now(), first, last })
      floor.turn.after(() => {
        if (!this.terms) return
        live.terms.adopt(this.terms)
        armExpiring(floor, live)
      })
    }
    return { count, first, last }
  }

  /** Inside a message, which may come again: the append came to nothing, also in `finish`, and what was written of it goes away. */
  drop(): void {
    const { start: first, inHand = [] } = this
    if (first === undefined) return
    const written = this.written + sizeOf(inHand)
    if (written > 0)
      this.floor.turn.record({ type: 'instructions.dropped', boss: this.boss, at: Date.now(), first, last: first + written - 1 })
    this.free(first)
  }

  /** Records rows as staged; once they are, `queue` says where they are queued. */
  private stage(slices: readonly Rows[], queue: (add: (queue: Pending) => void) => void): void {
    const { floor, boss } = this
    for (const rows of slices) if (rows.n > 0) floor.turn.record({ type: 'instructions.staged', boss, at: Date.now(), rows })
    floor.turn.after(() => {
      for (const rows of slices)
        rows.terms.forEach((text, row) => text !== null && (this.terms ??= new TermBook()).note(rows.first + row, text))
      queue((to) => {
        for (const rows of slices) {
          const run = rows.n > 1 ? runOf(rows, floor.kinds) : undefined
          if (run) to.addRun(run, rows.n)
          else for (const entry of entriesOf(rows, floor.kinds)) to.add(entry)
        }
      })
      this.written += sizeOf(slices)
      this.inHand = undefined
    })
  }

  private first(): number {
    if (this.start !== undefined) return this.start
    this.start = this.live?.nextId ?? 1
    this.holds = true
    if (this.live) this.live.nextId = this.start + this.most
    return this.start
  }

  /** Gives back ids that were set aside, unless another append came behind them. */
  private free(next: number): void {
    if (this.live && this.start !== undefined && this.holds && this.live.nextId <= this.start + this.most) this.live.nextId = next
    this.holds = false
  }
}

function neverFits({ ledger, scheduler }: Gate, row: number, asked: { cores: number; memory: number }, reason: string): Refusal {
  const { max_memory: most } = scheduler.settings
  const available = {
    cores: ledger.mostCores(scheduler.binded),
    memory: Math.min(ledger.mostMemory, typeof most === 'number' ? most : Infinity),
  }
  return new Refusal('never-fits', `row ${row}: ${reason}`, { row, asked, available })
}
