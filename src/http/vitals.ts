import { readdir } from 'node:fs/promises'
import { Histogram, type Distribution } from '../workshop/histogram.js'

/** How often a timer is tried: it may not keep an idle machine from its rest. */
const everyMs = 500
const lags = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** What this process shows of itself. */
export class Vitals {
  private readonly lag = new Histogram(lags)
  private timer: NodeJS.Timeout | undefined

  /** How late timers were, tried from the first time that somebody asks. */
  get loopLag(): Distribution {
    this.timer ??= this.tryTimers()
    return this.lag.distribution
  }

  /** Seconds of CPU time, of all threads. */
  get cpuSeconds(): number {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  }

  get residentBytes(): number {
    return process.memoryUsage.rss()
  }

  /** Seconds since 1970. */
  get startedAt(): number {
    return performance.timeOrigin / 1000
  }

  async openFiles(): Promise<number> {
    return (await readdir('/proc/self/fd')).length - 1 // the directory itself is one
  }

  end(): void {
    clearInterval(this.timer)
  }

  private tryTimers(): NodeJS.Timeout {
    let due = performance.now() + everyMs
    return setInterval(() => {
      const now = performance.now()
      this.lag.add(Math.max(0, now - due)) // one that rounds to the millisecond may come early
      due = now + everyMs
    }, everyMs).unref()
  }
}
