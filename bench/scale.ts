// What one daemon can keep busy, by a simulation: docs/scale.md shows what this prints (test/bench/scale.test.ts).
import { fileURLToPath } from 'node:url'
import { Random } from '../test/soak/random.ts'

/** A daemon and its workers. */
interface Plant {
  readonly cores: number
  /** Instructions that the daemon takes in, reports and sends a second. */
  readonly rate: number
  /** ms from a report to what comes for it, besides what the daemon takes. */
  readonly wayMs: number
  /** Instructions that a worker has beyond the one it carries out. */
  readonly ahead: number
  /** s that an instruction takes: the mean, lognormal with a standard deviation as long. */
  readonly seconds: number
}

const rowsOfCore = 20

/** @returns the share of the cores' time in which they work, from when each has something to do until the daemon has no more to send. */
export function busyShare({ cores, rate, wayMs, ahead, seconds }: Plant, seed: number): number {
  const random = new Random(seed)
  const sigma = Math.sqrt(Math.log(2))
  const lasting = () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
    return seconds * Math.exp(sigma * normal - (sigma * sigma) / 2)
  }
  // each worker: when it is through with all that it has, as if it had all at once
  const freeAt = new Float64Array(cores)
  /** What is told next: a row's end, by its worker. */
  const ends = new Heap()
  let daemonAt = 0
  const from = (cores * (ahead + 1)) / rate
  let worked = 0
  let last = 0
  const send = (core: number, at: number) => {
    daemonAt = Math.max(daemonAt, at) + 1 / rate
    const begins = Math.max(freeAt[core] ?? 0, daemonAt + wayMs / 2000)
    const lasts = lasting()
    freeAt[core] = begins + lasts
    worked += Math.max(0, begins + lasts - Math.max(begins, from))
    ends.put(begins + lasts + wayMs / 2000, core)
  }
  for (let n = 0; n <= ahead; n++) for (let core = 0; core < cores; core++) send(core, 0)
  for (let left = cores * (rowsOfCore - ahead - 1); left > 0; left--) {
    const [at, core] = ends.take()
    last = at
    send(core, at)
  }
  // what goes on behind the last that was sent is not counted
  for (const until of freeAt) worked -= Math.max(0, until - last)
  return worked / (cores * (last - from))
}

/** The earliest first. */
class Heap {
  private readonly times: number[] = []
  private readonly cores: number[] = []

  put(time: number, core: number): void {
    const { times, cores } = this
    let at = times.push(time) - 1
    cores.push(core)
    for (let above; at > 0 && (times[(above = (at - 1) >> 1)] ?? 0) > time; at = above) this.move(above, at)
    times[at] = time
    cores[at] = core
  }

  take(): [number, number] {
    const { times, cores } = this
    const first: [number, number] = [times[0] ?? 0, cores[0] ?? 0]
    const time = times.pop() ?? 0
    const core = cores.pop() ?? 0
    if (times.length === 0) return first
    let at = 0
    for (let below; (below = 2 * at + 1) < times.length; at = below) {
      if ((times[below + 1] ?? Infinity) < (times[below] ?? 0)) below++
      if ((times[below] ?? 0) >= time) break
      this.move(below, at)
    }
    times[at] = time
    cores[at] = core
    return first
  }

  private move(from: number, to: number): void {
    this.times[to] = this.times[from] ?? 0
    this.cores[to] = this.cores[from] ?? 0
  }
}

/** 40,000 a second: what one daemon on two cores does end to end, W1 of bench/RESULTS.md. */
const rate = 40_000
const seed = 1

/** The table of docs/scale.md. */
export function table(): string {
  const share = (plant: Partial<Plant>) =>
    `${(100 * busyShare({ cores: 10_000, rate, wayMs: 1, ahead: 1, seconds: 1, ...plant }, seed)).toFixed(1)} %`
  const lines = [0.1, 0.25, 1, 10].map((seconds) => [
    `${seconds} s`,
    share({ seconds }),
    share({ seconds, wayMs: 90 }),
    share({ seconds, wayMs: 90, ahead: 0 }),
    share({ seconds, cores: 1_000 }),
  ])
  const heads = ['mean of a task', '1 ahead', '1 ahead, 90 ms away', 'none ahead, 90 ms away', '1,000 cores, 1 ahead']
  return [heads, ['---', ...heads.slice(1).map(() => '--:')], ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(table())
