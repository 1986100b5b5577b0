import type { Entry } from './scheduler.js'

/** The ordered queue of what waits. */
export interface Pending {
  readonly size: number
  add(entry: Entry): void
}
