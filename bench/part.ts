import type { Servers } from './peers/servers.ts'

/** What a figure must reach, by the median of its runs. */
export interface Target {
  readonly least?: number
  readonly most?: number
}

/** A figure: one value of each run. */
export interface Row {
  /** What was measured, and of whom. */
  readonly what: string
  readonly unit: string
  readonly values: number[]
  /** Versions of what was measured; taylord's own needs none. */
  readonly version?: string
  /** What of it is on disk, and when. */
  readonly durability?: string
  readonly target?: Target
}

/** What a part of the benchmark is given. */
export interface Bench {
  readonly runs: number
  /** Directory of its own. */
  readonly dir: string
  /** Without the peers. */
  readonly ours: boolean
  /** How much to do of n: all of it, or a hundredth when the scripts are only tried out. */
  readonly size: (n: number) => number
  /** Servers of peers, of those that it asked for. */
  readonly servers: Servers
  /** Shows how far it is. */
  readonly say: (progress: string) => void
}

/** A part of the benchmark; its id is its name in the list of main.ts. */
export interface Part {
  /** What is measured, in a line. */
  readonly help: string
  /** Servers that its peers need. */
  readonly needs: readonly ('redis' | 'postgres')[]
  /** How it was measured, for a reader of the table. */
  readonly notes: readonly string[]
  readonly run: (bench: Bench) => Promise<Row[]>
}
