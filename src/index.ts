import type { KindDefinition } from './footprint/definition.js'
import type { Choice, PolicyView } from './scheduler/answer.js'
import type { PolicyDefinition } from './scheduler/custom.js'
import type { Hook, Task } from './worker/task.js'

export type { AttributeDefinition, AttributeType, Footprint, KindDefinition } from './footprint/definition.js'
export type { Choice, PendingView, PolicyView, WorkerView } from './scheduler/answer.js'
export type { PolicyDefinition } from './scheduler/custom.js'
export type { Hook, Task, TaskContext, TaskLog } from './worker/task.js'

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

/** A scheduling policy: which of the instructions that wait may start now. */
export interface SchedulerDefinition extends PolicyDefinition {
  /**
   * Decides, in a process of its own, each time that something changed: an append, the end of a worker, a signal.
   * @param view a pure function of this; it has 1 s.
   * @returns what may start, in order; what has no room yet waits until it has, or until the next answer.
   */
  readonly launchable: (view: PolicyView) => readonly Choice[]
}

/** Adds types to a plugin's policy and nothing else. */
export const defineScheduler = <Definition extends SchedulerDefinition>(definition: Definition): Definition => definition
