import type { ReportEntry } from '../../client/client.js'

const columns =
  'instruction name kind outcome cause error exit_code signal attempt scheduler_ticket cpus started_at finished_at wall cpu max_rss report'.split(
    ' ',
  )

/** The first line, with the names of the columns. */
export const heading = `${columns.join(',')}\r\n`

/** Report entries as CSV, one a line, as RFC 4180 has it: what has a comma, a quote or a newline stands in quotes. */
export const csvOf = (entries: readonly ReportEntry[]): string =>
  entries
    .map(({ usage, ...entry }) => {
      const cells: Readonly<Record<string, unknown>> = {
        ...entry,
        ...usage,
        error: entry.error && `${entry.error.type}: ${entry.error.message}`,
      }
      return `${columns.map((column) => quoted(cells[column])).join(',')}\r\n`
    })
    .join('')

function quoted(value: unknown): string {
  const text = typeof value === 'object' ? (value ? JSON.stringify(value) : '') : String((value as string | number | undefined) ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/**
 * The cells of a CSV text, row by row, as RFC 4180 has them; lines may end as they do anywhere, and empty ones are none.
 * What stands between the cells is told by the first line: a comma, a semicolon or a tab.
 * @throws Error for a quote that does not end a cell.
 */
export function cellsOf(text: string): string[][] {
  const between = /[,;\t]/.exec(text.split(/[\r\n]/, 1)[0] ?? '')?.[0] ?? ','
  // a cell, in quotes or not, and what ends it
  const cell = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${between}\\r\\n][^${between}\\r\\n]*)|)(${between}|\\r\\n|\\n|\\r|$)`, 'y')
  const rows: string[][] = []
  let row: string[] = []
  for (let end = ''; cell.lastIndex < text.length || end === between; ) {
    const at = cell.lastIndex
    const found = cell.exec(text)
    if (!found) throw new Error(`a quote does not end its cell: ${text.slice(at, at + 40)}`)
    row.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '')
    end = found[3] ?? ''
    if (end === between) continue
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
  }
  return rows
}
