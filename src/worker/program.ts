import { Socket } from 'node:net'
import { constants } from 'node:os'
import { peakMiB, signalAll } from '../processes.js'
import type { Captured } from './captured.js'
import { clearOut, company, isAlone, leavesNothing, takeIn } from './company.js'
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

/**
 * For how long this process blocks for a program: most end within that, and then nothing but a few system calls is between one and the next.
 * One that lives longer gets its streams read as they come; one that does not is read once, when it has ended.
 */
const briefMs = 4
/** How often a program's memory is looked at; its last growth within that time is seen only above this host's own memory. */
const sampleMs = 50
/** What a killed group gets to close its pipes before they are closed here: only a process that left the group holds them longer. */
const closingMs = 500
/** A timer of Node's cannot be set for longer. */
const longestMs = 2 ** 31 - 1
const dontWait = 1
const pidfdOpen = 434
const hasInput = 1
const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]))

/** One running program. */
export class Program {
  readonly pid: number
  private readonly streams: readonly [Stream, Stream]
  private sampling: NodeJS.Timeout | undefined
  private peak: number | null = null
  private oom: Exit['oom']
  private killing: NodeJS.Timeout | undefined
  /** How it ended, if that was soon. */
  private exit: Exit | undefined
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
  }

  /** Waits for its end as long as this process may block. @returns undefined when it lives on, or has left something behind: `ended` tells more then. */
  endsSoon(): Exit | undefined {
    waitFor(this.pid, briefMs)
    this.exit = this.takeExit()
    if (!this.exit) return undefined
    this.isOver() // the kernel may just have ended it
    return leavesNothing(this.pid) && this.areRead() ? this.whole(this.exit) : undefined
  }

  /** Resolves when it has ended, nothing that it started is left and its streams are read to their end. */
  ended(): Promise<Exit> {
    return new Promise((resolve) => {
      this.resolve = resolve
      if (this.exit) return void this.finish(this.exit)
      for (const stream of this.streams) stream.attach()
      this.sample()
      this.sampling = setInterval(() => this.sample(), sampleMs)
      if (running.size === 0) process.on('SIGCHLD', childHasEnded)
      running.add(this)
      this.reap() // it may have ended before anybody watched
    })
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
    const exit = this.takeExit()
    if (!exit) return false
    running.delete(this)
    if (running.size === 0) process.off('SIGCHLD', childHasEnded)
    void this.finish(exit)
    return true
  }

  private takeExit(): Exit | undefined {
    return libc.wait4(this.pid, status, dontWait, usage) === this.pid ? exitOf(status.readInt32LE(), this.peak) : undefined
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
    clearInterval(this.sampling)
    clearTimeout(this.killing)
    this.isOver() // the kernel may just have ended it
    // whatever it left running ends with it
    if (!this.areRead() || !leavesNothing(this.pid)) this.kill()
    if (!isAlone()) await clearOut(isRunning)
    await Promise.all(this.streams.map(async (stream) => stream.close()))
    this.resolve(this.whole(exit))
  }

  /** Whether both its streams have come to their end; what is in them is taken. */
  private areRead(): boolean {
    const [out, err] = this.streams
    const isRead = out.drain()
    return err.drain() && isRead
  }

  private whole(exit: Exit): Exit {
    const { oom } = this
    return oom ? { ...exit, maxRss: Math.max(exit.maxRss ?? 0, oom.measured), oom } : exit
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
    if (this.ended) return
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
      const state = lookAt(this.fd, 0)
      if (state === 0) return false
      const n = (state & hasInput) === 0 ? 0 : Number(libc.read(this.fd, scratch, scratch.length))
      if (n > 0) this.captured.take(Buffer.from(scratch.subarray(0, n)), false)
      else {
        libc.close(this.fd)
        return (this.ended = true)
      }
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
const looked = Buffer.alloc(128)
/** What this host held at most when it was last asked. */
let ownKiB = 0
const status = Buffer.alloc(128)
const usage = Buffer.alloc(256)

/** Signals coalesce, so every program is asked; each by its pid, for other children are none of ours. */
function childHasEnded(): void {
  let reaped = false
  for (const program of running) reaped = program.reap() || reaped
  if (!reaped) takeIn(isRunning)
}

const isRunning = (pid: number) => [...running].some((program) => program.pid === pid)

/** @returns what a descriptor has to say within so many ms, as `poll` does; 0 when it says nothing. */
function lookAt(fd: number, ms: number): number {
  looked.writeInt32LE(fd)
  looked.writeInt32LE(hasInput, 4)
  return libc.poll(looked, 1, ms) > 0 ? looked.readUInt16LE(6) : 0
}

/** Blocks this process until a child has ended, or for so many ms; not at all where the kernel has no such descriptors. */
function waitFor(pid: number, ms: number): void {
  const fd = Number(libc.syscall(pidfdOpen, pid, 0))
  if (fd < 0) return
  const until = performance.now() + ms
  // a signal ends a look
  for (let left = ms; left > 0 && lookAt(fd, left) === 0; ) left = Math.ceil(until - performance.now())
  libc.close(fd)
}

/** @param word what wait4 wrote, with `usage` beside it. @param sampled peak memory as sampled in MiB; null for never. */
function exitOf(word: number, sampled: number | null): Exit {
  // 48 bits of 64 are enough, and are numbers
  const seconds = (at: number) => usage.readUIntLE(at, 6) + usage.readUInt32LE(at + 8) / 1e6
  const countedKiB = usage.readUIntLE(32, 6)
  // the kernel counts from this host's own memory at the start of the program
  if (countedKiB > ownKiB) ownKiB = process.resourceUsage().maxRSS
  const counted = countedKiB > ownKiB ? Math.round(countedKiB / 102.4) / 10 : sampled
  const signal = word & 0x7f
  return {
    code: signal === 0 ? (word >> 8) & 0xff : undefined,
    signal: signal === 0 ? undefined : (signalNames.get(signal) ?? `signal ${signal}`),
    cpu: Math.round((seconds(0) + seconds(16)) * 1e6) / 1e6,
    maxRss: counted,
  }
}
