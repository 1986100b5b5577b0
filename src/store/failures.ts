import type { Database } from 'better-sqlite3'
import { readEntries } from './reports.js'

/** What failed among some reports of a Boss. */
export interface FailedSlice {
  /** seq of the last report that was looked at */
  readonly to: number
  /** whether there are more behind it */
  readonly more: boolean
  readonly groups: readonly {
    /** one `OutcomeCode` */
    readonly outcome: string
    readonly kind: string
    readonly n: number
    /** the newest entry as JSON */
    readonly newest: string
  }[]
}

interface GroupRow {
  readonly outcome: string
  readonly kind: string
  readonly n: number
  /** of the newest entry */
  readonly seq: number
  readonly instruction: number
  /** the row of the table that has it, and the line in that */
  readonly row: number
  readonly line: number
}

/** Reading statements on what failed. */
export function readFailures(db: Database) {
  const end = db
    .prepare<[number, number, number], number>('SELECT seq FROM report WHERE boss = ? AND seq > ? ORDER BY seq LIMIT 1 OFFSET ?')
    .pluck()
  const last = db.prepare<[number], number>('SELECT coalesce(max(seq), 0) FROM report WHERE boss = ?').pluck()
  // the columns beside max() are those of the row that has it
  const grouped = db.prepare<[number, number, number, string], GroupRow>(
    `SELECT r.outcome, i.kind, count(*) AS n, max(r.seq - r.last + i.id) AS seq, i.id AS instruction, r.seq AS row, i.id - r.first AS line
     FROM report r JOIN instruction i ON i.boss = r.boss AND i.id BETWEEN r.first AND r.last
     WHERE r.boss = ? AND r.seq > ? AND r.seq <= ? AND instr(?, r.outcome) > 0 GROUP BY r.outcome, i.kind`,
  )
  const entryOf = readEntries(db)
  return {
    /**
     * What failed among the next reports.
     * @param after seq behind which to begin. @param limit rows of reports to look at. @param outcomes `OutcomeCode`s of failures.
     */
    failures: (boss: number, after: number, limit: number, outcomes: string): FailedSlice => {
      const newest = last.get(boss) ?? 0
      const to = end.get(boss, after, limit - 1) ?? Math.max(newest, after)
      const groups = grouped.all(boss, after, to, outcomes).map(({ outcome, kind, n, seq, instruction, row, line }) => ({
        outcome,
        kind,
        n,
        newest: `{"seq":${seq},"instruction":${instruction},${entryOf(row, line)}`,
      }))
      return { to, more: to < newest, groups }
    },
  }
}
