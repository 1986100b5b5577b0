import { Worker } from 'node:worker_threads'
import type { ToHost } from '../frames.js'
import type { OwnRun } from './own-run.js'
import type { Wire } from './wire.js'

/** Bytes that may be said and not be gone yet. */
const mostUngone = 2 * 1024 * 1024

/**
 * Slurm's sockets before 24.05 hold a small message back until the one before it was acknowledged, for 44 ms, and what is held back when a task's
 * process is killed never comes.
 */
const heldBackMs = 100

/** What main thread and line share: 32-bit numbers that wrap. */
export const shared = {
  /** Bytes that have gone. */
  gone: 0,
  /** Requests for rows that one of the two has answered, in the order in which they came. */
  answered: 1,
  count: 2,
} as const

/** What the thread is given. */
export interface LineData {
  readonly run: OwnRun
  readonly numbers: Int32Array<SharedArrayBuffer>
}

/** What it tells: lines of frames; null when the daemon is not there any more. */
export type FromLine = readonly string[] | null

/** @param no of the request for rows, from 1. @returns whether it is the caller's to answer. */
export const claim = (numbers: LineData['numbers'], no: number): boolean =>
  Atomics.compareExchange(numbers, shared.answered, no - 1, no) === no - 1

/**
 * The pipes of a host on another machine, held by a thread that no task can block: it answers the daemon's pings, keeps the lease, and ends
 * the process when the daemon is gone.
 */
export class Line implements Wire {
  private readonly numbers = new Int32Array(new SharedArrayBuffer(shared.count * Int32Array.BYTES_PER_ELEMENT))
  private readonly thread: Worker
  private said = 0
  private requests = 0

  constructor(run: OwnRun) {
    this.thread = new Worker(new URL('./line-thread.js', import.meta.url), {
      workerData: { run, numbers: this.numbers } satisfies LineData,
    })
  }

  listen(take: (frame: ToHost, answered: boolean) => void, closed: () => void): void {
    this.thread.on('message', (told: FromLine) => {
      if (!told) return closed()
      for (const line of told) {
        const frame = JSON.parse(line) as ToHost
        take(frame, 'keep' in frame && !claim(this.numbers, ++this.requests))
      }
    })
  }

  write(parts: readonly Buffer[]): void {
    const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const part of parts) {
      bytes.set(part, at)
      at += part.length
    }
    this.said += bytes.length
    this.thread.postMessage(bytes, [bytes.buffer])
    this.wait(mostUngone)
  }

  drain(): void {
    this.wait(0)
  }

  arrive(): void {
    this.wait(0)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, heldBackMs)
  }

  private wait(most: number): void {
    const { numbers } = this
    for (let gone; (gone = Atomics.load(numbers, shared.gone)), ((this.said - gone) | 0) > most; ) Atomics.wait(numbers, shared.gone, gone)
  }
}
