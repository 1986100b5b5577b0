import type { Database } from 'better-sqlite3'
import { valueOf, type PackedReports } from './packing.js'
import { pageBytes } from './statements.js'

const newline = 10
/** A row ends with the report that makes it longer: whoever wants one of its reports reads all of them. */
const rowBytes = 64 * 1024

/**
 * SQL for how an instruction ended, NULL when it has not: one look into an index. An instruction ends once, so no two rows of the table share
 * one, and the first that reaches up to it is the only one that can have it.
 * @param boss SQL, as is `id`, for the instruction's key.
 */
export const outcomeOf = (boss: string, id: string): string =>
  `(SELECT CASE WHEN r.first <= ${id} THEN r.outcome END FROM report r WHERE r.boss = ${boss} AND r.last >= ${id} ORDER BY r.last LIMIT 1)`

/** Writing statements on table `report`; inside the transaction of a turn. */
export function writeReports(db: Database) {
  const insert = db.prepare('INSERT INTO report (seq, boss, first, last, attempt, outcome, lines) VALUES (?, ?, ?, ?, ?, ?, ?)')
  return {
    /** @param first seq of the first of them. @throws Error when there is not a line for each. */
    reported: (first: number, { boss, ids, attempts, outcomes, lines }: PackedReports) => {
      const n = outcomes.length
      const bytes = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength)
      const follows = (row: number) =>
        valueOf(ids, row) === valueOf(ids, row - 1) + 1 &&
        valueOf(attempts, row) === valueOf(attempts, row - 1) &&
        outcomes.charCodeAt(row) === outcomes.charCodeAt(row - 1)
      let [row, start, end] = [0, 0, 0]
      for (let next = 1; next <= n; next++) {
        end = bytes.indexOf(newline, end) + 1
        if (end === 0) throw new Error(`${n} reports have ${next - 1} lines`)
        if (next < n && end - start < rowBytes && follows(next)) continue
        const [id, last, attempt] = [valueOf(ids, row), valueOf(ids, next - 1), valueOf(attempts, row)]
        insert.run(first + next - 1, boss, id, last, attempt, outcomes.charAt(row), bytes.subarray(start, end))
        row = next
        start = end
      }
      if (end < bytes.length) throw new Error(`${n} reports have more lines than that`)
    },
  }
}

/** A page of a report as it lies in the store. */
export interface ReportRows {
  /** NDJSON of report entries */
  readonly lines: Uint8Array<ArrayBuffer>
  readonly n: number
  /** seq of the last one; `after` when there is none */
  readonly last: number
  /** whether there are more behind it */
  readonly more: boolean
}

/** A row of the table. */
export interface ReportRow {
  readonly seq: number
  readonly first: number
  readonly last: number
  /** of each of them, as one character */
  readonly outcome: string
  readonly lines: Buffer
}

/** Reading statements on table `report`. */
export function readReports(db: Database) {
  const behind = db.prepare<[number, number], ReportRow>(
    'SELECT seq, first, last, outcome, lines FROM report WHERE boss = ? AND seq > ? ORDER BY seq',
  )
  const outcomes = db.prepare<[number], { outcome: string; n: number }>(
    'SELECT outcome, sum(last - first + 1) AS n FROM report WHERE boss = ? GROUP BY outcome',
  )
  return {
    /** As many as were asked for, or fewer when these are large. */
    report: (boss: number, after: number, limit: number): ReportRows => {
      // one character for each byte: to decode all and encode it again would take as long as all else here
      let text = ''
      let [n, last, more] = [0, after, false]
      for (const row of behind.iterate(boss, after)) {
        const lines = row.lines.toString('latin1')
        let seq = row.seq - (row.last - row.first)
        for (let [id, at] = [row.first, 0]; id <= row.last; id++, seq++) {
          const end = lines.indexOf('\n', at) + 1
          if (seq > after) {
            more = n === limit || (n > 0 && text.length + end - at > pageBytes)
            if (more) break
            text += `{"seq":${seq},"instruction":${id},${lines.slice(at, end)}`
            last = seq
            n++
          }
          at = end
        }
        if (more) break
      }
      const bytes = new Uint8Array(text.length)
      Buffer.from(bytes.buffer).write(text, 'latin1')
      return { lines: bytes, n, last, more }
    },
    outcomesOf: (boss: number) => outcomes.all(boss),
  }
}

/** Finds single entries; what was read last is kept, as most often the next one asked for stands beside it. */
export function readEntries(db: Database): (seq: number, line: number) => string {
  const one = db.prepare<[number], Buffer>('SELECT lines FROM report WHERE seq = ?').pluck()
  let found: { readonly seq: number; readonly lines: readonly string[] } | undefined
  /** @param seq of a row of the table. @param line of it, from 0. */
  return (seq, line) => {
    if (found?.seq !== seq) found = { seq, lines: one.get(seq)?.toString().split('\n') ?? [] }
    return found.lines[line] ?? ''
  }
}
