import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { follow } from '../soak/follow.ts'
import type { Outcome } from '../soak/part.ts'
import { Random } from '../soak/random.ts'
import { Taylord } from '../soak/taylord.ts'
import { Book } from './book.ts'
import { judge } from './judge.ts'
import { Load } from './load.ts'

export interface Crashes {
  readonly rounds: number
  readonly seed: number
  /** Directory of its own. */
  readonly dir: string
  /** Ends it before its time; no daemon is left then. */
  readonly signal?: AbortSignal
  /** Is told of each round. */
  readonly progress?: (round: number, book: Book) => void
}

/**
 * Kills a daemon under load again and again, each time on the data that the last one left, lets the last one finish all work and holds
 * what it says against all that was ever acknowledged. A seed repeats what is asked and when; not how far a daemon gets by then.
 */
export async function crashRounds({ rounds, seed, dir, signal, progress }: Crashes): Promise<Outcome> {
  const random = new Random(seed)
  const book = new Book()
  const data = join(dir, 'data')
  const log = join(dir, 'log')
  mkdirSync(data, { recursive: true })
  writeFileSync(log, '')
  let daemon = new Taylord(data)
  let inStart = 0
  signal?.addEventListener('abort', () => void daemon.kill())
  const startAnew = () => {
    signal?.throwIfAborted()
    return new Taylord(data)
  }
  try {
    await daemon.listening
    for (const max_threads of [1, 4, 8]) {
      const { id } = await daemon.ask<{ id: number }>('POST', '/v1/bosses', { json: { scheduler: { limit: 'threads', max_threads } } })
      book.bosses.set(id, { kept: true, halted: false })
    }
    for (let round = 0; round < rounds; round++) {
      const load = new Load(daemon, book, log, `r${round}`)
      const running = load.run(random.fork())
      // by what it has done, not by time: a slow machine is to get as far as a fast one
      const enough = random.size(150)
      while (load.answers < enough && !signal?.aborted) await sleep(1)
      await sleep(random.integer(0, 20))
      await daemon.kill()
      load.end()
      await running
      daemon = startAnew()
      while (random.chance(0.2)) {
        inStart++
        await sleep(random.integer(0, 600))
        await daemon.kill()
        daemon = startAnew()
      }
      await daemon.listening
      await takeUp(daemon, book)
      progress?.(round + 1, book)
    }
    await finish(daemon, book)
    const { instructions, lost, attempts } = await judge(daemon, book, log)
    await daemon.stop()
    const database = new Database(join(data, 'taylord.db'), { readonly: true })
    const sound = database.pragma('integrity_check', { simple: true })
    database.close()
    if (sound !== 'ok') book.breach(`SQLite says of the database: ${String(sound)}`)
    return {
      breaches: book.breaches,
      figures: {
        kills: rounds + inStart,
        'kills in a start': inStart,
        instructions,
        attempts,
        'appends acknowledged': book.sent.filter(({ first }) => first !== undefined).length,
        'appends without an answer': book.sent.filter(({ first }) => first === undefined).length,
        'of these there': lost,
        'cancelled for good': book.cancelled.size,
        'cancelled while it ran': book.doomed.size,
        events: book.seenEvents,
      },
    }
  } finally {
    await daemon.kill()
  }
}

/** What a new daemon says first: hires without an answer are there as a whole or not at all, and who was halted still is. */
async function takeUp(daemon: Taylord, book: Book): Promise<void> {
  for (const [name, names] of book.lostHires) {
    const { status, text } = await daemon.call('GET', `/v1/bosses/${name}`)
    if (status !== 200) continue
    const { id } = JSON.parse(text) as { id: number }
    book.bosses.set(id, { kept: false, halted: undefined })
    book.sent.push({ boss: id, names, first: 1 })
    book.rows += names.length
  }
  book.lostHires.clear()
  for (const [id, known] of book.bosses) {
    if (!known.kept) continue
    const { halted } = await daemon.ask<{ halted: boolean }>('GET', `/v1/bosses/${id}`)
    if (known.halted !== undefined && known.halted !== halted)
      book.breach(`Boss ${id} was ${known.halted ? '' : 'not '}halted before the crash`)
    known.halted = halted
  }
}

/** Lets all work come to its end, and follows every event from the first one. */
async function finish(daemon: Taylord, book: Book): Promise<void> {
  for (const [id, { kept }] of book.bosses) {
    if (!kept) continue
    await daemon.ask('POST', `/v1/bosses/${id}/work`)
    await daemon.ask('POST', `/v1/bosses/${id}/end`)
  }
  for (const id of book.bosses.keys()) {
    const { status, text } = await daemon.call('GET', `/v1/bosses/${id}/report?interim=false&limit=1`, { headers: { prefer: 'wait=600' } })
    if (status !== 200) throw new Error(`Boss ${id} is not over after 600 s: ${text}`)
  }
  for (let last = 0; last !== Infinity; ) last = await followToTheEnd(daemon, book, last)
}

/** @returns seq to go on after, as it was too slow for the daemon; Infinity when every Boss was heard to be over. */
function followToTheEnd(daemon: Taylord, book: Book, since: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = follow(daemon, since, (event, last) => {
      if (event.type === 'gap') end(last)
      else book.event(event, last)
      if (book.over.size === book.bosses.size) end(Infinity)
    })
    const end = (last: number) => {
      resolve(last)
      socket.terminate()
    }
    socket.on('close', () => reject(new Error('the daemon closed the events')))
  })
}
