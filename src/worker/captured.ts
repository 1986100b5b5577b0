/** What a report shows of each end of a stream. */
const endBytes = 4 * 1024
const nothing: Buffer = Buffer.alloc(0)

/** Where a stream goes that is too long for a report, or that somebody may want to read while its program runs. */
export interface Spooled {
  /** Bytes that were kept. */
  readonly kept: number
  write(chunk: Buffer): void
  /** @param keep false: the report has all of it. */
  end(keep: boolean): void
}

/** A stream that has ended. */
export interface CapturedText {
  /** as a report shows it */
  readonly text: string
  /** the text has only both its ends */
  readonly truncated: boolean
  /** not all of it was kept elsewhere either: bytes that were written, and that were kept */
  readonly cut: { readonly written: number; readonly kept: number } | undefined
}

/**
 * One stream of a program: its first and last 4 KiB for the report, and all of it elsewhere once it is longer than that, or is no text, and
 * as long as its program runs.
 */
export class Captured {
  /** The first 8 KiB: all of a short stream. */
  private head = nothing
  /** The last 4 KiB of what came behind them. */
  private tail = nothing
  private total = 0
  private spooling = false

  constructor(private readonly spool: Spooled) {}

  /** @param live its program runs on: what it wrote may be looked at. */
  take(chunk: Buffer, live: boolean): void {
    const before = this.head
    const room = 2 * endBytes - before.length
    const behind = chunk.subarray(Math.max(0, room))
    if (room > 0) this.head = Buffer.concat([before, chunk.subarray(0, room)])
    this.total += chunk.length
    if (behind.length > 0) this.tail = Buffer.concat([this.tail, behind.subarray(-endBytes)]).subarray(-endBytes)
    if (!this.spooling && !live && behind.length === 0) return
    if (!this.spooling && before.length > 0) this.spool.write(before)
    this.spooling = true
    this.spool.write(chunk)
  }

  /** Ends the stream. */
  end(): CapturedText {
    const truncated = this.total > this.head.length
    const keep = truncated || !isText(this.head)
    if (keep && !this.spooling) this.spool.write(this.head)
    this.spool.end(keep)
    const { kept } = this.spool
    const cut = keep && kept < this.total ? { written: this.total, kept } : undefined
    if (!truncated) return { text: this.head.toString(), truncated, cut }
    const left = this.total - 2 * endBytes
    const text = `${this.head.subarray(0, endBytes).toString()}\n[… ${left} bytes …]\n${this.last(endBytes).toString()}`
    return { text, truncated, cut }
  }

  /** The last lines, at most `bytes` of them. */
  lastLines(bytes: number): string {
    return this.last(bytes).toString()
  }

  private last(bytes: number): Buffer {
    return Buffer.concat([this.head, this.tail]).subarray(-bytes)
  }
}

const strict = new TextDecoder('utf-8', { fatal: true })
function isText(bytes: Buffer): boolean {
  if (bytes.length === 0) return true
  if (bytes.includes(0)) return false
  try {
    strict.decode(bytes)
    return true
  } catch {
    return false
  }
}
