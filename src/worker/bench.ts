import type { StopOrder } from '../boss/ending.js'
import type { WorkFrame } from '../frames.js'

/** One row of a frame, to be carried out. */
export interface Row {
  readonly frame: WorkFrame
  readonly row: number
  /** It shall not begin; this is how it is reported. */
  readonly stopped?: StopOrder | undefined
}

interface Lot {
  readonly frame: WorkFrame
  /** Rows that shall not begin, and how they are reported. */
  readonly stopped: Map<number, StopOrder>
  /** The first row that has not begun. */
  next: number
  /** Rows from here on are not ours any more. */
  end: number
}

/** What a host was given to do, in order. */
export class Bench {
  private readonly lots: Lot[] = []

  put(frame: WorkFrame): void {
    this.lots.push({ frame, stopped: new Map(), next: 0, end: frame.ids.length })
  }

  /**
   * The next row, which begins herewith; undefined when nothing is left.
   * @param only the frame that it must be of, if any.
   */
  take(only?: WorkFrame): Row | undefined {
    for (let lot; (lot = this.lots[0]); this.lots.shift()) {
      if (only && lot.frame !== only) return undefined
      if (lot.next < lot.end) {
        const row = lot.next++
        return { frame: lot.frame, row, stopped: lot.stopped.get(row) }
      }
    }
    return undefined
  }

  /** A row that has not begun shall not begin. @returns false when it has, or is not here. */
  stop(f: number, row: number, order: StopOrder): boolean {
    const lot = this.lots.find(({ frame }) => frame.f === f)
    if (!lot || row < lot.next || row >= lot.end) return false
    lot.stopped.set(row, order)
    return true
  }

  /** Nothing more is to begin. */
  clear(): void {
    this.lots.length = 0
  }

  /**
   * Gives rows back.
   * @returns the row from which on they are given back: `keep`, or the first that has not begun if that is more. Of a frame that is not
   * here any more every row has begun: the answer is a number larger than any row.
   */
  keep(f: number, keep: number): number {
    const lot = this.lots.find(({ frame }) => frame.f === f)
    if (!lot) return Number.MAX_SAFE_INTEGER
    lot.end = Math.min(lot.end, Math.max(keep, lot.next)) // what was given back once stays away
    return lot.end
  }
}
