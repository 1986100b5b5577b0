import type { KindDefinition } from './footprint/definition.js'

export type { AttributeDefinition, AttributeType, KindDefinition } from './footprint/definition.js'

/** What a task is given besides its instruction. */
export interface TaskContext {
  /** Aborts when the instruction is cancelled or its Boss is stopped; what goes on after the grace is killed. */
  readonly signal: AbortSignal
  /** CPUs that the worker is held on; all that the process may use when it is not bound. */
  readonly cpus: readonly number[]
  /** Number of the worker within its Boss; null under the laxist scheduler. */
  readonly scheduler_ticket: number | null
}

/** A worker kind: which instructions it takes, and how it carries them out. */
export interface WorkerDefinition extends KindDefinition {
  /**
   * Carries out one instruction in a process of its own.
   * @param instruction resolved attributes.
   * @returns the report, as JSON; a throw makes the instruction `failed`.
   */
  task(instruction: Readonly<Record<string, unknown>>, context: TaskContext): unknown
}

/** Adds types to a plugin's definition and nothing else. */
export const defineWorker = <Definition extends WorkerDefinition>(definition: Definition): Definition => definition
