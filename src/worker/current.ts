import type { StopOrder } from '../boss/ending.js'
import type { Arrays } from './arrays.js'
import type { Row } from './bench.js'
import { binding } from './binding.js'
import type { Outbox } from './outbox.js'
import type { Spools } from '../outputs/spool.js'
import type { TaskContext } from './task.js'
import { Voice } from './voice.js'

/** What rows of a host share. */
export interface House {
  /** What its host has mapped. */
  readonly arrays: Arrays
  readonly outbox: Outbox
  readonly spools: Spools
}

/** The row that runs. */
export class Current {
  /** ms since 1970 */
  readonly startedAt = Date.now()
  /** What it is reported as because it was asked to end. */
  stopAs: StopOrder | undefined
  /** When it must have ended, as the clock of `performance` says. */
  graceEnds = Infinity
  readonly context: TaskContext
  private controller: AbortController | undefined
  private reject: ((error: unknown) => void) | undefined
  private said: Voice | undefined

  constructor(
    readonly at: Row,
    readonly house: House,
    /** When it began, as the clock of `performance` says. */
    readonly since: number,
  ) {
    this.context = new Context(this)
  }

  /** Made when it is asked for: most tasks of a microsecond never do. */
  get signal(): AbortSignal {
    return (this.controller ??= new AbortController()).signal
  }

  /** Made when it is asked for, likewise. */
  get voice(): Voice {
    return (this.said ??= new Voice(this.at, this.house.outbox, this.house.spools))
  }

  /** What it says is not heard any more. @returns the last that it wrote to stderr. */
  hush(): string {
    return this.said?.end() ?? ''
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

  get traceparent() {
    const { frame, row } = this.#current.at
    return frame.traces?.[row]?.traceparent
  }

  get tracestate() {
    const { frame, row } = this.#current.at
    return frame.traces?.[row]?.tracestate
  }

  get arrays() {
    const { at, house } = this.#current
    return house.arrays.all(at.frame)
  }

  get progress() {
    return this.#current.voice.progress
  }

  get log() {
    return this.#current.voice.log
  }
}
