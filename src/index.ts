import type { KindDefinition } from './footprint/definition.js'
import type { Hook, Task } from './worker/task.js'

export type { AttributeDefinition, AttributeType, Footprint, KindDefinition } from './footprint/definition.js'
export type { Hook, Task, TaskContext } from './worker/task.js'

/** A worker kind: which instructions it takes, and how it carries them out. */
export interface WorkerDefinition extends KindDefinition {
  /**
   * Carries out one instruction in a process of its own.
   * @param instruction resolved attributes.
   * @returns the report, as JSON; a throw makes the instruction `failed`.
   */
  readonly task: Task
  /** Run one after the other before the task. */
  readonly hooks?: readonly Hook[]
}

/** Adds types to a plugin's definition and nothing else. */
export const defineWorker = <Definition extends WorkerDefinition>(definition: Definition): Definition => definition
