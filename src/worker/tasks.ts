import type { OutcomeCode } from '../boss/report.js'
import type { Hello } from '../frames.js'
import type { Row } from './bench.js'
import { timeText } from './clock.js'
import type { Done, Outbox } from './outbox.js'
import type { RunPage } from './run-page.js'
import type { Task, TaskContext } from './task.js'

/** Rows that take longer are measured each for itself. */
const shortMs = 1

type Ended = Pick<Done['ending'], 'outcome' | 'report' | 'cause' | 'error' | 'traceback'>

/** Carries out rows of JS kinds, one at a time, in this process. */
export class Tasks {
  private readonly loaded = new Map<string, Task>()
  private current: Current | undefined
  /** A module could not be loaded, or something went wrong outside of a task: this process is not to be trusted with more. */
  spoilt = false

  constructor(
    private readonly kinds: Hello['hello']['kinds'],
    private readonly outbox: Outbox,
    private readonly page: RunPage,
  ) {}

  /** Carries a row out and reports it. */
  async carryOut({ frame, row }: Row): Promise<void> {
    const { f, kind } = frame
    let task = this.loaded.get(kind)
    if (!task) {
      this.page.loads(f, row)
      try {
        task = await this.load(kind)
        this.loaded.set(kind, task)
      } catch (error) {
        this.spoilt = true
        this.page.rests()
        this.outbox.begins(f, row)
        this.outbox.report(this.done({ frame, row }, Date.now(), 0, { outcome: 'failed', report: null, cause: 'start', ...thrown(error) }))
        return
      }
    }
    this.page.begins(f, row)
    this.outbox.begins(f, row)
    const startedAt = Date.now()
    const start = performance.now()
    const ended = await this.run(task, { frame, row })
    const ms = performance.now() - start
    this.page.rests()
    this.outbox.report(this.done({ frame, row }, startedAt, ms, ended))
  }

  /** Ends the row that runs, if it is this one, and reports it as `code`. */
  stop(f: number, row: number, code: OutcomeCode): void {
    const { current } = this
    if (!current?.is(f, row)) return
    current.stopAs = code
    current.abort('the instruction was stopped')
  }

  /** A task's process ends at once. */
  close(): void {
    this.current?.abort('the daemon is gone')
  }

  /** Something was thrown that no task caught: the row that runs fails by it. @returns false when none runs. */
  blame(error: unknown): boolean {
    this.spoilt = true
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

  private async run(task: Task, at: Row): Promise<Ended> {
    try {
      const current = new Current(at)
      this.current = current
      const answer = task(this.instructionOf(at), new Context(current))
      const report = isThenable(answer) ? await Promise.race([answer, this.failure()]) : answer
      return { outcome: 'succeeded', report }
    } catch (error) {
      const code = this.current?.stopAs
      if (code !== undefined) return { outcome: 'cancelled', report: null, cause: 'stopped', ...thrown(error) }
      return { outcome: 'failed', report: null, cause: 'exception', ...thrown(error) }
    } finally {
      this.current = undefined
    }
  }

  /** Never resolves; rejects when the row is blamed for what was thrown elsewhere. */
  private failure(): Promise<never> {
    return new Promise((_, reject) => {
      if (this.current) this.current.fail = reject
    })
  }

  private instructionOf({ frame, row }: Row): Readonly<Record<string, unknown>> {
    return { ...frame.a[row], name: frame.names[row] }
  }

  private done({ frame, row }: Row, startedAt: number, ms: number, ended: Ended): Done {
    const { cpu, maxRss } = ms >= shortMs ? this.outbox.sinceLast() : { cpu: null, maxRss: null }
    return {
      f: frame.f,
      row,
      ms,
      ending: {
        name: frame.names[row] ?? '',
        kind: frame.kind,
        ...ended,
        attempt: frame.attempts[row] ?? 1,
        scheduler_ticket: frame.scheduler_ticket,
        cpus: frame.cpus,
        started_at: timeText(startedAt),
        finished_at: timeText(startedAt + ms),
        usage: { wall: Math.round(ms * 1000) / 1e6, cpu, max_rss: maxRss },
      },
    }
  }
}

/** The row that runs. */
class Current {
  stopAs: OutcomeCode | undefined
  /** Makes the row fail by something that its task did not throw. */
  fail: (error: unknown) => void = () => undefined
  private controller: AbortController | undefined

  constructor(readonly at: Row) {}

  /** Made when it is asked for: most tasks of a microsecond never do. */
  get signal() {
    return (this.controller ??= new AbortController()).signal
  }

  is(f: number, row: number): boolean {
    return this.at.frame.f === f && this.at.row === row
  }

  abort(reason: string): void {
    this.controller ??= new AbortController()
    this.controller.abort(new DOMException(reason, 'AbortError'))
  }
}

/** What its task gets to know of it. */
class Context implements TaskContext {
  readonly #current: Current

  constructor(current: Current) {
    this.#current = current
  }

  get signal() {
    return this.#current.signal
  }

  get cpus() {
    return this.#current.at.frame.cpus
  }

  get scheduler_ticket() {
    return this.#current.at.frame.scheduler_ticket
  }

  get boss() {
    return this.#current.at.frame.boss
  }

  get instruction() {
    const { frame, row } = this.#current.at
    return frame.ids[row] ?? 0
  }

  get attempt() {
    const { frame, row } = this.#current.at
    return frame.attempts[row] ?? 1
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> => typeof (value as { then?: unknown } | null | undefined)?.then === 'function'

function thrown(error: unknown): Pick<Ended, 'error' | 'traceback'> {
  if (!(error instanceof Error)) return { error: { type: typeof error, message: String(error) } }
  return { error: { type: error.name, message: error.message }, ...(error.stack !== undefined && { traceback: error.stack }) }
}
