import type { Database } from 'better-sqlite3'

/** Reading statements on table `daemon`. */
export function readDaemon(db: Database) {
  const id = db.prepare<[], string>('SELECT id FROM daemon').pluck()
  return {
    /** What this database's daemons are known by in a cluster. */
    daemonId: () => id.get() ?? '',
  }
}
