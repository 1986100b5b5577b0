import { statSync } from 'node:fs'
import type { Database } from 'better-sqlite3'

/** SQLite empties its write-ahead log by itself when nobody happens to read; above this it is made to. */
const mostBytes = 40 * 1024 * 1024
/** How long a commit may have to wait for readers that have begun before; one page of theirs takes much less. */
const waitMs = 200
/** After it waited in vain it is left alone for so long: somebody reads the whole file. */
const restMs = 2_000
/** What a statement waits for a lock otherwise. */
const usualWaitMs = 5_000

/** Keeps the write-ahead log small, however many read. @returns a function to be called behind each commit. */
export function boundLog(db: Database, file: string): () => void {
  let restsUntil = 0
  return () => {
    const size = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0
    if (size < mostBytes || performance.now() < restsUntil) return
    db.pragma(`busy_timeout = ${waitMs}`)
    try {
      // who begins to read meanwhile finds all in the file itself, and is in nobody's way
      const [{ busy } = { busy: 1 }] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
      if (busy !== 0) restsUntil = performance.now() + restMs
    } catch {
      restsUntil = performance.now() + restMs // a disk that takes nothing shows in the next commit
    } finally {
      db.pragma(`busy_timeout = ${usualWaitMs}`)
    }
  }
}
