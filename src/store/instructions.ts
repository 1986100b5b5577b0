import type { Database } from 'better-sqlite3'
import type { Rows } from '../boss/fact.js'
import { insertMany, pageBytes } from './statements.js'

/** Writing statements on tables `instruction` and `append`; each runs inside the transaction of a turn. */
export function writeInstructions(db: Database) {
  const insert = insertMany(
    db,
    'instruction (boss, id, kind, name, priority, memory, expected_time, cores, file_a, file_b, attributes)',
    11,
  )
  const lengthen = db.prepare('UPDATE append SET last = ? WHERE boss = ? AND last = ?')
  const append = db.prepare('INSERT INTO append (boss, first, last) VALUES (?, ?, ?)')
  const drop = db.prepare('DELETE FROM instruction WHERE boss = ? AND id BETWEEN ? AND ?')
  return {
    staged: (boss: number, rows: Rows) => {
      const attributes = rows.attributes.split('\n')
      insert(rows.n, (row, values) =>
        values.push(
          boss,
          rows.first + row,
          rows.kind[row],
          rows.name[row],
          rows.priority[row],
          rows.memory[row],
          rows.expectedTime[row],
          rows.cores[row],
          rows.fileA[row],
          rows.fileB[row],
          attributes[row],
        ),
      )
    },
    dropped: (boss: number, first: number, last: number) => drop.run(boss, first, last),
    appended: (boss: number, first: number, last: number) => {
      if (lengthen.run(last, boss, first - 1).changes === 0) append.run(boss, first, last)
    },
  }
}

/** What a queue needs of instructions that have not ended, by columns. */
export interface PendingRows {
  readonly id: number[]
  readonly kind: string[]
  readonly name: (string | null)[]
  readonly priority: number[]
  readonly memory: (number | null)[]
  readonly expectedTime: (number | null)[]
  readonly cores: number[]
  readonly fileA: (string | null)[]
  readonly fileB: (string | null)[]
}

type PendingRow = [number, string, string | null, number, number | null, number | null, number, string | null, string | null]

/** An instruction as the store knows it: its row, and the attempt that ended it if one did. */
export interface InstructionRow {
  id: number
  kind: string
  name: string | null
  priority: number
  cores: number
  attributes: string
  /** One `OutcomeCode`; null when it has not ended. */
  outcome: string | null
  /** The final entry as `renderEnding` made it. */
  body: string | null
  /** Bodies of earlier attempts, a JSON list of texts. */
  earlier: string
  /** The attempt that is going on, null when none is. */
  working: number | null
  /** ms since 1970 when the one going on began */
  working_since: number | null
}

export interface InstructionQuery {
  readonly after: number
  readonly limit: number
  readonly kind: string | null
  readonly name: string | null
  /** `OutcomeCode`s that match; null: whatever the end, also none. */
  readonly outcomes: string | null
  /** Of those that have not ended: 1 that work, 0 that wait; null: both. Used when `outcomes` is ''. */
  readonly working: 0 | 1 | null
}

const going = `(SELECT max(s.attempt) FROM started s WHERE s.boss = i.boss AND s.instruction = i.id
  AND NOT EXISTS (SELECT 1 FROM earlier e WHERE e.boss = s.boss AND e.instruction = s.instruction AND e.attempt = s.attempt))`
const document = `i.id, i.kind, i.name, i.priority, i.cores, i.attributes, a.outcome, t.body,
  (SELECT json_group_array(body) FROM (SELECT e.body FROM earlier e WHERE e.boss = i.boss AND e.instruction = i.id ORDER BY e.attempt)) AS earlier,
  CASE WHEN a.outcome IS NULL THEN ${going} END AS working,
  CASE WHEN a.outcome IS NULL THEN (SELECT max(s.at) FROM started s WHERE s.boss = i.boss AND s.instruction = i.id) END AS working_since
  FROM instruction i
  LEFT JOIN attempt a ON a.boss = i.boss AND a.instruction = i.id
  LEFT JOIN attempt t ON t.boss = a.boss AND t.seq = a.seq`
