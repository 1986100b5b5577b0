import type { RunningRow } from '../frames.js'

/** A host looks at its pipe behind each row that took longer, before it begins the next: `sliceMs` of worker/main.ts, and some. */
const blockedMs = 3

/**
 * Rows that a host was asked to give back. A task may block its process for hours and keep it from answering. But once the request has
 * been written, and a row runs behind that for longer than a host goes on without looking at its pipe, nothing else begins there before the
 * request is read: then the answer is known.
 */
export class TakeBacks {
  /** Those without an answer; `settled`: it is known and was told. */
  private readonly requests: { readonly f: number; settled: boolean }[] = []
  /** The row that was last heard to begin, and when, on the clock of `performance`. */
  private last = { f: 0, row: 0, at: Infinity }

  /**
   * @param running the row that the host's run file says is being carried out.
   * @param kept told of a frame which rows stay, as the frame `kept` does.
   */
  constructor(
    private readonly running: () => RunningRow | undefined,
    private readonly kept: (f: number, kept: number) => void,
  ) {}

  /** This row begins there. */
  began(f: number, row: number): void {
    this.last = { f, row, at: performance.now() }
  }

  /** Rows of frame f from `row` on are asked for. @param written whether the host can read that by now. */
  asked(f: number, row: number, written: boolean): void {
    const request = { f, settled: false }
    this.requests.push(request)
    const before = written ? this.running() : undefined
    if (!before || before.loading || before.f > f) return
    // twice: the file may be read while it is written, and the host writes the row before it writes that this runs
    const stillRuns = () =>
      [this.running(), this.running()].every((now) => now && !now.loading && now.f === before.f && now.row === before.row)
    const settle = () => {
      if (!this.requests.includes(request) || !stillRuns()) return
      request.settled = true
      this.kept(f, before.f === f ? Math.max(row, before.row + 1) : row)
    }
    const { last } = this
    // a core may wait for these rows, and this one has run for long enough already
    if (last.f === before.f && last.row === before.row && performance.now() - last.at > blockedMs) settle()
    else setTimeout(settle, blockedMs)
  }

  /** The host answers a request of this frame, which it does in their order. @returns whether that tells something. */
  answered(f: number): boolean {
    const at = this.requests.findIndex((request) => request.f === f)
    const [request] = at < 0 ? [] : this.requests.splice(at, 1)
    return request?.settled !== true
  }

  /** The host is gone: nothing of what it was asked for is told any more. */
  clear(): void {
    this.requests.length = 0
  }
}
