import type { Database } from 'better-sqlite3'

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

/** Reading statements on what failed. */
export function readFailures(db: Database) {
  const end = db
    .prepare<[number, number, number], number>('SELECT seq FROM attempt WHERE boss = ? AND seq > ? ORDER BY seq LIMIT 1 OFFSET ?')
    .pluck()
  const last = db.prepare<[number], number>('SELECT coalesce(max(seq), 0) FROM attempt WHERE boss = ?').pluck()
  const grouped = db.prepare<[number, number, number, string], { outcome: string; kind: string; n: number; seq: number }>(
    `SELECT a.outcome, i.kind, count(*) AS n, max(a.seq) AS seq FROM attempt a JOIN instruction i ON i.boss = a.boss AND i.id = a.instruction
     WHERE a.boss = ? AND a.seq > ? AND a.seq <= ? AND instr(?, a.outcome) > 0 GROUP BY a.outcome, i.kind`,
  )
  const entry = db
    .prepare<[number, number], string>(
      `SELECT '{"seq":' || seq || ',"instruction":' || instruction || ',' || body FROM attempt WHERE boss = ? AND seq = ?`,
    )
    .pluck()
  return {
    /**
     * What failed among the next reports.
     * @param after seq behind which to begin. @param limit reports to look at. @param outcomes `OutcomeCode`s of failures.
     */
    failures: (boss: number, after: number, limit: number, outcomes: string): FailedSlice => {
      const cut = end.get(boss, after, limit - 1)
      const newest = last.get(boss) ?? 0
      const to = cut ?? Math.max(newest, after)
      const groups = grouped.all(boss, after, to, outcomes).map(({ seq, ...group }) => ({ ...group, newest: entry.get(boss, seq) ?? '{}' }))
      return { to, more: to < newest, groups }
    },
  }
}
