import type { Database } from 'better-sqlite3'
import { manyReports, renderBriefly, withoutBegun, type Step } from '../boss/brief.js'
import { framed, isWanted, renderEvent, renderGap, renderReported, type Form, type Wanted } from '../boss/event.js'
import type { ReportRow } from './reports.js'

/** A stretch of the log, rendered. */
export interface Events {
  /** the events, in order of seq and in the form asked for */
  readonly lines: Uint8Array<ArrayBuffer>
  /** how many there are */
  readonly n: number
  /** seq up to which the log was read: the next page begins behind it */
  readonly upTo: number
  /** whether the log goes on behind it */
  readonly more: boolean
  /** of one Boss: whether it is over and nothing follows */
  readonly over: boolean
}

/** Rows of the log, and events, of one page at most. */
const pageLength = 1_000
/** Of what nobody asked for so much is looked through for one page. */
const mostLooked = 10_000

/** A row of the log. */
interface Entry {
  readonly seq: number
  readonly n: number
  readonly boss: number
  readonly at: number
  readonly type: string
  readonly body: string
}

/** An event. */
interface Told extends Step {
  readonly seq: number
  /** one character for each byte of its UTF-8: to decode all and encode it again would take as long as all else here */
  readonly text: string
}

/** Reading statements that join tables `fact` and `report`: the log as it is told. */
export function readEvents(db: Database) {
  const entryColumns = 'seq, n, boss, at, type, body'
  const ofAll = db.prepare<[number], Entry>(`SELECT ${entryColumns} FROM fact WHERE seq > ? ORDER BY seq LIMIT ${pageLength}`)
  const ofBoss = db.prepare<[number, number], Entry>(
    `SELECT ${entryColumns} FROM fact WHERE boss = ? AND seq > ? ORDER BY seq LIMIT ${pageLength}`,
  )
  const reportColumns = 'seq, first, last, outcome, lines'
  const reportsOfAll = db.prepare<[number], ReportRow>(`SELECT ${reportColumns} FROM report WHERE seq > ? ORDER BY seq`)
  const reportsOfBoss = db.prepare<[number, number], ReportRow>(
    `SELECT ${reportColumns} FROM report WHERE boss = ? AND seq > ? ORDER BY seq`,
  )
  const over = db.prepare<[number], number>('SELECT status IS NOT NULL FROM boss WHERE id = ?').pluck()
  const oldest = db.prepare<[], { seq: number; n: number }>('SELECT seq, n FROM fact ORDER BY seq LIMIT 1')
  return {
    /**
     * @param boss undefined for all Bosses.
     * @param since exclusive.
     * @param mostChars after which a page ends: the event that goes beyond it is its last.
     * @param wanted with one character for each byte of its text, as it is compared with events.
     */
    events: (boss: number | undefined, since: number, mostChars: number, wanted: Wanted = {}, form: Form = 'array'): Events => {
      const page = new Page(wanted, mostChars)
      // asked first: what is over now has its last event in the log that is read next
      let isOver = boss !== undefined && over.get(boss) === 1
      const first = oldest.get()
      const before = first ? first.seq - first.n : 0
      if (before > since) page.add({ seq: before, boss: 0, text: renderGap(since + 1, before, Date.now()) }, true)
      const reports = new Walk((seq) => (boss === undefined ? reportsOfAll.iterate(seq) : reportsOfBoss.iterate(boss, seq)))
      let upTo = since
      let rows = 0
      try {
        for (const entry of boss === undefined ? ofAll.iterate(since) : ofBoss.iterate(boss, since)) {
          upTo = entry.seq
          for (const one of told(entry, since, reports, wanted.brief)) {
            if (page.add(one)) continue
            upTo = one.seq
            break
          }
          // it may have ended between the two readings
          if (boss !== undefined && entry.type === 'boss.over') isOver = true
          rows++
          if (page.isFull) break
        }
      } finally {
        reports.end()
      }
      const more = rows >= pageLength || page.isFull
      return { ...page.rendered(form), upTo, more, over: !more && isOver }
    },
  }
}

/** Rows of table `report` in the order of the log: to look for each would take longer than all else. */
class Walk {
  private rows: IterableIterator<ReportRow> | undefined
  private next: ReportRow | undefined

  /** @param behind rows behind a seq, in order. */
  constructor(private readonly behind: (seq: number) => IterableIterator<ReportRow>) {}

