import type { StopOrder } from '../../boss/ending.js'
import type { Batch, Role } from '../crew.js'
import type { Need } from './settings.js'
import type { SrunHost } from './srun-host.js'

/** A place that was granted: what it has to do, and the host that does it once there is one. */
export class Seat {
  host: SrunHost | undefined
  /** Batches that no host has yet. */
  private waiting: Batch[] = []
  /** What each batch that it holds is expected to take, s. */
  private readonly times = new Map<number, number | undefined>()

  constructor(
    readonly role: Role,
    readonly need: Need,
  ) {}

  /** Frames that wait here for a host. */
  get frames(): number[] {
    return this.waiting.map(({ f }) => f)
  }

  /** s that what it holds may take in all. */
  get seconds(): number {
    let seconds = 0
    for (const time of this.times.values()) seconds += time ?? 0
    return seconds
  }

  add(batch: Batch): void {
    this.times.set(batch.f, batch.expectedTime)
    if (this.host) this.host.send(batch)
    else this.waiting.push(batch)
  }

  /** It holds nothing of this frame any more. */
  forget(f: number): void {
    this.times.delete(f)
  }

  /** A host is there. */
  take(host: SrunHost): void {
    this.host = host
    for (const batch of this.waiting) host.send(batch)
    this.waiting = []
  }

  /** Rows from `row` on go back, as far as they wait here. @returns false when a host has them. */
  takeBack(f: number, row: number): boolean {
    const at = this.waiting.findIndex((batch) => batch.f === f)
    const batch = this.waiting[at]
    if (!batch) return false
    this.waiting.splice(at, 1, ...(row === 0 ? [] : [firstRows(batch, row)]))
    return true
  }

  /** Takes everything away that waits here. @returns its frames. */
  clear(): number[] {
    const { frames } = this
    this.waiting = []
    return frames
  }
}

export const stopLine = (f: number, row: number, graceMs: number, order: StopOrder) =>
  `${JSON.stringify({ f, stop: row, grace_ms: graceMs, ...order })}\n`

function firstRows(batch: Batch, rows: number): Batch {
  const { ids, attempts, names, attributes, traces } = batch
  return {
    ...batch,
    ids: ids.slice(0, rows),
    attempts: attempts.slice(0, rows),
    names: names.slice(0, rows),
    attributes: attributes.slice(0, rows),
    ...(traces && { traces: traces.slice(0, rows) }),
  }
}
