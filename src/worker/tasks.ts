import { setImmediate, setTimeout } from 'node:timers/promises'
import { endedAs, outOfMemory, type Ending, type StopOrder } from '../boss/ending.js'
import type { KindDefinition } from '../footprint/definition.js'
import type { Hello } from '../frames.js'
import type { Spools } from '../outputs/spool.js'
import { signalAll } from '../processes.js'
import { Arrays } from './arrays.js'
import type { Row } from './bench.js'
import { timeText } from './clock.js'
import { company, watchOrphans } from './company.js'
import { Current } from './current.js'
import { baseMiB, hasOutgrown, limitOf } from './memory.js'
import type { Outbox } from './outbox.js'
import { failedBy, returned, seconds, stoppedBy, thrown, type Ended } from './ended.js'
import type { Fence } from './fence.js'
import type { RunPage } from './run-page.js'
import type { Hook, Task } from './task.js'

/** Rows that take longer are measured each for itself. */
const shortMs = 1
/** How often a stopped row looks whether what its task started has ended. */
const lookMs = 25

/** A kind whose module is loaded. */
interface Loaded {
  readonly task: Task
  /** Its attributes of type `array`. */
  readonly typed: readonly string[]
}

/** Carries out rows of JS kinds, one at a time, in this process. */
export class Tasks {
  /** ms after which the host looks for frames that came in while it was busy. */
  readonly sliceMs = 1
  private readonly loaded = new Map<string, Loaded>()
  private readonly unusable = new Map<string, Ended>()
  readonly arrays: Arrays
  private current: Current | undefined
  /** How often the kernel had ended something for its memory before the row that runs; undefined when it does not hold that row's limit. */
  private killsBefore: number | undefined
  /** Rows that it has begun. */
  private rows = 0
  /** The row whose module is being loaded. */
  private loading: Row | undefined
  /** What that row is reported as because it was asked to end meanwhile. */
  private stopLoading: StopOrder | undefined
  /** Why this process is not to be trusted with more: a module could not be loaded, or something was thrown outside of a task or left running. */
  spoilt: 'module' | 'process' | undefined
  /** When the last row ended, as the clock of `performance` says: asking it again costs as much as a short row. */
  endedAt = 0

  constructor(
    private readonly kinds: Hello['hello']['kinds'],
    readonly outbox: Outbox,
    readonly spools: Spools,
    private readonly page: RunPage,
    private readonly fence: Fence | undefined,
    private readonly recycle: Hello['hello']['recycle'],
    /** Called now and then while the process, if it has nothing to do, should go because of what it has mapped. */
    outlived: () => void,
  ) {
    this.arrays = new Arrays(outlived)
    watchOrphans()
  }

  /** Carries a row out and reports it. @returns a promise only if that is not done by now: most rows of a microsecond are. */
  carryOut(at: Row): void | Promise<void> {
    const { kind } = at.frame
    if (at.stopped) return this.refuse(at, { ...endedAs(at.stopped, 0), report: null })
    const known = this.loaded.get(kind)
    if (known) return this.run(known, at)
    const fault = this.unusable.get(kind)
    if (fault) return this.refuse(at, fault)
    this.page.loads(at.frame.f, at.row)
    this.loading = at
    this.stopLoading = undefined
    return this.load(kind).then(
      (loaded) => {
        this.loading = undefined
        this.loaded.set(kind, loaded)
        if (!this.stopLoading) return this.run(loaded, at)
        this.page.rests()
        this.refuse(at, { ...endedAs(this.stopLoading, 0), report: null })
      },
      (error: unknown) => {
        this.loading = undefined
        this.spoilt = 'module'
        this.page.rests()
        const ended: Ended = { outcome: 'failed', report: null, cause: 'start', ...thrown(error) }
        this.unusable.set(kind, ended)
        this.refuse(at, ended)
      },
    )
  }

  /** Whether this row wants another process than this one. */
  avoids({ frame, row }: Row): boolean {
    return this.rows > 0 && frame.a[row]?.['fresh'] === true
  }

