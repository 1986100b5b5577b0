/** Pauses after hosts in a row that could not start, ms. */
const pauses = [1_000, 5_000, 30_000, 60_000]
/** After so many in a row the crew counts as not ready. */
const mostFailures = 5

/** Keeps from asking for hosts in vain again and again. */
export class Patience {
  private failures = 0
  private until = 0
  private why = ''

  /** A host could not start. @param why for a person. */
  failed(why: string, now: number): void {
    this.why = why
    this.until = now + (pauses[Math.min(this.failures, pauses.length - 1)] ?? 0)
    this.failures++
  }

  /** A host started. */
  worked(): void {
    this.failures = 0
    this.until = 0
  }

  mayTry(now: number): boolean {
    return now >= this.until
  }

  /** Whether only one is tried at a time. */
  get isCareful(): boolean {
    return this.failures > 0
  }

  /** Why no host starts; undefined as long as that need not mean anything. */
  get reason(): string | undefined {
    return this.failures < mostFailures ? undefined : `the last ${this.failures} hosts could not start: ${this.why}`
  }

  /** What went wrong the last time, as long as nothing has worked since. */
  get lastFault(): string | undefined {
    return this.failures === 0 ? undefined : this.why
  }
}
