/** What a part of the soak is given. */
export interface Soak {
  readonly seed: number
  /** Directory of its own. */
  readonly dir: string
  /** How much of it is done: rounds, programs, instructions. */
  readonly size: number
  /** Shows how far it is. */
  readonly say: (progress: string) => void
}

/** What came of a part: lines of a table, and what must not have been. */
export interface Outcome {
  readonly breaches: readonly string[]
  readonly figures: Readonly<Record<string, number | string>>
}

/** A part of the soak. */
export interface Part {
  readonly help: string
  /** What `size` counts, as its option is called. */
  readonly unit: string
  /** The full size. */
  readonly size: number
  readonly run: (soak: Soak) => Promise<Outcome>
}
