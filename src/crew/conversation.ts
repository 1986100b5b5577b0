import type { Readable, Writable } from 'node:stream'
import type { FromRemote, ReportFrame } from '../frames.js'
import type { Batch } from './crew.js'
import { FrameReader } from './frame-reader.js'
import { Held } from './held.js'

/** Of reports that are not on disk yet; a host that has more to say waits. */
const mostUnwritten = 2 * 1024 * 1024

/** What is heard of a host. */
export interface Ear {
  heard(frame: Exclude<FromRemote, ReportFrame>): void
  reported(head: ReportFrame, lines: Uint8Array): void
  /** What it says cannot be, and nothing more is heard of it. */
  misheard(error: Error): void
}

/** What is said between the daemon and one host, over two pipes: frames that it holds, what is to be written, reports that are not on disk. */
export class Conversation {
  /** Since when it has nothing to do, ms since 1970. */
  idleSince = Date.now()
  private readonly holds = new Held()
  private toHost: Writable | undefined
  private fromHost: Readable | undefined
  private outgoing: string[] = []
  /** The newest report frame on disk of which it was not told yet; 0 none. */
  private acked = 0
  /** Its report frames that are not on disk, the oldest first, and the bytes of all of them. */
  private readonly unwritten: { readonly r: number; readonly bytes: number }[] = []
  private unwrittenBytes = 0
  /** `outgoing` and `acked` are written in this turn of the event loop. */
  private ordered = false

  constructor(private readonly ear: Ear) {}

  /** The host is there. @param hello what it is told first. @returns resolves when it can say nothing more. */
  begin(toHost: Writable, fromHost: Readable, hello: object): Promise<void> {
    this.toHost = toHost
    this.fromHost = fromHost
    for (const pipe of [toHost, fromHost]) pipe.on('error', () => undefined) // its end says it all
    const reader = new FrameReader(
      (frame) => this.ear.heard(frame),
      (head, lines) => this.hearReport(head, lines),
    )
    let heeded = true
    fromHost.on('data', (chunk: Buffer) => {
      if (!heeded) return
      try {
        reader.take(chunk)
      } catch (error) {
        heeded = false
        this.ear.misheard(error as Error)
      }
    })
    this.outgoing.unshift(`${JSON.stringify({ hello })}\n`)
    this.post()
    return new Promise((resolve) => fromHost.once('close', () => resolve()))
  }

  /** Frames that it holds, the one being carried out first. */
  get held(): Held['frames'] {
    return this.holds.frames
  }

  holdsFrame(f: number): boolean {
    return this.held.some((held) => held.f === f)
  }

  /** Whether it can read by now all that it was told. */
  get isWritten(): boolean {
    return this.toHost?.writableLength === 0
  }

  /** Hands it a batch. @param cpus that it is bound to. */
  send(batch: Batch, cpus: readonly number[]): void {
    const { attributes, ids, expectedTime: _, ...head } = batch
    this.holds.add(batch.f, ids.length)
    // the attributes' texts go as they are: nothing here needs to know what is in them
    this.outgoing.push(`${JSON.stringify({ ...head, ids, cpus }).slice(0, -1)},"a":[${attributes.join(',')}]}\n`)
    // its core may stand idle: what else the daemon does in this turn of the event loop comes behind it
    this.post()
  }

  write(line: string): void {
    this.outgoing.push(line)
    this.order()
  }

  /** What was written goes out with one call, once the host is there. */
  post(): void {
    if (!this.toHost) return
    this.ordered = false
    if (this.acked > 0) this.outgoing.push(`{"ack":${this.acked}}\n`)
    this.acked = 0
    const text = this.outgoing.join('')
    this.outgoing = []
    if (text !== '') this.toHost.write(text)
  }

  /** Report frame `r` and all before it are on disk. */
  acknowledge(r: number): void {
    this.acked = Math.max(this.acked, r)
    for (let first; (first = this.unwritten[0]) && first.r <= r; this.unwritten.shift()) this.unwrittenBytes -= first.bytes
    if (this.unwrittenBytes <= mostUnwritten) this.fromHost?.resume()
    this.order()
  }

  /** Rows of a frame from `kept` on are not with the host any more. */
  kept(f: number, kept: number): void {
    this.holds.kept(f, kept)
    if (this.held.length === 0) this.idleSince = Date.now()
  }

  /** It is gone, or it shall go: whatever it still says is heard, however much that is. */
  hearOut(): void {
    this.unwrittenBytes = -Infinity
    this.fromHost?.resume()
  }

  /** Nothing more is said to it. */
  end(): void {
    this.toHost?.end()
  }

  private order(): void {
    if (this.ordered || !this.toHost) return
    this.ordered = true
    setImmediate(() => this.post())
  }

  private hearReport(head: ReportFrame, lines: Uint8Array): void {
    if (head.o.length !== head.n) throw new Error(`it reports ${head.n} rows and ${head.o.length} outcomes`)
    this.holds.reported(head.f, head.at, head.n)
    if (this.held.length === 0) this.idleSince = Date.now()
    this.unwritten.push({ r: head.r, bytes: head.bytes })
    this.unwrittenBytes += head.bytes
    if (this.unwrittenBytes > mostUnwritten) this.fromHost?.pause()
    this.ear.reported(head, lines)
  }
}
