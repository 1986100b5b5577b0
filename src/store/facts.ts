import type { Database } from 'better-sqlite3'
import {
  framed,
  isWanted,
  manyReports,
  renderBriefly,
  renderEvent,
  renderGap,
  renderReported,
  type Form,
  type Wanted,
} from '../boss/event.js'
import type { Fact } from '../boss/fact.js'
import type { PackedFact } from './packing.js'
import type { ReportRow } from './reports.js'

/** Members of a fact's event beyond seq, at, boss and type, as JSON text without braces. */
export function membersOf(fact: Fact | PackedFact): string {
  switch (fact.type) {
    case 'boss.stopping':
      return `"how":"${fact.how}"${fact.error ? `,"error":${JSON.stringify(fact.error)}` : ''}`
    case 'boss.over':
      return `"status":"${fact.status}","counts":${JSON.stringify(fact.counts)}`
    case 'instructions.appended':
      return `"first":${fact.first},"last":${fact.last}`
    case 'instruction.started':
      return `"instruction":${fact.instruction},"attempt":${fact.attempt},"scheduler_ticket":${fact.ticket},"cpus":[${fact.cpus.join(',')}]${fact.node === undefined ? '' : `,"node":${JSON.stringify(fact.node)}`}`
    case 'instruction.retrying': {
      const later = fact.notBefore === undefined ? '' : `,"not_before":"${new Date(fact.notBefore).toISOString()}"`
      return `"instruction":${fact.instruction},"attempt":${fact.attempt},"cause":"${fact.cause}"${later}`
    }
    case 'instruction.cancelled':
      return `"instruction":${fact.instruction},"reason":${JSON.stringify(fact.reason)}`
    default:
      return ''
  }
}

/** Writing statements on table `fact`, the log; inside the transaction of a turn. */
export function writeFacts(db: Database) {
  const insert = db.prepare('INSERT INTO fact (seq, n, boss, at, type, body) VALUES (?, ?, ?, ?, ?, ?)')
  return {
    /** @param last seq of the last of its `n` entries. */
    insert: (last: number, n: number, fact: PackedFact) => insert.run(last, n, fact.boss, fact.at, fact.type, membersOf(fact)),
  }
}

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
const encoder = new TextEncoder()

/** Reading statements on table `fact`. */
export function readFacts(db: Database) {
  type Row = { seq: number; n: number; boss: number; at: number; type: string; body: string }
  const ofAll = db.prepare<[number, number], Row>('SELECT seq, n, boss, at, type, body FROM fact WHERE seq > ? ORDER BY seq LIMIT ?')
  const ofBoss = db.prepare<[number, number, number], Row>(
    'SELECT seq, n, boss, at, type, body FROM fact WHERE boss = ? AND seq > ? ORDER BY seq LIMIT ?',
  )
  const reports = db.prepare<[number, number], ReportRow>(
    'SELECT seq, first, last, outcome, lines FROM report WHERE seq BETWEEN ? AND ? ORDER BY seq',
  )
  /** Entries of the log from one seq to another, both included, which are reports. */
  function* reported(from: number, to: number): Generator<{ seq: number; id: number; outcome: string; body: string }, void, undefined> {
    for (const { seq: newest, first, last, outcome, lines } of reports.iterate(from, to)) {
      const bodies = lines.toString().split('\n')
      const before = newest - last
      for (let id = Math.max(first, from - before); id <= last; id++)
        yield { seq: before + id, id, outcome, body: bodies[id - first] ?? '' }
    }
  }
  /** Reports of a row of the log from `from` on, as they are told. */
  function* told(
    { boss, at: ms, seq: to, n }: Row,
    from: number,
    brief = false,
  ): Generator<{ seq: number; text: string }, void, undefined> {
    const at = new Date(ms).toISOString()
    if (!brief) {
      for (const { seq, id, body } of reported(from, to)) yield { seq, text: renderReported(seq, at, boss, id, body) }
    } else if (n < manyReports) {
      for (const { seq, id, outcome, body } of reported(from, to))
        yield { seq, text: renderBriefly({ seq, at, boss, first: id, last: id, codes: outcome, firstBody: body, lastBody: body }) }
    } else {
      const all = [...reported(to - n + 1, to)]
      const [first, last] = [all[0], all.at(-1)]
      if (!first || !last) return // its Boss was removed
      const codes = all.map(({ outcome }) => outcome).join('')
      yield {
        seq: to,
        text: renderBriefly({
          seq: to,
          at,
          boss,
          first: first.id,
          last: last.id,
          codes,
          firstBody: first.body,
          lastBody: last.body,
        }),
      }
    }
  }
  const over = db.prepare<[number], number>('SELECT status IS NOT NULL FROM boss WHERE id = ?').pluck()
  const before = 'SELECT seq - n FROM fact'
  const lastOfAll = db.prepare<[], number>(`${before} ORDER BY seq DESC LIMIT 1`).pluck()
  const lastOfBoss = db.prepare<[number], number>(`${before} WHERE boss = ? ORDER BY seq DESC LIMIT 1`).pluck()
  const newest = db.prepare<[], { seq: number }>('SELECT coalesce(max(seq), 0) AS seq FROM fact')
  const oldest = db.prepare<[], { seq: number; n: number }>('SELECT seq, n FROM fact ORDER BY seq LIMIT 1')
  return {
    newestSeq: () => newest.get()?.seq ?? 0,
    /** seq before the last row of the log; 0 when there is none. @param boss undefined for all Bosses. */
    beforeLast: (boss: number | undefined) => (boss === undefined ? lastOfAll.get() : lastOfBoss.get(boss)) ?? 0,
    /**
     * @param boss undefined for all Bosses.
     * @param since exclusive.
     * @param mostChars after which a page ends: the event that goes beyond it is its last.
     */
    events: (boss: number | undefined, since: number, mostChars: number, wanted: Wanted = {}, form: Form = 'array'): Events => {
      const events: string[] = []
      let chars = 0
      let looked = 0
      /** @returns whether the page has room for more. */
      const push = (text: string, of?: number) => {
        looked++
        if (of === undefined || isWanted(wanted, of, text)) {
          events.push(text)
          chars += text.length
        }
        return chars < mostChars && events.length < pageLength && looked < mostLooked
      }
      // asked first: what is over now has its last event in the log that is read next
      let isOver = boss !== undefined && over.get(boss) === 1
      const first = oldest.get()
      const before = first ? first.seq - first.n : 0
      if (before > since) push(renderGap(since + 1, before, Date.now()))
      let upTo = since
      let rows = 0
      let room = true
      for (const row of boss === undefined ? ofAll.iterate(since, pageLength) : ofBoss.iterate(boss, since, pageLength)) {
        upTo = row.seq
        if (row.type === 'instruction.reported') {
          for (const { seq, text } of told(row, Math.max(row.seq - row.n, since) + 1, wanted.brief)) {
            room = push(text, row.boss)
            if (room) continue
            upTo = seq
            break
          }
        } else if (!wanted.brief || row.type !== 'instruction.cancelled')
          room = push(renderEvent(row.seq, row.at, row.boss, row.type, row.body), row.boss)
        // it may have ended between the two readings
        if (boss !== undefined && row.type === 'boss.over') isOver = true
        rows++
        if (!room) break
      }
      const more = rows >= pageLength || !room
      return { lines: encoder.encode(framed(form, events)), n: events.length, upTo, more, over: !more && isOver }
    },
  }
}
