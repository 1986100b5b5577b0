interface Frame {
  readonly f: number
  /** Those that were not given back. */
  rows: number
  reported: number
}

/** Frames that a host has not reported in full, the one being carried out first. */
export class Held {
  readonly frames: Frame[] = []

  add(f: number, rows: number): void {
    this.frames.push({ f, rows, reported: 0 })
  }

  /** Rows before `reported` have been. */
  reported(f: number, reported: number): void {
    this.change(f, (frame) => (frame.reported = reported))
  }

  /** Rows from `kept` on are not with the host any more. */
  kept(f: number, kept: number): void {
    this.change(f, (frame) => (frame.rows = Math.min(frame.rows, kept)))
  }

  private change(f: number, act: (frame: Frame) => void): void {
    const at = this.frames.findIndex((frame) => frame.f === f)
    const frame = this.frames[at]
    if (!frame) return
    act(frame)
    if (frame.reported >= frame.rows) this.frames.splice(at, 1)
  }
}
