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

  /** n rows from `at` on have been. @throws Error when they are not the next ones that it has of this frame. */
  reported(f: number, at: number, n: number): void {
    const frame = this.frames.find((one) => one.f === f)
    if (!frame || at !== frame.reported || n < 1 || at + n > frame.rows) {
      const has = frame ? `rows ${frame.reported} to ${frame.rows - 1}` : 'none'
      throw new Error(`it reports ${n} rows from ${at} on of frame ${f}, of which it has ${has}`)
    }
    this.change(f, (one) => (one.reported = at + n))
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
