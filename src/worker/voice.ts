import { format } from 'node:util'
import type { Spool, Spools } from '../outputs/spool.js'
import type { Row } from './bench.js'
import type { Outbox } from './outbox.js'
import type { TaskLog } from './task.js'

/** Between two frames of progress. */
const restMs = 100
const mostBytes = 16 * 1024
/** What a report shows of stderr. */
const tailChars = 2048

/** What one task says while it runs: how far it is, and lines of output. Made for those that say something; most do not. */
export class Voice {
  readonly log: TaskLog = {
    info: (...values) => this.write('stdout', values),
    warn: (...values) => this.write('stderr', values),
    error: (...values) => this.write('stderr', values),
  }
  private newest = ''
  private toldAt = -Infinity
  private waiting: NodeJS.Timeout | undefined
  private spool: Spool | undefined
  private tail = ''
  private over = false

  constructor(
    private readonly at: Row,
    private readonly outbox: Outbox,
    private readonly spools: Spools,
  ) {}

  readonly progress = (value: unknown): void => {
    const text = JSON.stringify(value) as string | undefined
    if (text === undefined) throw new TypeError('progress takes what JSON can hold; this it cannot')
    if (Buffer.byteLength(text) > mostBytes) throw new RangeError(`progress takes ${mostBytes} bytes of JSON at most; say less, or use log`)
    if (this.over) return
    this.newest = text
    const wait = this.toldAt + restMs - performance.now()
    if (wait <= 0) this.tell()
    else this.waiting ??= setTimeout(() => this.tell(), wait).unref()
  }

  /** The task has ended: what it left running is not heard any more. @returns the last that it wrote to stderr. */
  end(): string {
    this.over = true
    clearTimeout(this.waiting)
    this.spool?.stdout.end(true)
    this.spool?.stderr.end(true)
    this.spool?.close()
    return this.tail
  }

  private tell(): void {
    clearTimeout(this.waiting)
    this.waiting = undefined
    this.toldAt = performance.now()
    this.outbox.progress(this.at.frame.f, this.at.row, this.newest)
  }

  private write(stream: 'stdout' | 'stderr', values: readonly unknown[]): void {
    if (this.over) return
    const { frame, row } = this.at
    const line = `${format(...values)}\n`
    this.spool ??= this.spools.attempt(frame.boss, frame.ids[row] ?? 0, frame.attempts[row] ?? 1)
    this.spool[stream].write(Buffer.from(line))
    if (stream === 'stderr') this.tail = (this.tail + line).slice(-tailChars)
  }
}
