import type { Database } from 'better-sqlite3'
import { isList, valueOf, type Column } from './packing.js'

/** Rows that one INSERT takes: measured, more gives little and less costs a fifth of the writer's time (SPIKE section 2). */
const rowsAtOnce = 50

/** Statements that are kept prepared for a table. */
const mostPrepared = 100

/** A page of what is read ends where it would have more bytes than this, whatever number of rows was asked for; it has one row at least. */
export const pageBytes = 8 * 1024 * 1024

/** The first of these rows: `limit` of them, or fewer when these are large. @param bytesOf how large one is. @returns `more`: there are others behind. */
export function pageOf<Row>(all: Iterable<Row>, limit: number, bytesOf: (row: Row) => number): { rows: Row[]; more: boolean } {
  const rows: Row[] = []
  let bytes = 0
  for (const row of all) {
    bytes += bytesOf(row)
    if (rows.length === limit || (rows.length > 0 && bytes > pageBytes)) return { rows, more: true }
    rows.push(row)
  }
  return { rows, more: false }
}

/**
 * An INSERT of any number of rows. What is the same in all of them is bound once: a statement is prepared for each set of columns that differ
 * from row to row, of which a table sees few.
 * @param names of the table's columns.
 * @returns a function that inserts n rows, given a column for each name.
 */
export function insertMany(db: Database, table: string, names: readonly string[]) {
  const into = `INSERT INTO ${table} (${names.join(', ')})`
  const one = db.prepare(`${into} VALUES (${names.map(() => '?').join(',')})`)
  const prepared = new Map<string, typeof one>()
  const manyFor = (columns: readonly Column[]) => {
    const key = columns.map((column) => (isList(column) ? 'l' : 'all' in column ? 'a' : 'f')).join('')
    const found = prepared.get(key)
    if (found) return found
    // column1 of the rows is their number within the statement
    let listed = 1
    const values = columns.map((column, at) =>
      isList(column) ? `row.column${++listed}` : `same.c${at}${'all' in column ? '' : ' + row.column1'}`,
    )
    const same = columns.flatMap((column, at) => (isList(column) ? [] : [`? AS c${at}`]))
    const rows = Array.from({ length: rowsAtOnce }, (_, row) => `(${row}${',?'.repeat(listed - 1)})`)
    const made = db.prepare(
      `${into} SELECT ${values.join(', ')} FROM (SELECT ${same.join(', ') || 'NULL'}) same CROSS JOIN (VALUES ${rows.join(',')}) row`,
    )
    if (prepared.size >= mostPrepared) prepared.clear()
    prepared.set(key, made)
    return made
  }
  return (n: number, columns: readonly Column[]) => {
    let row = 0
    if (n >= rowsAtOnce) {
      const many = manyFor(columns)
      const lists = columns.filter(isList)
      for (; row + rowsAtOnce <= n; row += rowsAtOnce) {
        const bound: unknown[] = []
        for (const column of columns) if (!isList(column)) bound.push(valueOf(column, row))
        for (let at = row; at < row + rowsAtOnce; at++) for (const list of lists) bound.push(list[at])
        many.run(bound)
      }
    }
    for (; row < n; row++) one.run(columns.map((column) => valueOf(column, row)))
  }
}
