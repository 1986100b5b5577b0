import type { Database } from 'better-sqlite3'
import type { PackedRows } from './packing.js'
import { outcomeOf, readEntries } from './reports.js'
import { insertMany, pageOf } from './statements.js'

/** Writing statements on tables `instruction` and `append`; each runs inside the transaction of a turn. */
export function writeInstructions(db: Database) {
  const insert = insertMany(db, 'instruction', [
    'boss',
    'id',
    'kind',
    'name',
    'priority',
    'memory',
    'expected_time',
    'cores',
    'file_a',
    'file_b',
    'attributes',
    'terms',
  ])
  const lengthen = db.prepare('UPDATE append SET last = ? WHERE boss = ? AND last = ?')
  const append = db.prepare('INSERT INTO append (boss, first, last) VALUES (?, ?, ?)')
  const drop = db.prepare('DELETE FROM instruction WHERE boss = ? AND id BETWEEN ? AND ?')
  const again = db.prepare('INSERT INTO retry (boss, instruction, of_boss, of) VALUES (?, ?, ?, ?)')
  const notAgain = db.prepare('DELETE FROM retry WHERE boss = ? AND instruction BETWEEN ? AND ?')
  const change = db.prepare('UPDATE instruction SET priority = ? WHERE boss = ? AND id = ?')
  return {
    staged: (boss: number, rows: PackedRows) => {
      const { kind, name, priority, memory, expectedTime, cores, fileA, fileB, terms } = rows
      const attributes = rows.attributes.split('\n')
      const id = { from: rows.first }
      insert(rows.n, [{ all: boss }, id, kind, name, priority, memory, expectedTime, cores, fileA, fileB, attributes, terms])
      rows.retryOf?.ids.forEach((of, row) => again.run(boss, rows.first + row, rows.retryOf?.boss, of))
    },
    dropped: (boss: number, first: number, last: number) => {
      drop.run(boss, first, last)
      notAgain.run(boss, first, last)
    },
    changed: (boss: number, id: number, priority: number) => change.run(priority, boss, id),
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
  readonly terms: (string | null)[]
}

/** Instructions first…first+n-1 that have not ended and are alike. */
export interface PendingRun {
  readonly n: number
  readonly first: number
  readonly kind: string
  readonly priority: number
  readonly memory: number | null
  readonly expectedTime: number | null
  readonly cores: number
}
type PendingRow = [number, string, string | null, number, number | null, number | null, number, string | null, string | null, string | null]

/** An instruction as the store knows it: its row, and the attempt that ended it if one did. */
export interface InstructionRow {
  id: number
  kind: string
  name: string | null
  priority: number
  cores: number
  /** MiB */
  memory: number | null
  attributes: string
  /** `Terms` as JSON text */
  terms: string | null
  /** When its next attempt may begin, ms since 1970; null when none failed yet or it need not wait. */
  not_before: number | null
  /** The instruction of which it is a new go, and that one's Boss. */
  retry_of: number | null
  retry_of_boss: number | null
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

/** An instruction as it is found: the row of `report` that has its end, and which line of that. */
type FoundRow = Omit<InstructionRow, 'body'> & { ended_with: number | null; line: number | null }

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

/** Which of those that have not ended. */
export type UnendedQuery = Omit<InstructionQuery, 'outcomes'>

/** Which of those that have ended. */
export interface EndedQuery {
  readonly after: number
  readonly limit: number
  /** `OutcomeCode`s that match */
  readonly outcomes: string
  /** JSON list of ids; null for all that have not been given again */
  readonly ids: string | null
  /** JSON list of kinds; null for all */
  readonly kinds: string | null
}

const going = `(SELECT max(s.attempt) FROM started s WHERE s.boss = i.boss AND s.instruction = i.id
  AND NOT EXISTS (SELECT 1 FROM earlier e WHERE e.boss = s.boss AND e.instruction = s.instruction AND e.attempt = s.attempt))`
const document = `i.id, i.kind, i.name, i.priority, i.cores, i.memory, i.attributes, i.terms, a.outcome, a.seq AS ended_with, i.id - a.first AS line,
  (SELECT e.not_before FROM earlier e WHERE e.boss = i.boss AND e.instruction = i.id ORDER BY e.attempt DESC LIMIT 1) AS not_before,
  r.of AS retry_of, r.of_boss AS retry_of_boss,
  (SELECT json_group_array(body) FROM (SELECT e.body FROM earlier e WHERE e.boss = i.boss AND e.instruction = i.id ORDER BY e.attempt)) AS earlier,
  CASE WHEN a.outcome IS NULL THEN ${going} END AS working,
  CASE WHEN a.outcome IS NULL THEN (SELECT max(s.at) FROM started s WHERE s.boss = i.boss AND s.instruction = i.id) END AS working_since
  FROM instruction i
  LEFT JOIN report a ON a.boss = i.boss AND a.last = (SELECT min(r.last) FROM report r WHERE r.boss = i.boss AND r.last >= i.id) AND a.first <= i.id
  LEFT JOIN retry r ON r.boss = i.boss AND r.instruction = i.id`
const entry = 'i.id, i.kind, i.name, i.priority, i.memory, i.expected_time, i.cores, i.file_a, i.file_b, i.terms'
const unended = `${outcomeOf('i.boss', 'i.id')} IS NULL`
const named = "(@name IS NULL OR i.name = @name OR (i.name IS NULL AND i.kind || '-' || i.id = @name))"
const covered = 'EXISTS (SELECT 1 FROM append p WHERE p.boss = i.boss AND i.id BETWEEN p.first AND p.last)'

function columnsOf(rows: readonly (PendingRow | [...PendingRow, string])[]): PendingRows {
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
    terms: rows.map((row) => row[9]),
  }
}

/** Reading statements on table `instruction`. Rows that no append covers are not there. */
export function readInstructions(db: Database) {
  const pending = db
    .prepare<[number, number, number], PendingRow>(
      `SELECT ${entry} FROM instruction i WHERE boss = ? AND id > ? AND ${covered} AND ${unended} ORDER BY id LIMIT ?`,
    )
    .raw()
  // the appends first: their ranges need not be looked up for each row; behind the last that ended none has
  const unendedIn = `FROM append p CROSS JOIN instruction i ON i.boss = p.boss AND i.id BETWEEN max(p.first, @after + 1) AND p.last
    WHERE p.boss = @boss AND p.last > @after
    AND (i.id > (SELECT coalesce(max(last), 0) FROM report WHERE boss = @boss) OR ${unended}) ORDER BY p.first, i.id`
  const head = db.prepare<{ boss: number; after: number }, Omit<PendingRun, 'n'> & { special: number }>(
    `SELECT i.id AS first, kind, priority, memory, expected_time AS expectedTime, cores,
       name IS NOT NULL OR file_a IS NOT NULL OR file_b IS NOT NULL OR terms IS NOT NULL AS special ${unendedIn} LIMIT 1`,
  )
  const run = db
    .prepare<Omit<PendingRun, 'n'> & { boss: number; after: number; limit: number }, [n: number, last: number, others: number]>(
      `SELECT count(*), max(id), total(other) FROM (SELECT i.id, kind IS NOT @kind OR priority <> @priority OR memory IS NOT @memory
         OR expected_time IS NOT @expectedTime OR cores <> @cores OR name IS NOT NULL OR file_a IS NOT NULL OR file_b IS NOT NULL
         OR terms IS NOT NULL AS other ${unendedIn} LIMIT @limit)`,
    )
    .raw()
  const matching = db
    .prepare<[UnendedQuery & { boss: number }], PendingRow>(
      `SELECT ${entry} FROM instruction i WHERE i.boss = @boss AND i.id > @after AND ${covered} AND ${unended}
       AND (@kind IS NULL OR i.kind = @kind) AND ${named} AND (@working IS NULL OR (${going} IS NOT NULL) = @working)
       ORDER BY i.id LIMIT @limit`,
    )
    .raw()
  const among = db
    .prepare<[number, string], PendingRow>(
      `SELECT ${entry} FROM instruction i WHERE boss = ? AND id IN (SELECT value FROM json_each(?)) AND ${covered} AND ${unended} ORDER BY id`,
    )
    .raw()
  const ended = db
    .prepare<[EndedQuery & { boss: number }], [...PendingRow, string]>(
      `SELECT ${entry}, i.attributes FROM instruction i WHERE i.boss = @boss AND i.id > @after AND ${covered}
       AND (@ids IS NULL OR i.id IN (SELECT value FROM json_each(@ids)))
       AND (@kinds IS NULL OR i.kind IN (SELECT value FROM json_each(@kinds)))
       AND instr(@outcomes, ${outcomeOf('i.boss', 'i.id')}) > 0
       AND (@ids IS NOT NULL OR NOT EXISTS (SELECT 1 FROM retry r WHERE r.of_boss = i.boss AND r.of = i.id))
       ORDER BY i.id LIMIT @limit`,
    )
    .raw()
  const given = db.prepare<[number], number>('SELECT coalesce(sum(last - first + 1), 0) FROM append WHERE boss = ?').pluck()
  const newest = db.prepare<[number], { id: number }>('SELECT coalesce(max(id), 0) AS id FROM instruction WHERE boss = ?')
  const one = db.prepare<[number, number], FoundRow>(`SELECT ${document} WHERE i.boss = ? AND i.id = ? AND ${covered}`)
  const page = db.prepare<[InstructionQuery & { boss: number }], FoundRow>(
    `SELECT ${document} WHERE i.boss = @boss AND i.id > @after AND ${covered}
     AND (@kind IS NULL OR i.kind = @kind) AND ${named}
     AND (@outcomes IS NULL OR (@outcomes = '' AND a.outcome IS NULL) OR instr(@outcomes, a.outcome) > 0)
     AND (@working IS NULL OR (${going} IS NOT NULL) = @working)
     ORDER BY i.id LIMIT @limit`,
  )
  const entryIn = readEntries(db)
  const withBody = ({ ended_with: seq, line, ...row }: FoundRow): InstructionRow => ({
    ...row,
    body: seq === null || line === null ? null : entryIn(seq, line),
  })
  const withBodies = function* (rows: Iterable<FoundRow>) {
    for (const row of rows) yield withBody(row)
  }
  return {
    pendingOf: (boss: number, after: number, limit: number): PendingRows => columnsOf(pending.all(boss, after, limit)),
    /** The next that have not ended, when they follow each other and nothing but their ids differs; undefined when they do not. */
    pendingRun: (boss: number, after: number, limit: number): PendingRun | undefined => {
      const { special, ...first } = head.get({ boss, after }) ?? {
        special: 1,
        first: 0,
        kind: '',
        priority: 0,
        memory: 0,
        expectedTime: 0,
        cores: 0,
      }
      if (special === 1) return undefined
      const [n, last, others] = run.get({ ...first, boss, after: first.first - 1, limit }) ?? [0, 0, 0]
      return others === 0 && last - first.first + 1 === n ? { ...first, n } : undefined
    },
    /** What matches of those that have not ended. */
    unended: (boss: number, query: UnendedQuery): PendingRows => columnsOf(matching.all({ ...query, boss })),
    /** Which of these have not ended, by id. */
    unendedAmong: (boss: number, ids: readonly number[]): PendingRows => columnsOf(among.all(boss, JSON.stringify(ids))),
    /**
     * What ended so, to be given again; of what was given again already only that which `ids` names. As many as were asked for, or fewer when
     * these are large; `more` when there are more behind them.
     */
    ended: (boss: number, query: EndedQuery): PendingRows & { readonly attributes: readonly string[]; readonly more: boolean } => {
      const { rows, more } = pageOf(ended.iterate({ ...query, boss, limit: query.limit + 1 }), query.limit, (row) => row[10].length)
      return { ...columnsOf(rows), attributes: rows.map((row) => row[10]), more }
    },
    /** How many instructions a Boss was given. */
    appendedTo: (boss: number) => given.get(boss) ?? 0,
    newestInstruction: (boss: number) => newest.get(boss)?.id ?? 0,
    instruction: (boss: number, id: number): InstructionRow | undefined => {
      const row = one.get(boss, id)
      return row && withBody(row)
    },
    /** As many as were asked for, or fewer when these are large; `more` when there are more behind them. */
    instructions: (boss: number, query: InstructionQuery): { rows: InstructionRow[]; more: boolean } =>
      pageOf(
        withBodies(page.iterate({ ...query, boss, limit: query.limit + 1 })),
        query.limit,
        (row) => row.attributes.length + row.earlier.length + (row.body?.length ?? 0),
      ),
  }
}
