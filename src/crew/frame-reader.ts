import type { FromHost, ReportFrame } from '../frames.js'

const newline = 10
/** A header is short; a host that sends more without a newline does not speak our language. */
const longestHeader = 64 * 1024

/** Cuts what a host writes into frames. The lines of a report are handed on as bytes, one fresh buffer a frame, never looked into. */
export class FrameReader {
  private rest = Buffer.alloc(0)
  private head: ReportFrame | undefined
  private body: Uint8Array = new Uint8Array()
  private filled = 0

  constructor(
    private readonly frame: (frame: Exclude<FromHost, ReportFrame>) => void,
    private readonly report: (head: ReportFrame, lines: Uint8Array) => void,
  ) {}

  /** @throws Error when it is no frame. */
  take(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length) {
      if (this.head) {
        at += this.fill(chunk.subarray(at))
        continue
      }
      const end = chunk.indexOf(newline, at)
      if (end < 0) {
        this.rest = Buffer.concat([this.rest, chunk.subarray(at)])
        if (this.rest.length > longestHeader) throw new Error('a header without an end')
        return
      }
      const line = Buffer.concat([this.rest, chunk.subarray(at, end)]).toString()
      this.rest = Buffer.alloc(0)
      at = end + 1
      this.hear(JSON.parse(line) as FromHost)
    }
  }

  private hear(frame: FromHost): void {
    if (!('r' in frame)) {
      this.frame(frame)
      return
    }
    this.head = frame
    // shared: the thread that writes it to disk gets it without a copy
    this.body = new Uint8Array(new SharedArrayBuffer(frame.bytes))
    this.filled = 0
  }

  private fill(chunk: Buffer): number {
    const part = chunk.subarray(0, this.body.length - this.filled)
    this.body.set(part, this.filled)
    this.filled += part.length
    if (this.filled === this.body.length && this.head) {
      const { head } = this
      this.head = undefined
      this.report(head, this.body)
    }
    return part.length
  }
}
