import { Worker } from 'node:worker_threads'

/** Texts that are made durable by a thread, all that have come meanwhile with one commit. */
export class FloorStore {
  private readonly thread: Worker
  private waiting: { readonly text: string; readonly done: () => void }[] = []
  private committing: (() => void)[] = []

  constructor(file: string) {
    this.thread = new Worker(new URL('committer.ts', import.meta.url), { workerData: file })
    this.thread.on('message', () => {
      const done = this.committing
      this.committing = []
      this.commit()
      for (const tell of done) tell()
    })
  }

  keep(text: string, done: () => void): void {
    this.waiting.push({ text, done })
    if (this.waiting.length === 1) setImmediate(() => this.commit())
  }

  async close(): Promise<void> {
    await this.thread.terminate()
  }

  private commit(): void {
    if (this.committing.length > 0 || this.waiting.length === 0) return
    const batch = this.waiting
    this.waiting = []
    this.committing = batch.map(({ done }) => done)
    this.thread.postMessage(batch.map(({ text }) => text))
  }
}
