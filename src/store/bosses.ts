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
  const byId = db.prepare<[number], BossRow>(`SELECT ${columns} FROM boss WHERE id = ? AND status IS NOT 'removed'`)
  const byName = db.prepare<[string], BossRow>(`SELECT ${columns} FROM boss WHERE name = ? ORDER BY status IS NULL DESC, id DESC LIMIT 1`)
  const newest = db.prepare<[], { id: number }>('SELECT coalesce(max(id), 0) AS id FROM boss')
  return {
    liveBosses: () => live.all(),
    bosses: (after: number, limit: number) => page.all(after, limit),
    bossById: (id: number) => byId.get(id),
    /** The unfinished one, else the newest. */
    bossByName: (name: string) => byName.get(name),
    newestBoss: () => newest.get()?.id ?? 0,
  }
}
