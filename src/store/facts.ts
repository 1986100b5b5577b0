import type { Database } from 'better-sqlite3'
import { renderEvent, renderGap } from '../boss/event.js'
import type { Fact } from '../boss/fact.js'
import { pageBytes } from './statements.js'

/** Members of a fact's event beyond seq, at, boss and type, as JSON text without braces. */
export function membersOf(fact: Fact): string {
  switch (fact.type) {
    case 'boss.stopping':
      return `"how":"${fact.how}"${fact.error ? `,"error":${JSON.stringify(fact.error)}` : ''}`
    case 'boss.over':
      return `"status":"${fact.status}","counts":${JSON.stringify(fact.counts)}`
    case 'instructions.appended':
      return `"first":${fact.first},"last":${fact.last}`
    case 'instruction.started':
      return `"instruction":${fact.instruction},"attempt":${fact.attempt},"scheduler_ticket":${fact.ticket},"cpus":[${fact.cpus.join(',')}]`
    case 'instruction.retrying':
      return `"instruction":${fact.instruction},"attempt":${fact.attempt},"cause":"${fact.cause}"`
    default:
      return ''
  }
}

/** Writing statements on table `fact`, the log; inside the transaction of a turn. */
export function writeFacts(db: Database) {
  const insert = db.prepare('INSERT INTO fact (seq, n, boss, at, type, body) VALUES (?, ?, ?, ?, ?, ?)')
  return {
    /** @param last seq of the last of its `n` entries. */
    insert: (last: number, n: number, fact: Fact) => insert.run(last, n, fact.boss, fact.at, fact.type, membersOf(fact)),
  }
}

/** A stretch of the log, rendered. */
export interface Events {
  /** events as JSON text, in order of seq */
  readonly events: string[]
  /** seq up to which the log was read: the next page begins behind it */
  readonly upTo: number
  /** whether the log goes on behind it */
  readonly more: boolean
  /** of one Boss: whether it is over and nothing follows */
  readonly over: boolean
}

/** Reading statements on table `fact`. */
export function readFacts(db: Database) {
  type Row = { seq: number; n: number; boss: number; at: number; type: string; body: string }
  const ofAll = db.prepare<[number, number], Row>('SELECT seq, n, boss, at, type, body FROM fact WHERE seq > ? ORDER BY seq LIMIT ?')
  const ofBoss = db.prepare<[number, number, number], Row>(
    'SELECT seq, n, boss, at, type, body FROM fact WHERE boss = ? AND seq > ? ORDER BY seq LIMIT ?',
  )
  const reports = db
    .prepare<[string, number, number, number], [number, string]>(
      `SELECT seq, '{"seq":' || seq || ',"at":"' || ? || '","boss":' || boss || ',"instruction":' || instruction || ',"type":"instruction.reported",' || body
       FROM attempt WHERE boss = ? AND seq BETWEEN ? AND ? ORDER BY seq`,
    )
    .raw()
  const over = db.prepare<[number], number>('SELECT status IS NOT NULL FROM boss WHERE id = ?').pluck()
  const newest = db.prepare<[], { seq: number }>('SELECT coalesce(max(seq), 0) AS seq FROM fact')
  const oldest = db.prepare<[], { seq: number; n: number }>('SELECT seq, n FROM fact ORDER BY seq LIMIT 1')
  return {
    newestSeq: () => newest.get()?.seq ?? 0,
    /** @param boss undefined for all Bosses. @param since exclusive. */
    events: (boss: number | undefined, since: number, limit: number): Events => {
      const events: string[] = []
      // asked first: what is over now has its last event in the log that is read next
      let isOver = boss !== undefined && over.get(boss) === 1
      const first = oldest.get()
      const before = first ? first.seq - first.n : 0
      if (before > since) events.push(renderGap(since + 1, before, Date.now()))
      let upTo = since
      let rows = 0
      let bytes = 0
      for (const row of boss === undefined ? ofAll.iterate(since, limit) : ofBoss.iterate(boss, since, limit)) {
        if (row.type === 'instruction.reported') {
          const from = Math.max(row.seq - row.n, since) + 1
          for (const [seq, text] of reports.iterate(new Date(row.at).toISOString(), row.boss, from, row.seq)) {
            events.push(text)
            upTo = seq
            if ((bytes += text.length) > pageBytes) return { events, upTo, more: true, over: false }
          }
        } else events.push(renderEvent(row.seq, row.at, row.boss, row.type, row.body))
        // it may have ended between the two readings
        if (boss !== undefined && row.type === 'boss.over') isOver = true
        upTo = row.seq
        rows++
        if (events.length >= limit) break
      }
      const more = rows >= limit || events.length >= limit
      return { events, upTo, more, over: !more && isOver }
    },
  }
}
