import type { StopOrder } from '../boss/ending.js'
import type { Arrays } from './arrays.js'
import type { Row } from './bench.js'
import { binding } from './binding.js'
import type { TaskContext } from './task.js'

/** The row that runs. */
export class Current {
  readonly since = performance.now()
  /** ms since 1970 */
  readonly startedAt = Date.now()
  /** What it is reported as because it was asked to end. */
  stopAs: StopOrder | undefined
  /** When it must have ended, as the clock of `performance` says. */
  graceEnds = Infinity
  readonly context: TaskContext
  private controller: AbortController | undefined
  private reject: ((error: unknown) => void) | undefined

  constructor(
    readonly at: Row,
    /** What its host has mapped. */
    readonly mapped: Arrays,
  ) {
    this.context = new Context(this)
  }

  /** Made when it is asked for: most tasks of a microsecond never do. */
  get signal(): AbortSignal {
    return (this.controller ??= new AbortController()).signal
  }

  is(f: number, row: number): boolean {
    return this.at.frame.f === f && this.at.row === row
  }

  abort(reason: string): void {
    this.controller ??= new AbortController()
    this.controller.abort(new DOMException(reason, 'AbortError'))
  }

  /** Settles as the task's own promise does, or by `fail`. */
  until(answer: PromiseLike<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.reject = reject
      answer.then(resolve, reject)
    })
  }

  /** Makes the row fail by something that its task did not throw. */
  fail(error: unknown): void {
    this.reject?.(error)
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

  get binding() {
    const { cpus } = this
    return () => binding(cpus)
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

  get arrays() {
    const { at, mapped } = this.#current
    return mapped.all(at.frame)
  }
}