const covered = 'EXISTS (SELECT 1 FROM append p WHERE p.boss = i.boss AND i.id BETWEEN p.first AND p.last)'

/** Reading statements on table `instruction`. Rows that no append covers are not there. */
export function readInstructions(db: Database) {
  const pending = db
    .prepare<[number, number, number], PendingRow>(
      `SELECT id, kind, name, priority, memory, expected_time, cores, file_a, file_b FROM instruction i
       WHERE boss = ? AND id > ? AND ${covered}
       AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.boss = i.boss AND a.instruction = i.id) ORDER BY id LIMIT ?`,
    )
    .raw()
  const range = db
    .prepare<[number, number, number], [number, string, string | null, string]>(
      'SELECT id, kind, name, attributes FROM instruction WHERE boss = ? AND id BETWEEN ? AND ? ORDER BY id',
    )
    .raw()
  const single = db
    .prepare<[number, number], [number, string, string | null, string]>(
      'SELECT id, kind, name, attributes FROM instruction WHERE boss = ? AND id = ?',
    )
    .raw()
  const newest = db.prepare<[number], { id: number }>('SELECT coalesce(max(id), 0) AS id FROM instruction WHERE boss = ?')
  const one = db.prepare<[number, number], InstructionRow>(`SELECT ${document} WHERE i.boss = ? AND i.id = ? AND ${covered}`)
  const page = db.prepare<[InstructionQuery & { boss: number }], InstructionRow>(
    `SELECT ${document} WHERE i.boss = @boss AND i.id > @after AND ${covered}
     AND (@kind IS NULL OR i.kind = @kind) AND (@name IS NULL OR i.name = @name OR (i.name IS NULL AND i.kind || '-' || i.id = @name))
     AND (@outcomes IS NULL OR (@outcomes = '' AND a.outcome IS NULL) OR instr(@outcomes, a.outcome) > 0)
     AND (@working IS NULL OR (${going} IS NOT NULL) = @working)
     ORDER BY i.id LIMIT @limit`,
  )
  return {
    pendingOf: (boss: number, after: number, limit: number): PendingRows => {
      const rows = pending.all(boss, after, limit)
      return {
        id: rows.map((row) => row[0]),
        kind: rows.map((row) => row[1]),
        name: rows.map((row) => row[2]),
        priority: rows.map((row) => row[3]),
        memory: rows.map((row) => row[4]),
        expectedTime: rows.map((row) => row[5]),
        cores: rows.map((row) => row[6]),
        fileA: rows.map((row) => row[7]),
        fileB: rows.map((row) => row[8]),
      }
    },
    /** Name and attributes of each instruction, in the order asked for. */
    bodiesOf: (boss: number, ids: readonly number[]) => {
      const first = Math.min(...ids)
      const last = Math.max(...ids)
      const rows = last - first < 2 * ids.length ? range.all(boss, first, last) : ids.flatMap((id) => single.all(boss, id))
      const byId = new Map(rows.map((row) => [row[0], row]))
      const names: string[] = []
      const attributes: string[] = []
      for (const id of ids) {
        const [, kind = '', name = null, text = '{}'] = byId.get(id) ?? []
        names.push(name ?? `${kind}-${id}`)
        attributes.push(text)
      }
      return { names, attributes }
    },
    newestInstruction: (boss: number) => newest.get(boss)?.id ?? 0,
    instruction: (boss: number, id: number) => one.get(boss, id),
    /** As many as were asked for, or fewer when these are large; `more` when there are more behind them. */
    instructions: (boss: number, query: InstructionQuery): { rows: InstructionRow[]; more: boolean } => {
      const rows: InstructionRow[] = []
      let bytes = 0
      for (const row of page.iterate({ ...query, boss, limit: query.limit + 1 })) {
        bytes += row.attributes.length + row.earlier.length + (row.body?.length ?? 0)
        if (rows.length === query.limit || (rows.length > 0 && bytes > pageBytes)) return { rows, more: true }
        rows.push(row)
      }
      return { rows, more: false }
    },
  }
}
