import type { Pending } from './pending.js'

/** What scheduling needs to know of one waiting instruction; everything else of it stays on disk. */
export interface Entry {
  /** id within its Boss; arrival order. */
  readonly id: number
  /** int32, larger first, ahead of the policy's own order. */
  readonly priority: number
  /** MiB as the row gave it; undefined when it gave none. */
  readonly memory: number | undefined
  /** s as the row gave it; undefined when it gave none. */
  readonly expectedTime: number | undefined
  /** CPUs it takes, at least 1. */
  readonly cores: number
  /** Files it must have for itself under the single-file policy. */
  readonly fileA: string | undefined
  readonly fileB: string | undefined
  /** Small number of its worker kind, given by whoever adds it. */
  readonly kind: number
  /** 53-bit hash of a name that the user gave; 0 when none was given. */
  readonly nameHash: number
}

/** An instruction that is being carried out, as a policy sees it. */
export interface Working {
  readonly ticket: number | null
  readonly memory: number | undefined
  readonly fileA: string | undefined
  readonly fileB: string | undefined
  /** Files of what was sent ahead to its place and comes after it; absent when there is none. */
  readonly ahead?: readonly Pick<Entry, 'fileA' | 'fileB'>[]
}

/** The place of a worker, as it would be if nothing ran there. */
export interface Place {
  /** CPUs or slots that it has. */
  readonly cores: number
  /** What the machine could take. */
  readonly room: Room
  /** Its worker, with what it holds already. */
  readonly own: Working
  /** The other workers of the Boss. */
  readonly others: () => readonly Working[]
}

/** What the machine can still take; a launch stays within both. */
export interface Room {
  /** CPUs, or slots where nothing is bound. */
  readonly cores: number
  /** MiB. */
  readonly memory: number
}

export interface Launch {
  readonly entry: Entry
  /** The lowest number in 0…N-1 that no worker of the Boss holds; null under laxist and when none is left. */
  readonly ticket: number | null
}

/** A policy with its settings: a pure function from what waits and what works to what may start now. */
export interface Scheduler {
  /** taylorism's attributes after resolution, as a Boss shows them: `{ limit: 'threads', max_threads: 2, binded: false }`. */
  readonly settings: Readonly<Record<string, unknown>>
  /** Workers at once at most, which the caller holds with `most`; undefined when the policy sets no such limit. */
  readonly maxWorkers: number | undefined
  readonly binded: boolean
  /** The user's policy that decides, in a process of its own; `launchable` then has nothing to say. */
  readonly policy?: {
    readonly name: string
    /** URL of the module that defines it. */
    readonly module: string
  }
  /** What an instruction counts that names no memory. */
  readonly perTaskMiB: number
  /** A fresh queue in this policy's order. */
  queue(): Pending
  /**
   * What may start now, in launch order, at most `most`. Removes nothing from `pending`: the caller does, for what it launches.
   * Together it takes no more than `room`, memory counted as the policy counts it: 0 for an entry that names none, unless the
   * policy limits memory. Costs O(core counts · log n) for each launch, and the same when nothing may start.
   */
  launchable(pending: Pending, working: readonly Working[], room: Room, most: number): Launch[]
  /**
   * What may be sent ahead to a place behind the instruction that runs there (DESIGN section 6, "Batches"): what the policy would start
   * there if the place came free now, one after the other, as long as that takes as many cores and `suits`; at most `most`. The caller
   * lets the worker count for the most memory and for all files that it holds. Costs O(followers · log n). Nothing under a policy for
   * which the moment of the start decides.
   */
  followers(pending: Pending, place: Place, suits: (entry: Entry) => boolean, most: number): Entry[]
  /** Why an instruction can never start under this policy, for the one who appends it; undefined when it can. */
  neverFits(entry: Pick<Entry, 'memory' | 'cores'>): string | undefined
}
