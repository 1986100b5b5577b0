import { Socket } from 'node:net'
import { constants } from 'node:os'
import { peakMiB, signalAll } from '../processes.js'
import type { Captured } from './captured.js'
import { clearOut, company, isAlone, takeIn } from './company.js'
import type { Hold } from './fence.js'
import type { Launched } from './launch.js'
import * as libc from './libc.js'

/** How a program ended and what it took. */
export interface Exit {
  /** Exit code; undefined when a signal ended it. */
  readonly code: number | undefined
  readonly signal: string | undefined
  /** s of CPU time, of the program and of its children that it waited for */
  readonly cpu: number
  /** MiB; null when it was below what this host itself holds, which the kernel cannot tell apart, and too short to be sampled */
  readonly maxRss: number | null
  /** It was ended for its memory, MiB. */
  readonly oom?: { readonly limit: number; readonly measured: number }
}

/** A program that lives longer gets its streams read as they come; one that does not is read once, when it has ended. */
const attachMs = 4
/** How often a program's memory is looked at; its last growth within that time is seen only above this host's own memory. */
const sampleMs = 50
/** What a killed group gets to close its pipes before they are closed here: only a process that left the group holds them longer. */
const closingMs = 500
/** A timer of Node's cannot be set for longer. */
const longestMs = 2 ** 31 - 1
const dontWait = 1
const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]))

/** One running program. */
export class Program {
  readonly pid: number
  /** Resolves when it has ended and its streams are read to their end. */
  readonly ended: Promise<Exit>
  private readonly streams: Stream[]
  private readonly attaching: NodeJS.Timeout
  private sampling: NodeJS.Timeout | undefined
  private peak: number | null = null
  private oom: Exit['oom']
  private killing: NodeJS.Timeout | undefined
  private resolve: (exit: Exit) => void = () => undefined

  /** @param hold what it and all that it starts may take; undefined: any amount. */
  constructor(
    { pid, stdout, stderr }: Launched,
    out: Captured,
    err: Captured,
    private readonly hold: Hold | undefined,
  ) {
    this.pid = pid
    this.streams = [new Stream(stdout, out), new Stream(stderr, err)]
    this.ended = new Promise((resolve) => {
      this.resolve = resolve
    })
    this.attaching = setTimeout(() => {
      for (const stream of this.streams) stream.attach()
      this.sample()
      this.sampling = setInterval(() => this.sample(), sampleMs)
    }, attachMs)
    running.add(this)
    watch()
    this.reap() // it may have ended before anybody watched
  }

  /** SIGTERM to its group, SIGKILL after the grace. */
  stop(graceMs: number): void {
    this.terminate()
    this.killing = setTimeout(() => this.kill(), Math.min(graceMs, longestMs))
  }

  terminate(): void {
    libc.kill(-this.pid, constants.signals.SIGTERM)
  }

  /** SIGKILL to it and all that it started, in whatever group and session. */
  kill(): void {
    libc.kill(-this.pid, constants.signals.SIGKILL)
    signalAll(company(), 'SIGKILL')
  }

  /** Takes its exit from the kernel. @returns whether it has ended. */
  reap(): boolean {
    if (libc.wait4(this.pid, status, dontWait, usage) !== this.pid) return false
    running.delete(this)
    void this.finish(exitOf(status.readInt32LE(), this.peak))
    return true
  }

  /** Its own peak so far, which the kernel forgets when it ends; and whether it and what it started hold more than they may. */
  private sample(): void {
    this.peak = peakMiB(this.pid) ?? this.peak
    if (this.isOver()) this.kill()
  }

  private isOver(): boolean {
    const measured = this.oom ? undefined : this.hold?.over()
    if (!this.hold || measured === undefined) return false
    this.oom = { limit: this.hold.limit, measured }
    return true
  }

  private async finish(exit: Exit): Promise<void> {
    clearTimeout(this.attaching)
    clearInterval(this.sampling)
    clearTimeout(this.killing)
    this.isOver() // the kernel may just have ended it
    // whatever it left running ends with it
    if (!this.streams.map((stream) => stream.drain()).every(Boolean) || hasGroup(this.pid)) this.kill()
    if (!isAlone()) await clearOut(isRunning)
    await Promise.all(this.streams.map(async (stream) => stream.close()))
    const { oom } = this
    this.resolve(oom ? { ...exit, maxRss: Math.max(exit.maxRss ?? 0, oom.measured), oom } : exit)
  }
}

/** The reading end of a pipe: read directly, or by the event loop once it is attached. */
class Stream {
  private socket: Socket | undefined
  private ended = false
  private onEnd: () => void = () => undefined

  constructor(
    private readonly fd: number,
    private readonly captured: Captured,
  ) {}

  attach(): void {
    const socket = new Socket({ fd: this.fd, readable: true, writable: false })
    this.socket = socket
    socket.on('data', (chunk: Buffer) => this.captured.take(chunk, true))
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      this.ended = true
      this.onEnd()
    })
  }

  /** Reads what is there. @returns whether that was all. */
  drain(): boolean {
    if (this.socket || this.ended) return this.ended
    for (;;) {
      const n = Number(libc.read(this.fd, scratch, scratch.length))
      if (n > 0) this.captured.take(Buffer.from(scratch.subarray(0, n)), false)
      else if (n === 0) {
        libc.close(this.fd)
        return (this.ended = true)
      } else return false
    }
  }

  /** Resolves at its end, or closes it when it does not come. */
  async close(): Promise<void> {
    if (this.drain()) return
    if (!this.socket) this.attach()
    await new Promise<void>((resolve) => {
      const late = setTimeout(() => this.socket?.destroy(), closingMs)
      this.onEnd = () => {
        clearTimeout(late)
        resolve()
      }
      if (this.ended) this.onEnd()
    })
  }
}

const running = new Set<Program>()
const scratch = Buffer.alloc(64 * 1024)
const status = Buffer.alloc(128)
const usage = Buffer.alloc(256)
let watching = false

/** Signals coalesce, so every program is asked; each by its pid, for other children are none of ours. */
function watch(): void {
  if (watching) return
  watching = true
  process.on('SIGCHLD', () => {
    let reaped = false
    for (const program of running) reaped = program.reap() || reaped
    if (!reaped) takeIn(isRunning)
  })
}

const isRunning = (pid: number) => [...running].some((program) => program.pid === pid)
const hasGroup = (pid: number) => libc.kill(-pid, 0) === 0

/** @param word what wait4 wrote, with `usage` beside it. @param sampled peak memory as sampled in MiB; null for never. */
function exitOf(word: number, sampled: number | null): Exit {
  const seconds = (at: number) => Number(usage.readBigInt64LE(at)) + Number(usage.readBigInt64LE(at + 8)) / 1e6
  const countedKiB = Number(usage.readBigInt64LE(32))
  // the kernel counts from this host's own memory at the start of the program
  const counted = countedKiB > process.resourceUsage().maxRSS ? Math.round(countedKiB / 102.4) / 10 : sampled
  const signal = word & 0x7f
  return {
    code: signal === 0 ? (word >> 8) & 0xff : undefined,
    signal: signal === 0 ? undefined : (signalNames.get(signal) ?? `signal ${signal}`),
    cpu: Math.round((seconds(0) + seconds(16)) * 1e6) / 1e6,
    maxRss: counted,
  }
}
