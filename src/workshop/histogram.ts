/** What a histogram has counted. */
export interface Distribution {
  /** Upper ends, rising, in s. */
  readonly bounds: readonly number[]
  /** How many were at most each of them and above the one before; one more for what was above all. */
  readonly counts: readonly number[]
  /** s of all together. */
  readonly sum: number
}

/** Counts times by how long they were. Never shrinks and never grows in memory. */
export class Histogram {
  private readonly counts: Float64Array
  private sum = 0

  /** @param bounds upper ends, rising, in s. */
  constructor(private readonly bounds: readonly number[]) {
    this.counts = new Float64Array(bounds.length + 1)
  }

  /** @param ms each of the `n` took. */
  add(ms: number, n = 1): void {
    const seconds = Math.max(0, ms) / 1000
    let at = 0
    while (at < this.bounds.length && seconds > (this.bounds[at] ?? 0)) at++
    this.counts[at] = (this.counts[at] ?? 0) + n
    this.sum += seconds * n
  }

  get distribution(): Distribution {
    return { bounds: this.bounds, counts: [...this.counts], sum: this.sum }
  }
}
