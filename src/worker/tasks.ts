import { inspect } from 'node:util'
import { meaningOf, type OutcomeCode } from '../boss/ending.js'
import type { Hello } from '../frames.js'
import type { Row } from './bench.js'
import { timeText } from './clock.js'
import { Current } from './current.js'
import type { Done, Outbox } from './outbox.js'
import type { RunPage } from './run-page.js'
import type { Task } from './task.js'

/** Rows that take longer are measured each for itself. */
const shortMs = 1

type Ended = Pick<Done['ending'], 'outcome' | 'report' | 'cause' | 'error' | 'traceback'>

/** Carries out rows of JS kinds, one at a time, in this process. */
export class Tasks {
  private readonly loaded = new Map<string, Task>()
  private readonly unusable = new Map<string, Ended>()
  private current: Current | undefined
  /** The row whose module is being loaded. */
  private loading: Row | undefined
  /** What that row is reported as because it was asked to end meanwhile. */
  private stopLoading: OutcomeCode | undefined
  /** Why this process is not to be trusted with more: a module could not be loaded, or something was thrown outside of a task. */
  spoilt: 'module' | 'process' | undefined
  /** When the last row ended, as the clock of `performance` says: asking it again costs as much as a short row. */
  endedAt = 0

  constructor(
    private readonly kinds: Hello['hello']['kinds'],
    private readonly outbox: Outbox,
    private readonly page: RunPage,
  ) {}

  /** Carries a row out and reports it. @returns a promise only if that is not done by now: most rows of a microsecond are. */
  carryOut(at: Row): void | Promise<void> {
    const { kind } = at.frame
    const task = this.loaded.get(kind)
    if (task) return this.run(task, at)
    const fault = this.unusable.get(kind)
    if (fault) return this.refuse(at, fault)
    this.page.loads(at.frame.f, at.row)
    this.loading = at
    this.stopLoading = undefined
    return this.load(kind).then(
      (loaded) => {
        this.loading = undefined
        this.loaded.set(kind, loaded)
        const stopped = this.stopLoading && meaningOf(this.stopLoading)
        if (!stopped) return this.run(loaded, at)
        this.page.rests()
        this.refuse(at, { ...stopped, report: null })
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

  /** Asks the row that runs to end, if it is this one; it is reported as `code`. */
  stop(f: number, row: number, code: OutcomeCode): void {
    const { current, loading } = this
    if (loading?.frame.f === f && loading.row === row) this.stopLoading = code
    if (!current?.is(f, row)) return
    current.stopAs = code
    current.abort('the instruction was stopped')
  }

  /** Asks whatever runs to end. */
  close(): void {
    this.current?.abort('the daemon is going down')
  }

  /** A task ends with this process. */
  kill(): void {}

  /** Something was thrown that no task caught: the row that runs fails by it. @returns false when none runs. */
  blame(error: unknown): boolean {
    this.spoilt = 'process'
    this.current?.fail(error)
    return this.current !== undefined
  }

  private async load(kind: string): Promise<Task> {
    const url = this.kinds[kind]
    if (url === undefined) throw new Error(`this host knows no kind "${kind}"`)
    const module = (await import(url)) as { default?: unknown }
    const definitions = [module.default].flat() as { worker?: unknown; task?: unknown }[]
    const task = definitions.find((definition) => definition?.worker === kind)?.task
    if (typeof task !== 'function') throw new Error(`${url} does not define the task of "${kind}" any more`)
    return task as Task
  }

  private run(task: Task, at: Row): void | Promise<void> {
    const { frame, row } = at
    const current = new Current(at)
    this.current = current
    this.page.begins(frame.f, row)
    this.outbox.begins(frame.f, row, current.since)
    let answer: unknown
    try {
      answer = task(instructionOf(at), current.context)
      if (isThenable(answer)) {
        return current.until(answer).then(
          (report) => this.end(current, returned(report)),
          (error: unknown) => this.end(current, failedBy(error)),
        )
      }
    } catch (error) {
      return this.end(current, failedBy(error))
    }
    this.end(current, returned(answer))
  }

  private end({ at, since, startedAt, stopAs }: Current, ended: Ended): void {
    this.endedAt = performance.now()
    const ms = this.endedAt - since
    this.current = undefined
    this.page.rests()
    const stopped = stopAs && meaningOf(stopAs)
    this.report(at, startedAt, ms, stopped ? { ...stopped, report: ended.report, ...(ended.error && { error: ended.error }) } : ended)
  }

  /** Reports a row that did not begin. */
  private refuse(at: Row, fault: Ended): void {
    this.endedAt = performance.now()
    this.outbox.begins(at.frame.f, at.row, this.endedAt)
    this.report(at, Date.now(), 0, fault)
  }

  private report({ frame, row }: Row, startedAt: number, ms: number, ended: Ended): void {
    const { cpu, maxRss } = ms >= shortMs ? this.outbox.sinceLast() : { cpu: null, maxRss: null }
    this.outbox.report({
      f: frame.f,
      row,
      ms,
      ending: {
        name: frame.names[row] ?? '',
        kind: frame.kind,
        outcome: ended.outcome,
        report: ended.report,
        ...(ended.cause && ended),
        attempt: frame.attempts[row] ?? 1,
        scheduler_ticket: frame.scheduler_ticket,
        cpus: frame.cpus,
        started_at: timeText(startedAt),
        finished_at: timeText(startedAt + ms),
        usage: { wall: Math.round(ms * 1000) / 1e6, cpu, max_rss: maxRss },
      },
    })
  }
}

/** What a task is given: the row's attributes, as they came, with its name. */
function instructionOf({ frame, row }: Row): Readonly<Record<string, unknown>> {
  const attributes = frame.a[row] ?? {}
  attributes['name'] = frame.names[row]
  return attributes
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function'

/** An error that a task returns is as good as one that it throws; as JSON it would say nothing. */
const returned = (report: unknown): Ended => (report instanceof Error ? failedBy(report) : { outcome: 'succeeded', report })

const failedBy = (error: unknown): Ended => ({ outcome: 'failed', report: null, cause: 'exception', ...thrown(error) })

function thrown(error: unknown): Pick<Ended, 'error' | 'traceback'> {
  if (!(error instanceof Error)) return { error: { type: typeof error, message: inspect(error) } }
  return {
    error: { type: String(error.name), message: String(error.message) },
    ...(typeof error.stack === 'string' && { traceback: error.stack }),
  }
}
