import type { Database } from 'better-sqlite3'

/** What must hold in a database, and how many rows break it. */
const invariants: readonly (readonly [sentence: string, count: string])[] = [
  [
    'instructions have more than one final report',
    `SELECT total(min(last, before) - first + 1) FROM
     (SELECT first, last, lag(last) OVER (PARTITION BY boss ORDER BY last, first) AS before FROM report r JOIN boss b ON b.id = r.boss) WHERE before >= first`,
  ],
  [
    'final reports have no instruction',
    `SELECT total(r.last - r.first + 1 - (SELECT count(*) FROM instruction i WHERE i.boss = r.boss AND i.id BETWEEN r.first AND r.last))
     FROM report r JOIN boss b ON b.id = r.boss AND b.status IS NOT 'removed'`,
  ],
  [
    'final reports are of instructions that no append covers',
    `SELECT total(r.last - r.first + 1 - (SELECT total(min(p.last, r.last) - max(p.first, r.first) + 1) FROM append p
       WHERE p.boss = r.boss AND p.first <= r.last AND p.last >= r.first))
     FROM report r JOIN boss b ON b.id = r.boss AND b.status IS NOT 'removed'`,
  ],
  [
    'rows of reports do not have a line for each instruction',
    "SELECT count(*) FROM report WHERE octet_length(lines) - octet_length(replace(lines, char(10), '')) <> last - first + 1",
  ],
  [
    'appends do not have the instructions that they cover',
    `SELECT count(*) FROM append p JOIN boss b ON b.id = p.boss AND b.status IS NOT 'removed'
     WHERE p.last - p.first + 1 <> (SELECT count(*) FROM instruction i WHERE i.boss = p.boss AND i.id BETWEEN p.first AND p.last)`,
  ],
  [
    'finished Bosses have counts that disagree with their reports',
    `SELECT count(*) FROM boss b WHERE b.status IS NOT NULL AND b.status <> 'removed'
     AND json_extract(b.counts, '$.succeeded') + json_extract(b.counts, '$.failed') + json_extract(b.counts, '$.cancelled')
       <> (SELECT total(last - first + 1) FROM report r WHERE r.boss = b.id)`,
  ],
  [
    'finished Bosses have counts that disagree with their instructions',
    `SELECT count(*) FROM boss b WHERE b.status IS NOT NULL AND b.status <> 'removed'
     AND (SELECT sum(value) FROM json_each(b.counts))
       <> (SELECT coalesce(sum(p.last - p.first + 1), 0) FROM append p WHERE p.boss = b.id)`,
  ],
  [
    'Bosses are over without a time or counts',
    "SELECT count(*) FROM boss WHERE status <> 'removed' AND (over_at IS NULL OR counts IS NULL)",
  ],
  [
    'reports have a number that the log has not reached',
    'SELECT count(*) FROM report WHERE seq > (SELECT coalesce(max(seq), 0) FROM fact)',
  ],
]

/** How many things are told of at most. */
const mostFindings = 100

/**
 * Looks through a database: SQLite's own structures, then what we promise of the rows. Reads all of it; one transaction, so that a daemon
 * may go on writing.
 * @returns what is wrong, a sentence each; none when all is well.
 */
export function checkDatabase(db: Database): string[] {
  db.exec('BEGIN')
  try {
    const broken = (db.pragma(`integrity_check(${mostFindings})`) as { integrity_check: string }[])
      .map(({ integrity_check: text }) => text)
      .filter((text) => text !== 'ok')
    if (broken.length > 0) return broken.map((text) => `damaged: ${text}`)
    return invariants.flatMap(([sentence, count]) => {
      const n = Number(db.prepare(count).pluck().get())
      return n === 0 ? [] : [`${n} ${sentence}`]
    })
  } catch (error) {
    return [`damaged: ${(error as Error).message}`]
  } finally {
    if (db.inTransaction) db.exec('ROLLBACK')
  }
}
