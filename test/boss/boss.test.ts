import { describe, expect, test } from 'vitest'
import { apply, assertListening, born, documentOf, endOf, isStuck, leftAs, mayLaunch, statusOf, type Boss } from '../../src/boss/boss.js'
import type { Fact } from '../../src/boss/fact.js'

const at = 1_700_000_000_000
const settings = {
  scheduler: { limit: 'threads', max_threads: 2, binded: false },
  on_error: 'continue',
  verbose: false,
  maxlenreport: 1024,
} as const

/** A Boss with `pending` instructions, led through more facts. */
function aBoss(pending: number, ...facts: Fact[]): Boss {
  const boss = born({ type: 'boss.created', boss: 1, at, name: 'alpha', settings, halted: false, ending: false })
  if (pending > 0) apply(boss, { type: 'instructions.appended', boss: 1, at, first: 1, last: pending })
  for (const fact of facts) apply(boss, fact)
  return boss
}
const of = { boss: 1, at }
const halted: Fact = { ...of, type: 'boss.halted' }
const working: Fact = { ...of, type: 'boss.working' }
const ending: Fact = { ...of, type: 'boss.ending' }
const stopping = (how: 'stop' | 'now' | 'error'): Fact => ({ ...of, type: 'boss.stopping', how })
const started = (instruction: number): Fact => ({ ...of, type: 'instruction.started', instruction, attempt: 1, ticket: 0, cpus: [] })
const reported = (ids: number[], outcomes: string): Fact => ({
  ...of,
  type: 'instruction.reported',
  ids,
  attempts: ids.map(() => 1),
  outcomes,
  lines: new Uint8Array(),
})

describe('status is one word', () => {
  test.each([
    ['working', aBoss(1)],
    ['halted', aBoss(1, halted)],
    ['working', aBoss(1, halted, working)],
    ['ending', aBoss(1, ending)],
    ['halted', aBoss(1, ending, halted)],
    ['ending', aBoss(1, halted, ending, working)],
    ['stopping', aBoss(1, halted, stopping('stop'))],
    ['finished', aBoss(0, { ...of, type: 'boss.over', status: 'finished', counts: aBoss(0).counts })],
  ])('%s', (status, boss) => {
    expect(statusOf(boss)).toBe(status)
  })
})

test('counts follow what began and what was reported', () => {
  const boss = aBoss(5, started(1), started(2), reported([1, 3], '.e'), reported([2], 'p'))
  expect(boss.counts).toEqual({ pending: 2, working: 0, succeeded: 1, failed: 1, cancelled: 1 })
})

test('an instruction whose attempt came to nothing waits again', () => {
  const boss = aBoss(2, started(1), {
    ...of,
    type: 'instruction.retrying',
    instruction: 1,
    attempt: 1,
    cause: 'lost',
    notBefore: undefined,
    body: '',
  })
  expect(boss.counts).toMatchObject({ pending: 2, working: 0 })
})

test('nothing starts in a Boss that is halted, stopping or over', () => {
  expect(mayLaunch(aBoss(1))).toBe(true)
  expect(mayLaunch(aBoss(1, ending))).toBe(true)
  for (const fact of [halted, stopping('stop')]) expect(mayLaunch(aBoss(1, fact))).toBe(false)
})

describe('a Boss ends', () => {
  test('after END, when nothing pends and nothing works', () => {
    expect(endOf(aBoss(1, ending), false)).toBeUndefined()
    expect(endOf(aBoss(1, ending, started(1)), true)).toBeUndefined()
    expect(endOf(aBoss(1, ending, reported([1], '.')), false)).toBe('finished')
  })
  test('not without END', () => {
    expect(endOf(aBoss(1, reported([1], '.')), false)).toBeUndefined()
  })
  test('after STOP, when its workers are done: stopped with work left, finished without', () => {
    expect(endOf(aBoss(2, started(1), stopping('stop')), true)).toBeUndefined()
    expect(endOf(aBoss(2, started(1), stopping('stop'), reported([1], '.')), false)).toBe('stopped')
    expect(endOf(aBoss(1, started(1), stopping('stop'), reported([1], '.')), false)).toBe('finished')
  })
  test('failed, when it was stopped because one failed', () => {
    expect(endOf(aBoss(2, reported([1], 'e'), stopping('error')), false)).toBe('failed')
  })
  test('unheard, with what is left over', () => {
    expect(leftAs(aBoss(2, started(1)))).toBe('stopped')
    expect(leftAs(aBoss(1, started(1)))).toBe('finished')
  })
})

test('ended while halted with work pending, it is stuck until it works again', () => {
  expect(isStuck(aBoss(1, halted, ending))).toBe(true)
  expect(isStuck(aBoss(1, halted, ending, working))).toBe(false)
  expect(isStuck(aBoss(0, halted, ending))).toBe(false)
})

test('after END and STOP it takes no more instructions, and says what it is', () => {
  for (const fact of [ending, stopping('stop')]) expect(() => assertListening(aBoss(1, fact))).toThrow(/alpha \(1\) is (ending|stopping)/)
  expect(() => assertListening(aBoss(1, halted))).not.toThrow()
})

test('its document shows settings, counts and times', () => {
  expect(documentOf(aBoss(2, started(1)))).toEqual({
    id: 1,
    name: 'alpha',
    status: 'working',
    halted: false,
    ending: false,
    ...settings,
    crew: 'local',
    counts: { pending: 1, working: 1, succeeded: 0, failed: 0, cancelled: 0 },
    created_at: '2023-11-14T22:13:20.000Z',
  })
})