  /** Those behind `after` up to `upTo`, which grow from call to call. */
  *within(after: number, upTo: number): Generator<ReportRow, void, undefined> {
    // reports are kept longer than their entries of the log
    if (!this.rows || (this.next && this.next.seq <= after)) {
      this.end()
      this.rows = this.behind(after)
      this.step()
    }
    for (let row = this.next; row && row.seq <= upTo; row = this.next) {
      this.step()
      yield row
    }
  }

  end(): void {
    this.rows?.return?.()
  }

  private step(): void {
    this.next = this.rows?.next().value as ReportRow | undefined
  }
}

/** What is to be told of a row of the log, behind `since`. @param reports is asked for its own. */
function* told(entry: Entry, since: number, reports: Walk, brief = false): Generator<Told, void, undefined> {
  const { seq, n, boss, at, type, body } = entry
  if (type !== 'instruction.reported') {
    if (brief && type === 'instruction.cancelled') return
    // instructions are named first in what is stored of them
    const id = brief ? Number.parseInt(body.slice('"instruction":'.length), 10) : undefined
    const text = asBytes(renderEvent(seq, at, boss, type, body))
    yield {
      seq,
      boss,
      text,
      ...(type === 'instruction.started' && { begins: id }),
      ...(type === 'instruction.retrying' && { retries: id }),
    }
    return
  }
  const time = new Date(at).toISOString()
  const rows = reports.within(Math.max(seq - n, brief && n >= manyReports ? 0 : since), seq)
  if (!brief) for (const one of each(rows, since)) yield { seq: one.seq, boss, text: renderReported(one.seq, time, boss, one.id, one.body) }
  else if (n >= manyReports) yield* asOne([...rows], seq, time, boss)
  else
    for (const { seq, id, outcome, body } of each(rows, since)) {
      const text = renderBriefly({ seq, at: time, boss, first: id, last: id, codes: outcome, firstBody: body, lastBody: body })
      yield { seq, boss, text, reports: [id] }
    }
}

/** Reports of rows, behind `since`. */
function* each(
  rows: Iterable<ReportRow>,
  since: number,
): Generator<{ seq: number; id: number; outcome: string; body: string }, void, undefined> {
  for (const { seq: newest, first, last, outcome, lines } of rows) {
    const bodies = lines.toString('latin1').split('\n')
    const before = newest - last
    for (let id = Math.max(first, since + 1 - before); id <= last; id++)
      yield { seq: before + id, id, outcome, body: bodies[id - first] ?? '' }
  }
}

const newline = 10

/** Many reports as one event; none when their Boss was removed. Only the first and the last are looked at. */
function* asOne(rows: readonly ReportRow[], seq: number, at: string, boss: number): Generator<Told, void, undefined> {
  const [from, to] = [rows[0], rows.at(-1)]
  if (!from || !to) return
  const codes = rows.map(({ first, last, outcome }) => outcome.repeat(last - first + 1)).join('')
  const firstBody = from.lines.toString('latin1', 0, from.lines.indexOf(newline))
  const end = to.lines.length - 1
  const lastBody = to.lines.toString('latin1', to.lines.lastIndexOf(newline, end - 1) + 1, end)
  const reports = rows.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, at) => first + at))
  yield { seq, boss, text: renderBriefly({ seq, at, boss, first: from.first, last: to.last, codes, firstBody, lastBody }), reports }
}

/** What one answer tells. */
class Page {
  isFull = false
  private readonly events: Told[] = []
  private chars = 0
  private looked = 0

  constructor(
    private readonly wanted: Wanted,
    private readonly mostChars: number,
  ) {}

  /** @param always whoever wants what. @returns whether there is room for more. */
  add(one: Told, always = false): boolean {
    this.looked++
    if (always || isWanted(this.wanted, one.boss, one.text)) {
      this.events.push(one)
      this.chars += one.text.length
    }
    this.isFull = this.chars >= this.mostChars || this.events.length >= pageLength || this.looked >= mostLooked
    return !this.isFull
  }

  rendered(form: Form): Pick<Events, 'lines' | 'n'> {
    const told = this.wanted.brief ? withoutBegun(this.events) : this.events
    const text = framed(
      form,
      told.map((one) => one.text),
    )
    const lines = new Uint8Array(text.length)
    Buffer.from(lines.buffer).write(text, 'latin1')
    return { lines, n: told.length }
  }
}

const asBytes = (text: string) => Buffer.from(text).toString('latin1')
