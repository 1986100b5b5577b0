import { setTimeout as sleep } from 'node:timers/promises'
import type { NodeInfo } from '../crew.js'
import { hasEnded } from './answers.js'
import type { Cluster } from './cluster.js'

const surveyMs = 60_000
/** Until the next survey after Slurm was away, or nothing could be used: nodes come back one by one. Twice as long each time. */
const soonMs = 1_000
/** Until Slurm is asked again that did not answer. */
const againMs = 5_000
/** How long hosts of an earlier daemon are waited for. */
const mostFencingMs = 60_000
const lookMs = 250

export interface Log {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
}

/** Sees to it that nothing of an earlier daemon runs, then asks each minute what machines there are. */
export class Lookout {
  /** Why nothing may be started; undefined when it may. */
  fault: string | undefined = 'Slurm was not asked yet'
  /** Minutes that a job may take; undefined: without limit. */
  minutes: number | undefined
  private readonly closing = new AbortController()

  constructor(
    private readonly cluster: Cluster,
    private readonly log: Log,
    private readonly surveyed: (nodes: readonly NodeInfo[]) => void,
  ) {}

  begin(): void {
    void this.run().catch((error: unknown) => {
      if (!this.closing.signal.aborted) throw error
    })
  }

  end(): void {
    this.closing.abort()
  }

  private async run(): Promise<void> {
    await this.untilAnswered(() => this.fenceOff())
    for (let ms = soonMs; ; ms = Math.min(2 * ms, surveyMs)) {
      await this.untilAnswered(async () => {
        const { nodes, minutes } = await this.cluster.survey()
        this.minutes = minutes
        if (this.fault !== undefined || !nodes.some(({ usable }) => usable)) ms = soonMs
        this.fault = undefined
        this.surveyed(nodes)
      })
      await this.wait(ms)
    }
  }

  private async untilAnswered(act: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await act()
      } catch (error) {
        if (this.closing.signal.aborted) throw error
        const { message } = error as Error
        if (this.fault !== message) this.log.warn({ reason: message }, 'Slurm does not answer; no host starts until it does')
        this.fault = message
        await this.wait(againMs)
      }
    }
  }

  /** Jobs that an earlier daemon left run instructions that will be tried again: they end before anything starts. */
  private async fenceOff(): Promise<void> {
    const until = Date.now() + mostFencingMs
    for (let told = false; ; ) {
      const left = [...(await this.cluster.jobs())].filter(([, job]) => !hasEnded(job)).map(([id]) => id)
      if (left.length === 0) return
      this.fault = `jobs of an earlier daemon are being ended: ${left.slice(0, 5).join(', ')}`
      if (Date.now() > until) return this.log.warn({ jobs: left }, 'jobs of an earlier daemon do not end; what they ran may run twice')
      if (!told) this.log.info({ jobs: left }, 'jobs of an earlier daemon are ended')
      told = true
      await this.cluster.cancel()
      await this.wait(lookMs)
    }
  }

  private async wait(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.closing.signal, ref: false })
  }
}