  /** Asks the row that runs to end, if it is this one; it is reported as `order` says. What its task started is asked by the crew, which no task can block. */
  stop(f: number, row: number, order: StopOrder, graceMs: number): void {
    const { current, loading } = this
    if (loading?.frame.f === f && loading.row === row) this.stopLoading = order
    if (!current?.is(f, row)) return
    current.stopAs = order
    current.graceEnds = Math.min(current.graceEnds, performance.now() + graceMs)
    current.abort('the instruction was stopped')
  }

  /** Asks whatever runs to end. */
  close(): void {
    this.current?.abort('the daemon is going down')
  }

  /** A task ends with this process, and so does all that it left running; then nothing of this call returns. */
  kill(): void {
    const others = company()
    if (others.length === 0) return
    signalAll(others, 'SIGKILL')
    process.kill(-process.pid, 'SIGKILL')
  }

  /** Something was thrown that no task caught: the row that runs fails by it. @returns false when none runs. */
  blame(error: unknown): boolean {
    this.spoilt = 'process'
    this.current?.fail(error)
    return this.current !== undefined
  }

  private async load(kind: string): Promise<Loaded> {
    const url = this.kinds[kind]
    if (url === undefined) throw new Error(`this host knows no kind "${kind}"`)
    const module = (await import(url)) as { default?: unknown }
    const definitions = [module.default].flat() as Partial<KindDefinition & { task: unknown; hooks: readonly Hook[] }>[]
    const { task, hooks = [], footprint } = definitions.find((definition) => definition?.worker === kind) ?? {}
    if (typeof task !== 'function') throw new Error(`${url} does not define the task of "${kind}" any more`)
    return {
      task: withHooks(hooks, task as Task),
      typed: Object.entries(footprint?.attr ?? {}).flatMap(([name, { type }]) => (type === 'array' ? [name] : [])),
    }
  }

  private run({ task, typed }: Loaded, at: Row): void | Promise<void> {
    const { frame, row } = at
    const now = performance.now()
    this.rows++
    this.limit(at, limitOf(frame.a[row]), now)
    const current = new Current(at, this, this.outbox.begins(frame.f, row, now, frame.prompt))
    this.current = current
    let answer: unknown
    try {
      answer = task(this.instructionOf(at, typed), current.context)
      if (isThenable(answer)) {
        return current.until(answer).then(
          (report) => this.end(current, returned(report)),
          (error: unknown) => this.fail(current, error),
        )
      }
    } catch (error) {
      return this.fail(current, error)
    }
    return this.end(current, returned(answer))
  }

  /** Tells the daemon what the row that begins may take; where it can, the kernel holds it to that. */
  private limit({ frame, row }: Row, limit: number, now: number): void {
    const { fence, page } = this
    // shared arrays belong to all of a Boss and would be counted where they are touched first
    const base = limit === 0 || frame.arrays ? undefined : fence?.begin(limit, now)
    this.killsBefore = base === undefined ? undefined : fence?.lastKills(now)
    if (base === undefined && fence?.isSet) fence.lift()
    if (limit === 0) page.begins(frame.f, row)
    else page.begins(frame.f, row, limit, base ?? baseMiB(), this.killsBefore === undefined ? 0 : this.killsBefore + 1)
  }

  private fail(current: Current, error: unknown): void | Promise<void> {
    if (performance.now() - current.since < shortMs) return this.end(current, failedBy(error))
    // it may have blocked the process for a program that a stop has ended: the stop came before, and is heard within a turn of the event loop
    return setImmediate()
      .then(() => setImmediate())
      .then(() => this.end(current, failedBy(error)))
  }

  private end(current: Current, ended: Ended): void | Promise<void> {
    if (current.stopAs === undefined || company().length === 0) return this.finish(current, ended)
    return this.partFrom(current).then(() => this.finish(current, ended))
  }

