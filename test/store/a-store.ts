import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openStore, type Store } from '../../dist/store/store.js'
import type { Fact, Rows } from '../../src/boss/fact.js'
import { renderEnding } from '../../src/boss/report.js'
import { tempDir } from '../support/temp.js'

export const at = 1_700_000_000_000
export const settings = {
  scheduler: { limit: 'threads', max_threads: 2, binded: false },
  on_error: 'continue',
  verbose: false,
  maxlenreport: 1024,
} as const

/** A store of this test alone, closed when it ends. */
export async function aStore(file = join(tempDir(), 'taylord.db')): Promise<Store> {
  const store = await openStore(file)
  onTestFinished(() => store.close().catch(() => undefined))
  return store
}

/** @param more further attributes of each row, as JSON without braces. */
function rows(first: number, n: number, more?: string): Rows {
  const each = <T>(value: T) => Array.from({ length: n }, () => value)
  return {
    first,
    n,
    kind: each('noop'),
    name: Array.from({ length: n }, (_, row) => (row === 0 ? `name-${first}` : null)),
    priority: each(0),
    memory: each(null),
    expectedTime: each(1.5),
    cores: each(1),
    fileA: each(null),
    fileB: each(null),
    terms: each(null),
    attributes: Array.from({ length: n }, (_, row) => `{"kind":"noop","row":${row}${more === undefined ? '' : `,${more}`}}`).join('\n'),
  }
}
export const created = (boss: number, name?: string): Fact => ({
  type: 'boss.created',
  boss,
  at,
  name,
  settings,
  halted: false,
  ending: false,
})
export const staged = (boss: number, first: number, n: number, more?: string): Fact => ({
  type: 'instructions.staged',
  boss,
  at,
  rows: rows(first, n, more),
})
export const appended = (boss: number, first: number, last: number): Fact => ({ type: 'instructions.appended', boss, at, first, last })
export function reported(boss: number, ids: number[], attempt = 1): Fact {
  const line = (id: number) =>
    renderEnding({
      name: `noop-${id}`,
      kind: 'noop',
      outcome: 'succeeded',
      report: { text: 'ä\n' },
      attempt,
      scheduler_ticket: null,
      cpus: [],
      started_at: null,
      finished_at: new Date(at).toISOString(),
      usage: { wall: 0, cpu: 0, max_rss: 1 },
    })
  return reportedLines(boss, ids, line, attempt)
}
/** @param line what is stored of each. */
export const reportedLines = (boss: number, ids: number[], line: (id: number) => string, attempt = 1): Fact => ({
  type: 'instruction.reported',
  boss,
  at,
  ids,
  attempts: ids.map(() => attempt),
  outcomes: '.'.repeat(ids.length),
  lines: new TextEncoder().encode(`${ids.map(line).join('\n')}\n`),
})
