import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** What a report shows of each end of a stream. */
const endBytes = 4 * 1024
/** What is kept of a stream on disk at most. */
const spoolBytes = 64 * 1024 * 1024

/**
 * One stream of a program: its first and last 4 KiB for the report, and all of it, up to 64 MiB, in a file once it is longer than that or
 * is no text.
 */
export class Captured {
  /** The first 8 KiB: all of a short stream. */
  private head = Buffer.alloc(0)
  /** The last 4 KiB of what came behind them. */
  private tail = Buffer.alloc(0)
  private total = 0
  private fd: number | undefined
  private spooled = 0

  /** @param file where the stream goes if it must; made only then. */
  constructor(private readonly file: string) {}

  take(chunk: Buffer): void {
    const room = 2 * endBytes - this.head.length
    const behind = chunk.subarray(Math.max(0, room))
    if (room > 0) this.head = Buffer.concat([this.head, chunk.subarray(0, room)])
    this.total += chunk.length
    if (behind.length === 0) return
    if (this.tail.length === 0) this.open()
    this.spool(behind)
    this.tail = Buffer.concat([this.tail, behind.subarray(-endBytes)]).subarray(-endBytes)
  }

  /** Ends the stream. @returns its text as a report shows it. */
  end(): { text: string; truncated: boolean } {
    const truncated = this.total > this.head.length
    if (!truncated && !isText(this.head)) this.open()
    if (this.fd !== undefined) closeSync(this.fd)
    this.fd = undefined
    if (!truncated) return { text: this.head.toString(), truncated }
    const left = this.total - 2 * endBytes
    return { text: `${this.head.subarray(0, endBytes).toString()}\n[… ${left} bytes …]\n${this.last(endBytes).toString()}`, truncated }
  }

  /** The last lines, at most `bytes` of them. */
  lastLines(bytes: number): string {
    return this.last(bytes).toString()
  }

  private last(bytes: number): Buffer {
    return Buffer.concat([this.head, this.tail]).subarray(-bytes)
  }

  /** Opens the file and writes what came so far. */
  private open(): void {
    try {
      mkdirSync(dirname(this.file), { recursive: true })
      this.fd = openSync(this.file, 'w', 0o600)
    } catch {
      return // no room or no right: the report still has both ends
    }
    this.spool(this.head)
  }

  private spool(chunk: Buffer): void {
    if (this.fd === undefined) return
    const part = chunk.subarray(0, spoolBytes - this.spooled)
    try {
      for (let at = 0; at < part.length; ) at += writeSync(this.fd, part, at)
      this.spooled += part.length
    } catch {
      closeSync(this.fd) // a full disk ends the file, not the program
      this.fd = undefined
    }
  }
}

const strict = new TextDecoder('utf-8', { fatal: true })
function isText(bytes: Buffer): boolean {
  if (bytes.includes(0)) return false
  try {
    strict.decode(bytes)
    return true
  } catch {
    return false
  }
}
