import type { Database } from 'better-sqlite3'

/** Rows that one step deletes: few milliseconds, so that a turn's commit never waits longer for it. */
const rowsAtOnce = 2_000
const tables = ['instruction', 'append', 'started', 'attempt', 'earlier', 'cancel', 'retry', 'fact'] as const

/** Deletes what nobody can see any more, in small transactions between the turns' commits. */
export function sweeper(db: Database) {
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
      attempt: 'boss, seq',
      earlier: 'boss, instruction, attempt',
      cancel: 'boss, instruction',
      retry: 'boss, instruction',
      fact: 'seq',
    }[table]
    return db.prepare(`DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE boss = ? ${keep} LIMIT ${rowsAtOnce})`)
  })
  let timer: NodeJS.Timeout | undefined

  const step = () => {
    timer = undefined
    const boss = removed.get()
    if (boss === undefined) {
      forget.run()
      return
    }
    const swept = steps.some((statement) => statement.run(boss).changes > 0)
    if (!swept) done.run(boss)
    db.pragma('incremental_vacuum(200)')
    begin()
  }
  /** Begins to sweep what removed Bosses left, and goes on until nothing is left. A store that refuses is tried again later. */
  const begin = (waitMs = 5) => {
    timer ??= setTimeout(() => {
      try {
        step()
      } catch {
        timer = undefined
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
