import { join } from 'node:path'
import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import type { Daemon } from './daemon.js'
import { until } from './temp.js'

/** Stands in the way of a running daemon's store, but only of what a test names. */
export class Obstacle {
  private readonly db: Database.Database

  constructor(private readonly daemon: Daemon) {
    this.db = new Database(join(daemon.data, 'taylord.db'))
    onTestFinished(() => void this.db.close())
  }

  /** From now on a commit with such a row fails as on a full disk. @param when a condition on the row as `new`. */
  refuse(table: 'append' | 'fact' | 'answered', when = 'true'): void {
    // beyond the largest id SQLite has no room
    this.db.exec(`CREATE TABLE full (id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO full VALUES (${2n ** 63n - 1n});
      CREATE TRIGGER obstacle BEFORE INSERT ON ${table} WHEN ${when} BEGIN INSERT INTO full VALUES (NULL); END`)
  }

  /** From now on such a row breaks a constraint, as a bug of the daemon would let it. @param when a condition on the row as `new`. */
  poison(table: 'boss' | 'append' | 'fact' | 'report' | 'started' | 'earlier', when: string): void {
    for (const event of ['INSERT', 'UPDATE'])
      this.db.exec(
        `CREATE TRIGGER poison_${table}_${event} BEFORE ${event} ON ${table} WHEN ${when} BEGIN SELECT RAISE(ABORT, 'it is poisoned'); END`,
      )
  }

  /** What comes now stays in one commit: the one in flight waits until `release`. */
  hold(): void {
    this.db.exec('BEGIN IMMEDIATE')
  }

  release(): void {
    this.db.exec('COMMIT')
  }

  /** Nothing is in the way any more; resolves when the daemon has found out. */
  async lift(): Promise<void> {
    this.db.exec('DROP TRIGGER obstacle; DROP TABLE full')
    await until(async () => (await this.daemon.get('/readyz')).status === 200, 'the store accepts again')
  }

  /** Rows of instructions on disk, whether they count or not. */
  get rows(): number {
    return this.db.prepare<[], number>('SELECT count(*) FROM instruction').pluck().get() ?? 0
  }
}
