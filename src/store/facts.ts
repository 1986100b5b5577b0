import type { Database } from 'better-sqlite3'
import type { Fact } from '../boss/fact.js'
import type { PackedFact } from './packing.js'

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

/** Reading statements on table `fact`. */
export function readFacts(db: Database) {
  const before = 'SELECT seq - n FROM fact'
  const lastOfAll = db.prepare<[], number>(`${before} ORDER BY seq DESC LIMIT 1`).pluck()
  const lastOfBoss = db.prepare<[number], number>(`${before} WHERE boss = ? ORDER BY seq DESC LIMIT 1`).pluck()
  const newest = db.prepare<[], { seq: number }>('SELECT coalesce(max(seq), 0) AS seq FROM fact')
  return {
    newestSeq: () => newest.get()?.seq ?? 0,
    /** seq before the last row of the log; 0 when there is none. @param boss undefined for all Bosses. */
    beforeLast: (boss: number | undefined) => (boss === undefined ? lastOfAll.get() : lastOfBoss.get(boss)) ?? 0,
  }
}
