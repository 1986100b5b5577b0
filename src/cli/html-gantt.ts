import type { ReportEntry } from '../client/client.js'
import { html, type Html } from './html.js'
import { instructionsText } from './output.js'

/** Columns into which the time of a Boss is cut: more than one of them in one is drawn as one bar. */
const columns = 1200
const rowHeight = 14
/** For the names of rows. */
const left = 80
/** More rows than a machine has cores are no help to anybody. */
const mostRows = 512
const ticks = 6

type Outcome = ReportEntry['outcome']
/** The worse one of several is what a bar shows. */
const worse: readonly Outcome[] = ['succeeded', 'cancelled', 'failed']

/** What stands in columns of a row: one instruction, or, in a single column, several. */
interface Cell {
  outcome: Outcome
  n: number
  readonly title: string
}

/** Who worked when, a row a core, as a picture whose size does not depend on how many instructions there were. */
export class Gantt {
  private readonly rows = new Map<string, (Cell | undefined)[]>()
  /** Entries that have no row, for there are too many. */
  private left = 0

  /** @param from ms since 1970. @param to the end of it, later than `from`. */
  constructor(
    private readonly from: number,
    private readonly to: number,
  ) {}

  add(entry: ReportEntry): void {
    if (entry.started_at === null) return
    const [begun, ended] = [Date.parse(entry.started_at), Date.parse(entry.finished_at)]
    const [first, last] = [this.columnOf(begun), this.columnOf(ended)]
    const title = `${entry.name}: ${[entry.outcome, entry.cause].filter(Boolean).join(', ')}, ${(ended - begun) / 1000} s`
    const cell: Cell = { outcome: entry.outcome, n: 1, title }
    for (const key of keysOf(entry)) {
      const row = this.rowOf(key ?? this.freeRow(first, last))
      if (row) paint(row, cell, first, last)
      else this.left++
    }
  }

  /** The picture, as SVG. */
  svg(): Html {
    const rows = [...this.rows].sort(([one], [other]) => one.localeCompare(other, 'en', { numeric: true }))
    const height = rows.length * rowHeight
    const lines = Array.from({ length: ticks }, (_, tick) => {
      const x = left + (columns * tick) / (ticks - 1)
      const seconds = ((this.to - this.from) / 1000) * (tick / (ticks - 1))
      const anchor = tick === ticks - 1 ? 'end' : tick === 0 ? 'start' : 'middle'
      return html`<line x1="${x}" y1="0" x2="${x}" y2="${height}"/><text x="${x}" y="${height + 14}" text-anchor="${anchor}">${shortly(seconds)}</text>`
    })
    const drawn = rows.map(
      ([name, cells], at) => html`<g transform="translate(0 ${at * rowHeight})"><text x="0" y="11">${name}</text>${barsOf(cells)}</g>\n`,
    )
    const missing = this.left > 0 ? html`<p>${instructionsText(this.left)} ran at once beyond ${mostRows} rows and are not drawn.</p>` : []
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Gantt"><svg viewBox="0 0 ${left + columns} ${height + 18}" role="img" aria-label="Who worked when, a row a core">
${lines}
${drawn}</svg></div>${missing}`
  }

  private columnOf(time: number): number {
    const column = Math.floor(((time - this.from) / (this.to - this.from)) * columns)
    return Math.min(columns - 1, Math.max(0, column))
  }

  private rowOf(key: string): (Cell | undefined)[] | undefined {
    let row = this.rows.get(key)
    if (!row && this.rows.size < mostRows) this.rows.set(key, (row = []))
    return row
  }

  /** A row in which nothing is drawn there yet. */
  private freeRow(first: number, last: number): string {
    for (let at = 1; ; at++) {
      const row = this.rows.get(`free ${at}`)
      if (!row) return `free ${at}`
      let isFree = true
      for (let column = first; isFree && column <= last; column++) isFree = row[column] === undefined
      if (isFree) return `free ${at}`
    }
  }
}

/** Rows of an entry: of each core that it was bound to, else of its ticket; undefined for any that is free. */
const keysOf = ({ cpus, scheduler_ticket: ticket }: ReportEntry): readonly (string | undefined)[] =>
  cpus.length > 0 ? cpus.map((cpu) => `CPU ${cpu}`) : [ticket === null ? undefined : `ticket ${ticket}`]

function paint(row: (Cell | undefined)[], cell: Cell, first: number, last: number): void {
  for (let column = first; column <= last; column++) {
    const there = row[column]
    if (!there) row[column] = cell
    else if (there.n === 1) row[column] = { outcome: worseOf(there.outcome, cell.outcome), n: 2, title: '' }
    else {
      there.n++
      there.outcome = worseOf(there.outcome, cell.outcome)
    }
  }
}

const worseOf = (one: Outcome, other: Outcome) => (worse.indexOf(one) > worse.indexOf(other) ? one : other)

function barsOf(cells: readonly (Cell | undefined)[]): Html[] {
  const bars: Html[] = []
  for (let column = 0; column < cells.length; ) {
    const cell = cells[column]
    let end = column + 1
    let n = cell?.n ?? 0
    // several in one column and several in the next one are one bar, too
    for (
      let next = cells[end];
      cell && next && (next === cell || (cell.n > 1 && next.n > 1 && next.outcome === cell.outcome));
      next = cells[++end]
    )
      if (next !== cell) n += next.n
    if (cell)
      bars.push(
        html`<rect class="${cell.outcome}" x="${left + column}" y="1" width="${end - column}" height="${rowHeight - 2}"><title>${cell.n === 1 ? cell.title : instructionsText(n)}</title></rect>`,
      )
    column = end
  }
  return bars
}

const shortly = (seconds: number) =>
  seconds < 100 ? `${seconds.toFixed(2)} s` : seconds < 6000 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3600).toFixed(1)} h`
