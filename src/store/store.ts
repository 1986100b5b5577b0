import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import type { Fact } from '../boss/fact.js'
import { packed } from './packing.js'
import type { Queries } from './reader.js'
import { Reading } from './reading.js'
import type { KeptLog } from './sweep.js'
import type { TokenChange } from './tokens.js'
import { UnusableDatabase } from './unusable.js'
import type { Committed, ToWriter } from './writer.js'

/** The store took nothing of a commit: disk full, read-only, I/O error. Nothing of it is on disk. */
export class StoreRefuses extends Error {}

/** A commit held a fact that can never be written, such as one that breaks a constraint: a bug. Nothing of the commit is on disk. */
export class Unwritable extends Error {
  /** @param reason why. @param at position of the fact in its commit. */
  constructor(
    reason: string,
    readonly at?: number,
  ) {
    super(reason)
  }
}

/** The database: one thread that writes, one that reads. */
export interface Store {
  readonly file: string
  /**
   * Makes facts durable in one transaction.
   * No facts at all: only tries whether the store accepts.
   * @returns seq of the first entry; the others follow it without a gap, `spanOf` of each fact.
   * @throws {StoreRefuses} when nothing of it could be written now.
   * @throws {Unwritable} when it never can.
   */
  commit(facts: readonly Fact[]): Promise<number>
  /** Makes what became of a token durable. @throws {StoreRefuses} {Unwritable} as `commit`. */
  keepToken(change: TokenChange): Promise<void>
  /** Why nothing can be read now; undefined when it can. */
  readonly unreadable: string | undefined
  /** Puts one question to committed state. @throws Error when it cannot be answered, such as when the thread that reads breaks down over it. */
  read<K extends keyof Queries>(name: K, ...args: Parameters<Queries[K]>): Promise<Awaited<ReturnType<Queries[K]>>>
  /** Bytes of the file, and of what is committed and not in it yet. */
  sizes(): Promise<{ databaseBytes: number; walBytes: number }>
  close(): Promise<void>
}

/**
 * Opens a database file, makes it when it is not there, and takes it for this daemon alone.
 * @param log what is kept of the log of events; all of it when absent.
 * @throws {UnusableDatabase} when it is held by another daemon, damaged, another program's or of a newer version.
 */
export async function openStore(file: string, log: KeptLog = { events: undefined, ageMs: undefined }): Promise<Store> {
  // they take longer to start than all else here
  const writer = new Worker(new URL('./writer.js', import.meta.url), { workerData: { file, log } })
  const reading = new Reading(file)
  const ready = once(writer, 'message') // what it throws before is thrown here
  ready.catch(() => undefined) // which it may do while it is not waited for yet
  let unlock
  try {
    unlock = (await import('./lock.js')).lock(file)
    writer.postMessage('open' satisfies ToWriter)
    await ready
    await reading.open()
    return storeOf(file, writer, reading, unlock)
  } catch (error) {
    await Promise.all([reading.close(), writer.terminate()])
    unlock?.()
    throw new UnusableDatabase((error as Error).message)
  }
}

function storeOf(file: string, writer: Worker, reading: Reading, unlock: () => void): Store {
  const commits: { resolve(first: number): void; reject(error: Error): void }[] = []
  writer.on('message', (answer: Committed) => {
    const waiting = commits.shift()
    if ('first' in answer) waiting?.resolve(answer.first)
    else waiting?.reject(answer.at === undefined ? new StoreRefuses(answer.refused) : new Unwritable(answer.refused, answer.at))
  })
  let cause: Error | undefined
  let closing: Promise<void> | undefined
  writer.on('error', (error) => (cause = error))
  writer.on('exit', () => {
    // whether its last commit is on disk only a new start can tell
    if (!closing)
      throw new Error(`the thread that writes ${file} is gone; start the daemon again, it goes on with what is on disk`, { cause })
  })

  const close = async () => {
    // the last one to close brings the log home, and the reader may not
    await reading.close()
    const gone = once(writer, 'exit')
    writer.postMessage({ close: true } satisfies ToWriter)
    await gone
    unlock()
  }

  const ask = (asked: ToWriter) =>
    new Promise<number>((resolve, reject) => {
      writer.postMessage(asked)
      commits.push({ resolve, reject })
    })

  return {
    file,
    get unreadable() {
      return reading.broken
    },
    commit: (facts) => ask({ facts: facts.map(packed) }),
    keepToken: async (change) => void (await ask({ token: change })),
    read: (name, ...args) => reading.ask(name, args),
    sizes: async () => {
      const [databaseBytes, walBytes] = await Promise.all([bytesOf(file), bytesOf(`${file}-wal`)])
      return { databaseBytes, walBytes }
    },
    close: () => (closing ??= close()),
  }
}

const bytesOf = (file: string) =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  )
