import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Answer, Queries, Question } from './reader.js'

/** Pauses before a reader that broke down is replaced. */
const pauseMs = { first: 50, longest: 5_000 }
/** MiB of heap that a reader may have: pages are cut by their bytes, so only a fault takes more. */
const heapMiB = 1024

interface Waiting {
  resolve(value: never): void
  reject(error: Error): void
}

/**
 * The thread that reads. One that breaks down is replaced: whoever waits for an answer is told, for it may be a question that it broke down
 * over.
 */
export class Reading {
  /** Why it cannot be asked now. */
  broken: string | undefined
  private worker: Worker | undefined
  private readonly questions = new Map<number, Waiting>()
  private no = 0
  private pauseMs = pauseMs.first
  private closing = false

  private constructor(private readonly file: string) {}

  /** @throws Error when the file cannot be opened. */
  static async begin(file: string): Promise<Reading> {
    const reading = new Reading(file)
    await once(reading.start(), 'message')
    return reading
  }

  ask<K extends keyof Queries>(name: K, args: Parameters<Queries[K]>): Promise<Awaited<ReturnType<Queries[K]>>> {
    return new Promise((resolve, reject) => {
      if (!this.worker) return reject(new Error(`the store cannot be read now: ${this.broken}`))
      this.questions.set(++this.no, { resolve: resolve as (value: never) => void, reject })
      this.worker.postMessage({ no: this.no, name, args } satisfies Question)
    })
  }

  async close(): Promise<void> {
    this.closing = true
    const { worker } = this
    if (!worker) return
    const gone = once(worker, 'exit')
    worker.postMessage('close')
    await gone.catch(() => undefined)
  }

  private start(): Worker {
    const worker = new Worker(new URL('./reader.js', import.meta.url), {
      workerData: { file: this.file },
      resourceLimits: { maxOldGenerationSizeMb: heapMiB },
    })
    worker.on('message', (answer: Answer) => {
      this.broken = undefined
      const waiting = this.questions.get(answer.no)
      this.questions.delete(answer.no)
      if (waiting) this.pauseMs = pauseMs.first
      if ('failed' in answer) waiting?.reject(new Error(answer.failed))
      else waiting?.resolve(answer.value as never)
    })
    let fault = new Error('its thread is gone')
    worker.on('error', (error) => (fault = error as Error))
    worker.on('exit', () => this.replace(fault))
    return (this.worker = worker)
  }

  private replace(error: Error): void {
    this.broken = error.message
    this.worker = undefined
    for (const waiting of this.questions.values()) waiting.reject(new Error(`the store broke down while it was read: ${error.message}`))
    this.questions.clear()
    setTimeout(() => {
      if (!this.closing) this.start()
    }, this.pauseMs).unref()
    this.pauseMs = Math.min(2 * this.pauseMs, pauseMs.longest)
  }
}
