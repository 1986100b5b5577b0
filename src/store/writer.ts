import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { spanOf } from '../boss/fact.js'
import { writeAnswers } from './answers.js'
import { writeArrays } from './arrays.js'
import { writeAttempts } from './attempts.js'
import { writeBosses } from './bosses.js'
import { writeFacts } from './facts.js'
import { writeInstructions } from './instructions.js'
import { boundLog } from './log-size.js'
import { openForWriting } from './open.js'
import type { PackedFact } from './packing.js'
import { writeReports } from './reports.js'
import { sweeper, type KeptLog } from './sweep.js'
import { writeTokens, type TokenChange } from './tokens.js'

/**
 * What the writer's thread is asked: first to open the file, then facts to commit (none: only to try whether it can), what became of a token, or
 * to close. Answered in order, one `Committed` each.
 */
export type ToWriter = 'open' | { readonly facts: readonly PackedFact[] } | { readonly token: TokenChange } | { readonly close: true }
/**
 * `first` is the seq of the first entry of the facts; with `refused`, the reason, nothing of them is on disk. `at` is the position of a fact
 * that can never be written, whatever becomes of the disk.
 */
export type Committed = { readonly first: number } | { readonly refused: string; readonly at?: number | undefined }

const port = parentPort
if (!port) throw new Error('runs as a thread of the daemon')
const { file, log: keptLog } = workerData as { file: string; log: KeptLog }
/** After so many entries the log is looked through. */
const lookAfter = 1_000

// until then the file may be another daemon's
await once(port, 'message')
const db = openForWriting(file)
const bosses = writeBosses(db)
const instructions = writeInstructions(db)
const attempts = writeAttempts(db)
const reports = writeReports(db)
const arrays = writeArrays(db)
const changeToken = writeTokens(db)
const answers = writeAnswers(db)
const log = writeFacts(db)
const sweep = sweeper(db, keptLog)
sweep.uncovered()
const keepLogSmall = boundLog(db, file)
const version = Number(db.pragma('user_version', { simple: true }))
const begin = db.prepare('BEGIN IMMEDIATE')
const end = db.prepare('COMMIT')
let seq = db.prepare<[], { seq: number }>('SELECT coalesce(max(seq), 0) AS seq FROM fact').get()?.seq ?? 0

let lookedAt = seq

/** Writes one fact; `seq` is that of its first entry. */
function write(fact: PackedFact, first: number): void {
  switch (fact.type) {
    case 'instructions.staged':
      instructions.staged(fact.boss, fact.rows)
      break
    case 'instructions.dropped':
      instructions.dropped(fact.boss, fact.first, fact.last)
      break
    case 'instructions.appended':
      instructions.appended(fact.boss, fact.first, fact.last)
      break
    case 'instruction.started':
      attempts.started(fact.boss, fact.instruction, fact.attempt, fact.at)
      break
    case 'instruction.retrying':
      attempts.retrying(fact.boss, fact.instruction, fact.attempt, fact.notBefore, fact.body)
      break
    case 'instruction.cancelled':
      if (fact.held) attempts.cancelled(fact.boss, fact.instruction, fact.at, fact.reason)
      break
    case 'instruction.changed':
      instructions.changed(fact.boss, fact.instruction, fact.priority)
      break
    case 'instruction.reported':
      reports.reported(first, fact)
      break
    case 'boss.created':
      bosses.created(fact.boss, fact.name, fact.at, fact.halted, fact.ending, fact.settings)
      break
    case 'boss.working':
      bosses.halted(fact.boss, false)
      break
    case 'boss.halted':
      bosses.halted(fact.boss, true)
      break
    case 'boss.ending':
      bosses.ending(fact.boss)
      break
    case 'boss.stopping':
      bosses.stopping(fact.boss, fact.how, fact.error)
      break
    case 'boss.over':
      bosses.over(fact.boss, fact.status, fact.at, fact.counts)
      break
    case 'boss.removed':
      bosses.removed(fact.boss)
      arrays.removeAll(fact.boss)
      break
    case 'array.put':
      arrays.put(fact.boss, fact.array)
      break
    case 'array.removed':
      arrays.remove(fact.boss, fact.name)
      break
    case 'call.answered':
      answers.answered(fact)
      break
    default:
      fact satisfies never
  }
}

/** What SQLite says when the file or the machine does not let it; anything else, it would say again. */
const refusals = /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|NOMEM|BUSY|LOCKED|PROTOCOL|PERM|INTERRUPT|CORRUPT|NOTADB)/
const isRefusal = (error: unknown) => refusals.test(String((error as { code?: unknown }).code))

function commit(facts: readonly PackedFact[]): Committed {
  const first = seq + 1
  let next = first
  let at = -1
  try {
    begin.run()
    if (facts.length === 0) db.pragma(`user_version = ${version}`) // changes nothing, and is written all the same
    for (const fact of facts) {
      at++
      const span = spanOf(fact)
      write(fact, next)
      next += span
      if (span > 0) log.insert(next - 1, span, fact)
    }
    at = -1
    end.run()
    seq = next - 1
    return { first }
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK')
    return { refused: (error as Error).message, at: at < 0 || isRefusal(error) ? undefined : at }
  }
}

function commitToken(change: TokenChange): Committed {
  try {
    changeToken(change)
    return { first: seq + 1 }
  } catch (error) {
    return { refused: (error as Error).message, at: isRefusal(error) ? undefined : 0 }
  }
}

port.on('message', (message: Exclude<ToWriter, 'open'>) => {
  if ('close' in message) {
    sweep.end()
    db.close()
    port.close()
    return
  }
  if ('token' in message) return port.postMessage(commitToken(message.token))
  port.postMessage(commit(message.facts))
  keepLogSmall()
  if (seq - lookedAt < lookAfter && !message.facts.some((fact) => fact.type === 'boss.removed')) return
  lookedAt = seq
  sweep.begin()
})
sweep.begin()
port.postMessage({ first: seq + 1 } satisfies Committed)
