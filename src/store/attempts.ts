import type { Database } from 'better-sqlite3'
import type { PackedReports } from './packing.js'
import { countWithin, insertMany, pageBytes } from './statements.js'

/** Writing statements on tables `attempt`, `started` and `earlier`; each runs inside the transaction of a turn. */
export function writeAttempts(db: Database) {
  const insert = insertMany(db, 'attempt', ['boss', 'seq', 'instruction', 'attempt', 'outcome', 'body'])
  const started = db.prepare('INSERT INTO started (boss, instruction, attempt, at) VALUES (?, ?, ?, ?)')
  const earlier = db.prepare('INSERT INTO earlier (boss, instruction, attempt, not_before, body) VALUES (?, ?, ?, ?, ?)')
  const cancelled = db.prepare('INSERT OR REPLACE INTO cancel (boss, instruction, at, reason) VALUES (?, ?, ?, ?)')
  return {
    /** @param first seq of the first of them. */
    reported: (first: number, { boss, ids, attempts, outcomes, lines }: PackedReports) => {
      const bodies = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength).toString().split('\n')
      const [outcome = ''] = outcomes
      const same = outcomes === outcome.repeat(outcomes.length)
      insert(outcomes.length, [{ all: boss }, { from: first }, ids, attempts, same ? { all: outcome } : outcomes.split(''), bodies])
    },
    started: (boss: number, instruction: number, attempt: number, at: number) => started.run(boss, instruction, attempt, at),
    retrying: (boss: number, instruction: number, attempt: number, notBefore: number | undefined, body: string) =>
      earlier.run(boss, instruction, attempt, notBefore ?? null, body),
    cancelled: (boss: number, instruction: number, at: number, reason: string) => cancelled.run(boss, instruction, at, reason),
  }
}

/** A page of a report as it lies in the store. */
export interface ReportRows {
  /** NDJSON of report entries */
  readonly lines: Uint8Array<ArrayBuffer>
  readonly n: number
  /** seq of the last one; `after` when there is none */
  readonly last: number
  /** whether there are more behind it */
  readonly more: boolean
}

/** The bytes of a BLOB in a buffer of their own, which can be handed to another thread. */
const ownOf = ({ buffer, byteOffset, byteLength }: Buffer): Uint8Array<ArrayBuffer> =>
  buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
    ? new Uint8Array(buffer)
    : new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer)

/** Reading statements on tables `attempt`, `started` and `earlier`. */
export function readAttempts(db: Database) {
  // one BLOB a page: SQLite joins the lines, and no text is decoded and encoded again on the way out
  const page = db.prepare<[number, number, number], { lines: Buffer | null; last: number | null; n: number }>(
    `SELECT CAST(group_concat(line, '') AS BLOB) AS lines, max(seq) AS last, count(*) AS n FROM (
       SELECT '{"seq":' || seq || ',"instruction":' || instruction || ',' || body || char(10) AS line, seq
       FROM attempt WHERE boss = ? AND seq > ? ORDER BY seq LIMIT ?)`,
  )
  const size = db
    .prepare<[number, number, number], number>(
      'SELECT coalesce(sum(octet_length(body)), 0) FROM (SELECT body FROM attempt WHERE boss = ? AND seq > ? ORDER BY seq LIMIT ?)',
    )
    .pluck()
  const sizes = db
    .prepare<[number, number, number], number>('SELECT octet_length(body) FROM attempt WHERE boss = ? AND seq > ? ORDER BY seq LIMIT ?')
    .pluck()
  /** How many of the next rows make a page. */
  const rowsOfPage = (boss: number, after: number, limit: number) =>
    (size.get(boss, after, limit) ?? 0) <= pageBytes ? limit : countWithin(pageBytes, sizes.iterate(boss, after, limit))
  const more = db.prepare<[number, number], { more: number }>('SELECT EXISTS (SELECT 1 FROM attempt WHERE boss = ? AND seq > ?) AS more')
  const outcomes = db.prepare<[number], { outcome: string; n: number }>(
    'SELECT outcome, count(*) AS n FROM attempt WHERE boss = ? GROUP BY outcome',
  )
  const unfinished = db
    .prepare<[number], [number, number, number]>(
      `SELECT s.instruction, s.attempt, s.at FROM started s WHERE s.boss = ?
       AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.boss = s.boss AND a.instruction = s.instruction)
       AND NOT EXISTS (SELECT 1 FROM earlier e WHERE e.boss = s.boss AND e.instruction = s.instruction AND e.attempt = s.attempt)`,
    )
    .raw()
  const tried = db
    .prepare<[number], [number, number, number | null, number]>(
      `SELECT e.instruction, max(e.attempt), max(e.not_before), total(json_extract('{' || e.body, '$.cause') = 'oom') FROM earlier e WHERE e.boss = ?
       AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.boss = e.boss AND a.instruction = e.instruction) GROUP BY e.instruction`,
    )
    .raw()
  const unended = db
    .prepare<[number], [number, string]>(
      `SELECT c.instruction, c.reason FROM cancel c WHERE c.boss = ?
       AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.boss = c.boss AND a.instruction = c.instruction)`,
    )
    .raw()
  return {
    report: (boss: number, after: number, limit: number): ReportRows => {
      const { lines, last, n } = page.get(boss, after, rowsOfPage(boss, after, limit)) ?? { lines: null, last: null, n: 0 }
      return {
        lines: lines ? ownOf(lines) : new Uint8Array(),
        n,
        last: last ?? after,
        more: last !== null && more.get(boss, last)?.more === 1,
      }
    },
    outcomesOf: (boss: number) => outcomes.all(boss),
    /** Attempts that a host said it began and that came to no end: `[instruction, attempt, ms since 1970]`. */
    brokenOff: (boss: number) => unfinished.all(boss),
    /** What was tried before and has not ended: `[instruction, last attempt, ms since 1970 of the next one or null, attempts that took too much memory]`. */
    triedBefore: (boss: number) => tried.all(boss),
    /** What was cancelled while a worker had it and has not ended: `[instruction, reason]`. */
    cancelledOf: (boss: number) => unended.all(boss),
  }
}
