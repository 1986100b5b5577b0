import type { Database } from 'better-sqlite3'
import { keptAnswerMs } from './answers.js'

/** Rows that one step deletes: few milliseconds, so that a turn's commit never waits longer for it. */
const rowsAtOnce = 2_000
/** Of those that may have the reports of a frame each. */
const reportsAtOnce = 100
const tables = ['instruction', 'append', 'started', 'report', 'earlier', 'cancel', 'retry', 'fact'] as const

/** Pages that one step gives back to the disk. */
const pagesAtOnce = 500
/** How often the log is looked through for what has become too old. */
const lookMs = 60_000

/** What is kept of the log; undefined: all of it. */
export interface KeptLog {
  /** its newest entries */
  readonly events: number | undefined
  /** entries that are younger, ms */
  readonly ageMs: number | undefined
}

/** Deletes what nobody can see any more and what of the log is not to be kept, in small transactions between the turns' commits. */
export function sweeper(db: Database, kept: KeptLog) {
  const lists = db
    .prepare<[], number>(
      `WITH RECURSIVE b(id) AS (SELECT min(boss) FROM instruction UNION ALL SELECT (SELECT min(boss) FROM instruction WHERE boss > b.id) FROM b WHERE b.id IS NOT NULL)
       SELECT id FROM b WHERE id IS NOT NULL`,
    )
    .pluck()
  const appends = db.prepare<[number], { first: number; last: number }>('SELECT first, last FROM append WHERE boss = ? ORDER BY first')
  const between = db.prepare('DELETE FROM instruction WHERE boss = ? AND id > ? AND id < ?')
  const removed = db.prepare<[], number>("SELECT id FROM boss WHERE status = 'removed' AND counts IS NOT NULL ORDER BY id LIMIT 1").pluck()
  const done = db.prepare("UPDATE boss SET counts = NULL WHERE id = ? AND status = 'removed'")
  const forget = db.prepare("DELETE FROM boss WHERE status = 'removed' AND counts IS NULL AND id < (SELECT max(id) FROM boss)")
  const steps = tables.map((table) => {
    // the newest entry of the log stays: the next seq is counted from it
    const keep = table === 'fact' ? 'AND seq < (SELECT max(seq) FROM fact)' : ''
    const key = {
      instruction: 'boss, id',
      append: 'boss, first',
      started: 'boss, instruction, attempt',
      report: 'seq',
      earlier: 'boss, instruction, attempt',
      cancel: 'boss, instruction',
      retry: 'boss, instruction',
      fact: 'seq',
    }[table]
    return db.prepare(
      `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE boss = ? ${keep} LIMIT ${table === 'report' ? reportsAtOnce : rowsAtOnce})`,
    )
  })
  const newest = db.prepare<[], number>('SELECT coalesce(max(seq), 0) FROM fact').pluck()
  // only the oldest are looked at: it is ordered by time too
  const prune = db.prepare<[number, number, number]>(
    `DELETE FROM fact WHERE seq IN
     (SELECT seq FROM (SELECT seq, at FROM fact ORDER BY seq LIMIT ${rowsAtOnce}) WHERE seq < ? AND (seq <= ? OR at < ?))`,
  )
  const forgetAnswers = db.prepare<[number]>(
    `DELETE FROM answered WHERE key IN (SELECT key FROM answered WHERE at < ? ORDER BY at LIMIT ${rowsAtOnce})`,
  )
  let timer: NodeJS.Timeout | undefined

  /** @returns whether there was something to do. */
  const sweep = (): boolean => {
    const boss = removed.get()
    if (boss === undefined) return false
    const swept = steps.some((statement) => statement.run(boss).changes > 0)
    if (!swept) done.run(boss)
    return true
  }
  const pruned = (): boolean => {
    const last = newest.get() ?? 0
    return prune.run(last, last - (kept.events ?? last), kept.ageMs === undefined ? 0 : Date.now() - kept.ageMs).changes > 0
  }
  const forgotten = () => forgetAnswers.run(Date.now() - keptAnswerMs).changes > 0
  const vacuumed = (): boolean => {
    if (Number(db.pragma('freelist_count', { simple: true })) === 0) return false
    db.pragma(`incremental_vacuum(${pagesAtOnce})`)
    return true
  }
  const step = () => {
    timer = undefined
    if (sweep() || pruned() || forgotten()) {
      vacuumed()
      return begin()
    }
    forget.run()
    begin(vacuumed() ? undefined : lookMs)
  }
  /** Begins to sweep what removed Bosses left, and goes on until nothing is left. A store that refuses is tried again later. */
  const begin = (waitMs = 5) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      try {
        step()
      } catch {
        begin(5_000)
      }
    }, waitMs)
  }
  return {
    begin: () => begin(),
    end: () => clearTimeout(timer),
    /** Deletes the rows of appends that never came to their end. For the start, before anything is appended. */
    uncovered: () => {
      for (const boss of lists.all()) {
        let after = 0
        for (const { first, last } of appends.all(boss)) {
          between.run(boss, after, first)
          after = last
        }
        between.run(boss, after, Number.MAX_SAFE_INTEGER)
      }
    },
  }
}
