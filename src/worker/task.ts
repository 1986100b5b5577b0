import type { SharedArray } from '../arrays/shared-array.js'

/** What a task gets besides its instruction. */
export interface TaskContext {
  /** Aborted when the instruction shall stop; programs that the task started get SIGTERM then. After its grace time the process is killed with them. */
  readonly signal: AbortSignal
  /** CPUs that the worker is bound to; empty when it is not bound. */
  readonly cpus: readonly number[]
  /** The same as taylorism tells it: `[null]` when the worker is not bound. */
  readonly binding: () => (number | null)[]
  /** Number within its Boss, null when its scheduler gives none. */
  readonly scheduler_ticket: number | null
  readonly boss: number
  readonly instruction: number
  readonly attempt: number
  /** W3C Trace Context of the call that gave the instruction; undefined when it had none. */
  readonly traceparent: string | undefined
  /** What tracing systems add to it. */
  readonly tracestate: string | undefined
  /** All shared arrays of its Boss, by name; those that its attributes name are also there. */
  readonly arrays: Readonly<Record<string, SharedArray>>
  /**
   * Tells followers how far it is, as the event `instruction.progress`; nothing of it is kept. Of more than 10 a second the newest is told.
   * @param value anything that JSON can hold in 16 KiB.
   * @throws {TypeError} when JSON cannot hold it, {RangeError} when it is longer.
   */
  readonly progress: (value: unknown) => void
  /** Writes lines to the instruction's output (`…/output`). */
  readonly log: TaskLog
}

/** Takes what `console.log` takes; each call is a line. */
export interface TaskLog {
  /** to stdout */
  readonly info: (...values: unknown[]) => void
  /** to stderr; the last lines go into the report of what does not succeed */
  readonly warn: (...values: unknown[]) => void
  /** to stderr, likewise */
  readonly error: (...values: unknown[]) => void
}

/** Carries an instruction out. @param instruction its attributes and its `name`. @returns its report: anything JSON can hold. */
export type Task = (instruction: Readonly<Record<string, unknown>>, context: TaskContext) => unknown

/** Runs before the task, with what the task gets; a throw makes the instruction `failed`, and the task is not begun. What it returns is not used. */
export type Hook = (instruction: Readonly<Record<string, unknown>>, context: TaskContext) => unknown
