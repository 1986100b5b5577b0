import type { Database } from 'better-sqlite3'
import type { BossError, Counts } from '../boss/boss-document.js'
import type { BossSettings, Stopping } from '../boss/fact.js'
import type { OverStatus } from '../boss/boss.js'

/** A row of table `boss`. */
export interface BossRow {
  id: number
  name: string | null
  /** ms since 1970 */
  created_at: number
  over_at: number | null
  status: OverStatus | null
  halted: 0 | 1
  ending: 0 | 1
  stopping: Stopping | null
  /** `BossError` as JSON text, null when the Boss itself did not fail */
  error: string | null
  /** `BossSettings` as JSON text */
  settings: string
  /** `Counts` as JSON text, null while the Boss lives */
  counts: string | null
}

/** A Boss that is over, as far as it matters for what is kept. */
export interface FinishedBoss {
  id: number
  name: string | null
  status: OverStatus
  over_at: number
}

/** What a row of an instruction and its report takes besides their texts, indexes and log included: measured. */
const rowBytes = 150

const columns = 'id, name, created_at, over_at, status, halted, ending, stopping, error, settings, counts'

/** Writing statements on table `boss`; each runs inside the transaction of a turn. */
export function writeBosses(db: Database) {
  const insert = db.prepare('INSERT INTO boss (id, name, created_at, halted, ending, settings) VALUES (?, ?, ?, ?, ?, ?)')
  const halted = db.prepare('UPDATE boss SET halted = ? WHERE id = ?')
  const ending = db.prepare('UPDATE boss SET ending = 1 WHERE id = ?')
  const stopping = db.prepare('UPDATE boss SET stopping = ?, error = ? WHERE id = ?')
  const over = db.prepare('UPDATE boss SET status = ?, over_at = ?, counts = ? WHERE id = ?')
  const removed = db.prepare("UPDATE boss SET status = 'removed', name = NULL WHERE id = ?")
  return {
    created: (id: number, name: string | undefined, at: number, isHalted: boolean, isEnding: boolean, settings: BossSettings) =>
      insert.run(id, name ?? null, at, Number(isHalted), Number(isEnding), JSON.stringify(settings)),
    halted: (id: number, is: boolean) => halted.run(Number(is), id),
    ending: (id: number) => ending.run(id),
    stopping: (id: number, how: Stopping, error: BossError | undefined) =>
      stopping.run(how, error === undefined ? null : JSON.stringify(error), id),
    over: (id: number, status: OverStatus, at: number, counts: Counts) => over.run(status, at, JSON.stringify(counts), id),
    removed: (id: number) => removed.run(id),
  }
}

/** Reading statements on table `boss`. What was removed is not there. */
export function readBosses(db: Database) {
  const live = db.prepare<[], BossRow>(`SELECT ${columns} FROM boss WHERE status IS NULL ORDER BY id`)
  const page = db.prepare<[number, number], BossRow>(
    `SELECT ${columns} FROM boss WHERE id > ? AND status IS NOT 'removed' ORDER BY id LIMIT ?`,
  )
  const pageBack = db.prepare<[number, number], BossRow>(
    `SELECT ${columns} FROM boss WHERE id < ? AND status IS NOT 'removed' ORDER BY id DESC LIMIT ?`,
  )
  const byId = db.prepare<[number], BossRow>(`SELECT ${columns} FROM boss WHERE id = ? AND status IS NOT 'removed'`)
  const byName = db.prepare<[string], BossRow>(`SELECT ${columns} FROM boss WHERE name = ? ORDER BY status IS NULL DESC, id DESC LIMIT 1`)
  const finished = db.prepare<[], FinishedBoss>(
    "SELECT id, name, status, over_at FROM boss WHERE status IS NOT NULL AND status <> 'removed' ORDER BY over_at DESC, id DESC",
  )
  // a sample: counting every byte would hold up all other readers
  const size = db
    .prepare<{ boss: number }, number>(
      `SELECT (SELECT coalesce(sum(last - first + 1), 0) FROM append WHERE boss = @boss)
         * (${rowBytes} + coalesce((SELECT avg(octet_length(attributes)) FROM (SELECT attributes FROM instruction WHERE boss = @boss LIMIT 50)), 0)
          + coalesce((SELECT total(octet_length(lines)) / sum(last - first + 1) FROM (SELECT first, last, lines FROM report WHERE boss = @boss LIMIT 50)), 0))`,
    )
    .pluck()
  const newest = db.prepare<[], { id: number }>('SELECT coalesce(max(id), 0) AS id FROM boss')
  return {
    liveBosses: () => live.all(),
    bosses: (after: number, limit: number) => page.all(after, limit),
    /** The newest first. @param before id that comes after them. */
    newestBosses: (before: number, limit: number) => pageBack.all(before, limit),
    bossById: (id: number) => byId.get(id),
    /** The unfinished one, else the newest. */
    bossByName: (name: string) => byName.get(name),
    /** Those that are over, the newest first. */
    finishedBosses: () => finished.all(),
    /** Bytes that a Boss's rows take, estimated from a sample of them. */
    sizeOfBoss: (boss: number) => Math.round(size.get({ boss }) ?? 0),
    /** Bytes of the file that hold something. */
    bytesInUse: () =>
      ['page_count', 'freelist_count'].map((name) => Number(db.pragma(name, { simple: true }))).reduce((all, free) => all - free) *
      Number(db.pragma('page_size', { simple: true })),
    newestBoss: () => newest.get()?.id ?? 0,
  }
}