  /** Waits until what a stopped task started has ended, or its grace: then this process goes, and takes them along. */
  private async partFrom({ graceEnds }: Current): Promise<void> {
    while (company().length > 0) {
      if (performance.now() >= graceEnds) return void (this.spoilt = 'process')
      await setTimeout(lookMs)
    }
  }

  private finish(current: Current, ended: Ended): void {
    const { at, since, startedAt, stopAs } = current
    // first: who sees that the row runs may trust that it is not over, see `takeBack` of crew/host.ts
    this.page.rests()
    this.endedAt = performance.now()
    const tail = current.hush()
    const ms = this.endedAt - since
    this.current = undefined
    this.report(at, startedAt, ms, stopAs ? stoppedBy(ended, stopAs, ms) : (this.overdrawn(at, ms) ?? ended), tail)
    if ((at.frame.arrays && this.arrays.outlived) || this.isWorn(at)) this.spoilt = 'process'
  }

  /** The kernel may have ended a program of the task for its memory; the task itself cannot know why it went. */
  private overdrawn({ frame, row }: Row, ms: number): Ended | undefined {
    const { fence, killsBefore } = this
    if (!fence || killsBefore === undefined || ms < shortMs || fence.countKills(this.endedAt) <= killsBefore) return undefined
    const oom = { limit: limitOf(frame.a[row]), measured: fence.takenMiB }
    return { outcome: 'failed', report: null, cause: 'oom', error: outOfMemory(oom), ...oom }
  }

  /** Whether this process has done enough, or holds too much, or was for this row alone. */
  private isWorn({ frame, row }: Row): boolean {
    const { after, above } = this.recycle
    if ((after > 0 && this.rows >= after) || frame.a[row]?.['fresh'] === true) return true
    return above > 0 && hasOutgrown(above, this.endedAt)
  }

  /** What a task is given: the row's attributes, as they came, with its name and the arrays of its Boss. */
  private instructionOf({ frame, row }: Row, typed: readonly string[]): Readonly<Record<string, unknown>> {
    const attributes = frame.a[row] ?? {}
    if (frame.arrays || typed.length > 0) this.arrays.layOver(frame, attributes, typed)
    attributes['name'] = frame.names[row]
    return attributes
  }

  /** Reports a row that did not begin. */
  private refuse(at: Row, fault: Ended): void {
    this.endedAt = performance.now()
    this.outbox.begins(at.frame.f, at.row, this.endedAt)
    this.report(at, Date.now(), 0, fault)
  }

  /** @param tail the last that it wrote to stderr; '' for nothing. */
  private report({ frame, row }: Row, startedAt: number, ms: number, ended: Ended, tail = ''): void {
    const { cpu, maxRss } = ms >= shortMs ? this.outbox.sinceLast(this.endedAt) : unmeasured
    const ending: Ending = {
      name: frame.names[row] ?? '',
      kind: frame.kind,
      outcome: ended.outcome,
      report: ended.report,
      attempt: frame.attempts[row] ?? 1,
      scheduler_ticket: frame.scheduler_ticket,
      cpus: frame.cpus,
      started_at: timeText(startedAt),
      finished_at: timeText(startedAt + ms),
      usage: { wall: seconds(ms), cpu, max_rss: maxRss },
    }
    // apart: members that are there at times make an object of each row that takes as long as all else here
    if (ended.cause) Object.assign(ending, ended, tail !== '' && { stderr_tail: tail })
    this.outbox.report({ f: frame.f, row, ms, ending })
  }
}

/** What is told of a row that is too short to be measured alone, until it is shared out. */
const unmeasured = { cpu: null, maxRss: null }

/** The task with its hooks before it; what shall stop meanwhile does not begin the next one. */
function withHooks(hooks: readonly Hook[], task: Task): Task {
  if (hooks.length === 0) return task
  return async (instruction, context) => {
    for (const hook of hooks) {
      await hook(instruction, context)
      context.signal.throwIfAborted()
    }
    return task(instruction, context)
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
