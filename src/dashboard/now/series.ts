import { signal } from '@preact/signals'
import { hearLookers } from '../frame/crowd.js'
import { listen } from '../frame/live.js'

/** s that the charts go back */
export const keptSeconds = 600

/** Values over the last seconds, one each second; NaN where nothing is known. */
export class Series {
  private readonly values = new Map<number, number>()

  add(second: number, value: number): void {
    this.values.set(second, (this.values.get(second) ?? 0) + value)
    this.forget(second)
  }

  set(second: number, value: number): void {
    this.values.set(second, value)
    this.forget(second)
  }

  /** @param empty what stands for a second of which nothing is known. */
  over(from: number, to: number, empty: number | null): (number | null)[] {
    return Array.from({ length: Math.max(0, to - from) }, (_, at) => this.values.get(from + at) ?? empty)
  }

  private forget(now: number): void {
    if (this.values.size <= 2 * keptSeconds) return
    for (const second of this.values.keys()) if (second < now - keptSeconds) this.values.delete(second)
  }
}

/** Instructions that ended, by how. */
export const ended = { succeeded: new Series(), failed: new Series(), cancelled: new Series() }
/** s from append to start, of those that started in that second. */
export const waits = { median: new Series(), most: new Series() }
/** Slots in use, and MiB granted. */
export const use = { slots: new Series(), memory: new Series() }
/** Grows when there is something new. */
export const seriesVersion = signal(0)
/** The last failure that came by: why, and of what. */
export const lastFailure = signal<
  { readonly boss: number; readonly instruction: number; readonly name: string; readonly cause: string } | undefined
>(undefined)

listen((events) => {
  for (const event of events) {
    if (event.type !== 'instructions.reported') continue
    const second = Math.floor(Date.parse(event.at) / 1000)
    for (const outcome of ['succeeded', 'failed', 'cancelled'] as const) {
      const n = Number(event[outcome])
      if (n > 0) ended[outcome].add(second, n)
    }
    if (Number(event['failed']) > 0)
      lastFailure.value = {
        boss: event.boss ?? 0,
        instruction: Number(event['first']),
        name: String(event['name']),
        cause: String(event['cause']),
      }
  }
  seriesVersion.value++
})

/** Buckets of a histogram as OpenMetrics writes them: upper bounds in s with how many are below. */
type Buckets = readonly (readonly [bound: number, count: number])[]
const bucketLine = /^taylord_wait_seconds_bucket\{le="([^"]+)"\} (\d+)/gm
const bucketsOf = (text: string): Buckets =>
  [...text.matchAll(bucketLine)].map(([, bound = '', count = '']) => [bound === '+Inf' ? Infinity : Number(bound), Number(count)])

let before: Buckets = []

/** Takes in `/metrics`: how many look, and how long those waited that started since it was asked last. */
export function hearMetrics(text: string, at: number): void {
  hearLookers(text)
  const now = bucketsOf(text)
  const since = now.map(([bound, count], index) => [bound, count - (before[index]?.[1] ?? count)] as const)
  before = now
  const second = Math.floor(at / 1000)
  const median = quantile(since, 0.5)
  if (median === undefined) return
  waits.median.set(second, median)
  waits.most.set(second, quantile(since, 0.95) ?? median)
  seriesVersion.value++
}

/** The bound below which this part is, within its bucket by proportion; undefined when there is none. */
function quantile(buckets: Buckets, part: number): number | undefined {
  const total = buckets.at(-1)?.[1] ?? 0
  if (total <= 0) return undefined
  const wanted = total * part
  let [low, below] = [0, 0]
  for (const [bound, count] of buckets) {
    if (count >= wanted) return bound === Infinity ? low : low + (bound - low) * ((wanted - below) / Math.max(1, count - below))
    ;[low, below] = [bound, count]
  }
  return low
}
