import type { Database } from 'better-sqlite3'
import { outcomeOf } from './reports.js'

/** Writing statements on tables `started`, `earlier` and `cancel`; each runs inside the transaction of a turn. */
export function writeAttempts(db: Database) {
  const started = db.prepare('INSERT INTO started (boss, instruction, attempt, at) VALUES (?, ?, ?, ?)')
  const earlier = db.prepare('INSERT INTO earlier (boss, instruction, attempt, not_before, body) VALUES (?, ?, ?, ?, ?)')
  const cancelled = db.prepare('INSERT OR REPLACE INTO cancel (boss, instruction, at, reason) VALUES (?, ?, ?, ?)')
  return {
    started: (boss: number, instruction: number, attempt: number, at: number) => started.run(boss, instruction, attempt, at),
    retrying: (boss: number, instruction: number, attempt: number, notBefore: number | undefined, body: string) =>
      earlier.run(boss, instruction, attempt, notBefore ?? null, body),
    cancelled: (boss: number, instruction: number, at: number, reason: string) => cancelled.run(boss, instruction, at, reason),
  }
}

/** Reading statements on tables `started`, `earlier` and `cancel`. */
export function readAttempts(db: Database) {
  const unfinished = db
    .prepare<[number], [number, number, number]>(
      `SELECT s.instruction, s.attempt, s.at FROM started s WHERE s.boss = ?
       AND ${outcomeOf('s.boss', 's.instruction')} IS NULL
       AND NOT EXISTS (SELECT 1 FROM earlier e WHERE e.boss = s.boss AND e.instruction = s.instruction AND e.attempt = s.attempt)`,
    )
    .raw()
  const tried = db
    .prepare<[number], [number, number, number | null, number]>(
      `SELECT e.instruction, max(e.attempt), max(e.not_before), total(json_extract('{' || e.body, '$.cause') = 'oom') FROM earlier e WHERE e.boss = ?
       AND ${outcomeOf('e.boss', 'e.instruction')} IS NULL GROUP BY e.instruction`,
    )
    .raw()
  const unended = db
    .prepare<[number], [number, string]>(
      `SELECT c.instruction, c.reason FROM cancel c WHERE c.boss = ?
       AND ${outcomeOf('c.boss', 'c.instruction')} IS NULL`,
    )
    .raw()
  return {
    /** Attempts that a host said it began and that came to no end: `[instruction, attempt, ms since 1970]`. */
    brokenOff: (boss: number) => unfinished.all(boss),
    /** What was tried before and has not ended: `[instruction, last attempt, ms since 1970 of the next one or null, attempts that took too much memory]`. */
    triedBefore: (boss: number) => tried.all(boss),
    /** What was cancelled while a worker had it and has not ended: `[instruction, reason]`. */
    cancelledOf: (boss: number) => unended.all(boss),
  }
}
