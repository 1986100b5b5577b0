import type { Database } from 'better-sqlite3'

/** Rows that one INSERT takes: measured, more gives little and less costs a fifth of the writer's time (SPIKE section 2). */
const rowsAtOnce = 50

/** A page of what is read ends where it would have more bytes than this, whatever number of rows was asked for; it has one row at least. */
export const pageBytes = 8 * 1024 * 1024

/** How many of the first of these sizes, at least one, add up to no more than `most`. */
export function countWithin(most: number, sizes: Iterable<number>): number {
  let sum = 0
  let n = 0
  for (const size of sizes) {
    sum += size
    if (n > 0 && sum > most) break
    n++
  }
  return n
}

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
 * An INSERT of any number of rows, prepared once for many and once for one.
 * @param columns how many values a row has.
 * @returns a function that inserts rows first…first+n-1; `value` gives the value of a row's column.
 */
export function insertMany(db: Database, into: string, columns: number) {
  const tuple = `(${Array.from({ length: columns }, () => '?').join(',')})`
  const many = db.prepare(`INSERT INTO ${into} VALUES ${Array.from({ length: rowsAtOnce }, () => tuple).join(',')}`)
  const one = db.prepare(`INSERT INTO ${into} VALUES ${tuple}`)
  const insert = (statement: typeof one, from: number, count: number, fill: (row: number, values: unknown[]) => void) => {
    const values: unknown[] = []
    for (let row = from; row < from + count; row++) fill(row, values)
    statement.run(values)
  }
  return (n: number, fill: (row: number, values: unknown[]) => void) => {
    let row = 0
    for (; row + rowsAtOnce <= n; row += rowsAtOnce) insert(many, row, rowsAtOnce, fill)
    for (; row < n; row++) insert(one, row, 1, fill)
  }
}
