import { causes, codeOf, meaningOf, type Cause, type OutcomeCode } from '../boss/ending.js'
import type { Fact } from '../boss/fact.js'
import type { Outcome } from '../boss/report.js'
import { failures } from '../boss/terms.js'
import { Arrivals } from './arrivals.js'
import { Histogram, type Distribution } from './histogram.js'
import type { Batch, Worker } from './worker.js'

/** How many instructions ended so. */
export interface Ended {
  readonly outcome: Outcome
  readonly cause: Cause | undefined
  readonly n: number
}

/** What was counted since the daemon started, all of it committed. */
export interface Counted {
  readonly appended: number
  /** Each way in which an instruction can end. */
  readonly ended: readonly Ended[]
  /** Attempts that came to nothing, by each cause for which there can be another one. */
  readonly retried: readonly { readonly cause: Cause; readonly n: number }[]
  /** From the append of an instruction to its first start. */
  readonly wait: Distribution
  /** Of an attempt, as its worker took the time; those of a frame count alike, with its mean. */
  readonly run: Distribution
  /** Of what a turn decided, until it was on disk. */
  readonly commit: Distribution
  /** Of turns that decided something. */
  readonly turn: Distribution
}

/** s; people wait for hours, a machine for none. */
const waits = [0.001, 0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 7_200, 21_600, 86_400]
/** s; from a function call to a simulation. */
const runs = [0.0001, 0.001, 0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 7_200, 21_600, 86_400]
/** s; the disk decides. */
const commits = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

const codes: readonly OutcomeCode[] = ['.', ...causes.map(codeOf)]

/** Counts what is committed, at a cost of nanoseconds an instruction, and in memory that does not grow with what is counted. */
export class Meters {
  private appended = 0
  /** By the code of the character that says how they ended. */
  private readonly ended = new Float64Array(128)
  private readonly retried = new Map<string, number>(failures.map((cause) => [cause, 0]))
  private readonly wait = new Histogram(waits)
  private readonly run = new Histogram(runs)
  private readonly commit = new Histogram(commits)
  private readonly turn = new Histogram(commits)
  private readonly arrivals = new Map<number, Arrivals>()

  /** Takes the time of a commit, unless it fails. */
  async committing(commit: () => Promise<number>): Promise<number> {
    const since = performance.now()
    const first = await commit()
    this.commit.add(performance.now() - since)
    return first
  }

  /** Counts what a turn decided, which is on disk; nothing of one that decided nothing. @param ms that the turn took. */
  turned(facts: readonly Fact[], ms: number): void {
    if (facts.length === 0) return
    this.turn.add(ms)
    for (const fact of facts) this.count(fact)
  }

  /**
   * Rows of a batch up to `to` have begun; they had waited for that, if it was their first attempt.
   * @param at when that was, ms since 1970: the middle of it, if they began one after the other.
   */
  began({ live }: Worker, batch: Batch, to: number, at: number): void {
    const { attempts, entries, counted } = batch
    batch.counted = Math.max(counted, to)
    const arrivals = this.arrivals.get(live.id)
    if (!arrivals) return
    let together = 0
    let since: number | undefined
    for (let row = counted; row < to; row++) {
      if (attempts[row] !== 1) continue
      const appended = arrivals.of(entries[row]?.id ?? 0)
      if (appended !== since) {
        if (since !== undefined) this.wait.add(at - since, together)
        since = appended
        together = 0
      }
      together++
    }
    if (since !== undefined) this.wait.add(at - since, together)
  }

  /**
   * Rows of a batch were carried out.
   * @param from the first of `n` rows. @param ms that they took together. @param at when they were reported, ms since 1970.
   */
  carriedOut(
    worker: Worker,
    batch: Batch,
    { at: from, n, ms }: { readonly at: number; readonly n: number; readonly ms: number },
    at: number,
  ) {
    this.run.add(ms / n, n)
    this.began(worker, batch, from + n, at - (ms * (n + 1)) / (2 * n))
  }

  get counts(): Counted {
    return {
      appended: this.appended,
      ended: codes.map((code) => {
        const { outcome = 'failed', cause } = meaningOf(code) ?? {}
        return { outcome, cause, n: this.ended[code.charCodeAt(0)] ?? 0 }
      }),
      retried: failures.map((cause) => ({ cause, n: this.retried.get(cause) ?? 0 })),
      wait: this.wait.distribution,
      run: this.run.distribution,
      commit: this.commit.distribution,
      turn: this.turn.distribution,
    }
  }

  private count(fact: Fact): void {
    switch (fact.type) {
      case 'instructions.appended': {
        this.appended += fact.last - fact.first + 1
        let arrivals = this.arrivals.get(fact.boss)
        if (!arrivals) this.arrivals.set(fact.boss, (arrivals = new Arrivals()))
        return arrivals.note(fact.first, fact.at)
      }
      case 'instruction.reported': {
        const { ended } = this
        const { outcomes } = fact
        for (let row = 0; row < outcomes.length; row++) ended[outcomes.charCodeAt(row)]!++
        return
      }
      case 'instruction.retrying':
        return void this.retried.set(fact.cause, (this.retried.get(fact.cause) ?? 0) + 1)
      case 'boss.over':
        return void this.arrivals.delete(fact.boss)
      default:
    }
  }
}
