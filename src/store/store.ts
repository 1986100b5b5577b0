import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Fact } from '../boss/fact.js'
import { lock } from './lock.js'
import { UnusableDatabase } from './open.js'
import type { Answer, Queries, Question } from './reader.js'
import type { Committed, ToWriter } from './writer.js'

/** The store took nothing of a commit: disk full, read-only, I/O error. Nothing of it is on disk. */
export class StoreRefuses extends Error {}

/** The database: one thread that writes, one that reads. */
export interface Store {
  readonly file: string
  /**
   * Makes facts durable in one transaction.
   * No facts at all: only tries whether the store accepts.
   * @returns seq of the first entry; the others follow it without a gap, `spanOf` of each fact.
   * @throws {StoreRefuses} when nothing of it could be written.
   */
  commit(facts: readonly Fact[]): Promise<number>
  /** Puts one question to committed state. */
  read<K extends keyof Queries>(name: K, ...args: Parameters<Queries[K]>): Promise<Awaited<ReturnType<Queries[K]>>>
  close(): Promise<void>
}

interface Waiting<T> {
  resolve(value: T): void
  reject(error: Error): void
}

/**
 * Opens a database file, makes it when it is not there, and takes it for this daemon alone.
 * @throws {UnusableDatabase} when it is held by another daemon, damaged, another program's or of a newer version.
 */
export async function openStore(file: string): Promise<Store> {
  const unlock = lock(file)
  try {
    const writer = await thread('./writer.js', file)
    await first(writer)
    const reader = await thread('./reader.js', file)
    return storeOf(file, writer, reader, unlock)
  } catch (error) {
    unlock()
    throw new UnusableDatabase((error as Error).message)
  }
}

async function thread(module: string, file: string): Promise<Worker> {
  const worker = new Worker(new URL(module, import.meta.url), { workerData: { file } })
  await once(worker, 'online')
  return worker
}

/** The first message of a thread; what it throws before is thrown here. */
async function first(worker: Worker): Promise<void> {
  await once(worker, 'message')
}

function storeOf(file: string, writer: Worker, reader: Worker, unlock: () => void): Store {
  const commits: Waiting<number>[] = []
  const questions = new Map<number, Waiting<never>>()
  let no = 0
  // a thread that dies is a bug or a broken disk: everybody who waits is told, and so is whoever asks next
  let broken: Error | undefined
  const fail = (error: Error) => {
    broken = error
    for (const waiting of [...commits.splice(0), ...questions.values()]) waiting.reject(error)
    questions.clear()
  }
  writer.on('message', (answer: Committed) => {
    const waiting = commits.shift()
    if ('refused' in answer) waiting?.reject(new StoreRefuses(answer.refused))
    else waiting?.resolve(answer.first)
  })
  reader.on('message', (answer: Answer) => {
    const waiting = questions.get(answer.no)
    questions.delete(answer.no)
    if ('failed' in answer) waiting?.reject(new Error(answer.failed))
    else waiting?.resolve(answer.value as never)
  })
  for (const worker of [writer, reader]) worker.on('error', fail)

  let closing: Promise<void> | undefined
  const close = async () => {
    const gone = [writer, reader].map(async (worker) => once(worker, 'exit'))
    reader.postMessage('close')
    writer.postMessage({ close: true } satisfies ToWriter)
    await Promise.all(gone)
    unlock()
  }

  return {
    file,
    commit: (facts) =>
      new Promise((resolve, reject) => {
        if (broken) return reject(new StoreRefuses(broken.message))
        commits.push({ resolve, reject })
        writer.postMessage({ facts } satisfies ToWriter)
      }),
    read: (name, ...args) =>
      new Promise((resolve, reject) => {
        if (broken) return reject(broken)
        questions.set(++no, { resolve: resolve as (value: never) => void, reject })
        reader.postMessage({ no, name, args } satisfies Question)
      }),
    close: () => (closing ??= close()),
  }
}
