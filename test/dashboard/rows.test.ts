import { expect, test } from 'vitest'
import type { Event } from '../../src/client/client.js'
import { drawLine, Line, marksOf, Palette } from '../../src/dashboard/gantt/paint.js'
import { mostBars, rowName, Rows, titleOf } from '../../src/dashboard/gantt/rows.js'
import { allLeft } from '../../src/dashboard/parts/left.js'
import { Paces } from '../../src/dashboard/parts/paces.js'
import { duration, memory, rate } from '../../src/dashboard/parts/text.js'

const at = (ms: number) => new Date(ms).toISOString()
const base = { boss: 1, n: 1, kind: 'noop', succeeded: 1, failed: 0, cancelled: 0, attempt: 1, scheduler_ticket: 0, cpus: [] as number[] }
/** An instruction that ran from `from` to `to`, ms. */
const reported = (first: number, from: number, to: number, more: object = {}): Event => ({
  ...{ type: 'instructions.reported', at: at(to), seq: first, last: first, name: `noop-${first}`, ...base },
  ...{ first, started_at: at(from), finished_at: at(to), usage: { wall: 0, cpu: null, max_rss: null }, ...more },
})
const started = (instruction: number, ms: number, more: object = {}): Event => ({
  ...{ type: 'instruction.started', at: at(ms), seq: 1, boss: 1, instruction, attempt: 1, scheduler_ticket: 0, cpus: [], ...more },
})
const firsts = (rows: Rows) => rows.lanes.map((lane) => Array.from({ length: lane.length }, (_, index) => lane.at(index).first))

test('what was known by its name keeps it when its beginning is told later, as to a page that has just been opened', () => {
  const rows = new Rows()
  rows.know([{ boss: 1, instruction: 7, name: 'reel', crew: 'local', node: 'n', cpus: [0], scheduler_ticket: 0 }] as never, 5_000)
  rows.hear([{ type: 'instruction.started', boss: 1, instruction: 7, attempt: 1, at: at(1_000), scheduler_ticket: 0, cpus: [0] } as never])
  expect(rows.runningIn(0)).toMatchObject({ name: 'reel', since: 1_000 })
})

test('what is bound stands in the rows of its cores, in their order, and in each of them when it has several', () => {
  const rows = new Rows()
  rows.setCpus([3, 1, 2])
  rows.hear([reported(1, 0, 10, { cpus: [2] }), reported(2, 0, 10, { cpus: [1, 3] })])
  expect(rows.lanes.map((_, row) => rows.coreOf(row))).toEqual([1, 2, 3])
  expect(firsts(rows)).toEqual([[2], [1], [2]])
})

test('a core of another machine has a row of its own', () => {
  const rows = new Rows()
  rows.setCpus([0])
  rows.hear([started(1, 0, { cpus: [0], node: 'n1' }), reported(2, 0, 10, { cpus: [0] }), reported(3, 0, 10, { cpus: [0], node: 'n2' })])
  rows.know([{ boss: 1, instruction: 4, cpus: [0], node: 'here', crew: 'local' }], 0)
  expect(rows.lanes.map((_, row) => rowName(row, rows.coreOf(row)))).toEqual(['core 0', 'n1:0', 'n2:0'])
  expect(firsts(rows)).toEqual([[2], [], [3]])
  expect([rows.runningIn(0)?.instruction, rows.runningIn(1)?.instruction]).toEqual([4, 1])
})

test('what is not bound takes a free row, its own one again if it can, and none twice at a time', () => {
  const rows = new Rows()
  rows.setCpus([0, 1])
  rows.hear([started(1, 0), started(2, 0, { scheduler_ticket: 1 })])
  expect([rows.runningIn(0)?.instruction, rows.runningIn(1)?.instruction]).toEqual([1, 2])
  rows.hear([reported(2, 0, 50, { scheduler_ticket: 1 }), started(3, 60, { scheduler_ticket: 1 })])
  expect(rows.runningIn(1)?.instruction).toBe(3)
  rows.hear([reported(1, 0, 100), reported(3, 60, 100, { scheduler_ticket: 1 }), reported(4, 100, 120), reported(5, 100, 120, { boss: 2 })])
  expect(firsts(rows)).toEqual([
    [1, 4],
    [2, 3, 5],
  ])
  expect(rows.running.size).toBe(0)
  // the next with a ticket begins before the end of the last is told
  rows.hear([started(6, 200), started(7, 250)])
  expect(rows.running.size).toBe(1)
  rows.hear([reported(6, 200, 249)])
  expect([rows.lanes.length, rows.runningIn(0)?.instruction, rows.running.size]).toEqual([2, 7, 1])
})

test('what the daemon knows of runs although its start was not heard, and what it knows of no more does not', () => {
  const rows = new Rows()
  rows.hear([started(7, 9_000)])
  expect([rows.hasNameless(9_000), rows.hasNameless(9_001)]).toEqual([false, true])
  expect(rows.runningIn(0) && titleOf(rows.runningIn(0)!)).toBe('instruction 7')
  rows.know([{ boss: 1, instruction: 7, name: 'seven', cpus: [] }], 10_000)
  expect(rows.runningIn(0)).toMatchObject({ instruction: 7, name: 'seven' })
  expect(rows.hasNameless(20_000)).toBe(false)
  rows.know([], 11_000) // it may have begun since that was asked
  expect(rows.running.size).toBe(1)
  rows.know([], 20_000)
  expect(rows.running.size).toBe(0)
})

test('an attempt that came to nothing is a failed bar, and the next one runs', () => {
  const rows = new Rows()
  rows.hear([
    started(1, 0),
    { type: 'instruction.retrying', at: at(90), seq: 2, boss: 1, instruction: 1, attempt: 1, cause: 'exit' },
    started(1, 200),
  ])
  expect(rows.lanes[0]?.at(0)).toMatchObject({ start: 0, end: 90, outcome: 'failed', cause: 'exit' })
  expect(rows.runningIn(0)?.since).toBe(200)
})

test('the oldest bars go when there are too many, so that a page that stays open stays as it is; older ones are put before', () => {
  const rows = new Rows()
  // all rows share what there may be
  const most = mostBars / 200
  rows.setCpus(Array.from({ length: 200 }, (_, cpu) => cpu))
  const many = most + 10
  rows.hear(Array.from({ length: many }, (_, index) => reported(index + 1, index * 10, index * 10 + 9, { cpus: [0] })))
  const [lane] = rows.lanes
  expect(lane?.length).toBeLessThanOrEqual(most)
  expect(lane?.at(lane.length - 1).first).toBe(many)
  expect(rows.oldest).toBe(((lane?.at(0).first ?? 0) - 1) * 10)
})

test('what was before is put before what came, in order of time, however many there are', () => {
  const later = new Rows()
  const names = { name: 'last', kind: 'late' }
  // the third took long: it began before some that were told before it
  later.hear([reported(3, 15, 95, { cpus: [5] }), reported(4, 40, 50, { cpus: [5], ...names })])
  const earlier = later.empty()
  earlier.hear([reported(1, 0, 10, { cpus: [5], kind: 'early' }), reported(2, 20, 30, { cpus: [5] })])
  later.prepend(earlier)
  expect(firsts(later)).toEqual([[1, 3, 2, 4]])
  expect(later.lanes[0]?.at(0)).toMatchObject({ kind: 'early', start: 0, end: 10 })
  expect(later.lanes[0]?.at(3)).toMatchObject({ kind: 'late', name: 'last' })

  const many = later.empty()
  many.hear(Array.from({ length: 1_000 }, (_, index) => reported(index + 1, index - 2_000, index - 1_999, { cpus: [5] })))
  later.prepend(many)
  expect(later.lanes[0]?.length).toBe(1_004)
  expect(later.lanes[0]?.at(999)).toMatchObject({ first: 1_000, start: -1_001 })
  expect(later.lanes[0]?.at(1_003)).toMatchObject({ name: 'last' })
})

test('of what was before only as much is put there as there may be', () => {
  const most = mostBars / 200
  const later = new Rows()
  later.setCpus(Array.from({ length: 200 }, (_, cpu) => cpu))
  later.hear([reported(5_000, 0, 1, { cpus: [0], name: 'kept' })])
  const many = later.empty()
  many.hear(
    Array.from({ length: most }, (_, index) => reported(index + 1, index - 2_000, index - 1_999, { cpus: [0], name: `old-${index + 1}` })),
  )
  later.prepend(many)
  const [lane] = later.lanes
  expect(lane?.length).toBe(most)
  expect([0, most - 2, most - 1].map((at) => lane?.at(at).name)).toEqual(['old-2', `old-${most}`, 'kept'])
  later.prepend(many)
  expect(lane?.at(0).name).toBe('old-2')
})

test('bars that share a pixel are one, as dark as it is covered, and one that failed is seen among thousands', () => {
  const rows = new Rows()
  rows.setCpus([0])
  // 10,000 bars of half a ms each ms, one of them failed; a pixel is 100 ms
  rows.hear(
    Array.from({ length: 10_000 }, (_, ms) => {
      const failed = ms === 5_050 ? { succeeded: 0, failed: 1 } : {}
      return reported(ms + 1, ms, ms + 1, { cpus: [0], ...failed })
    }),
  )
  const line = new Line(100)
  const [lane] = rows.lanes
  if (!lane) throw new Error('it has no row')
  expect(drawLine(line, lane, { from: 0, to: 20_000 }, (of, index) => (of.outcome[index] === 1 ? 2 : 1))).toBe(10_000)
  expect(line.cover[0]).toBeCloseTo(1)
  expect(line.cover[49]).toBeCloseTo(1)
  expect(line.cover[50]).toBe(0)
  expect([...line.colour].flatMap((colour, x) => (colour === 2 ? [x] : []))).toEqual([25])
  expect(drawLine(line, lane, { from: 9_990, to: 9_995 }, () => 1)).toBe(5)
})

test('a failure that is shorter than a pixel is not lost in the edge of the bar behind it', () => {
  const line = new Line(10)
  for (const [from, to, colour] of [
    [0, 4.1, 1],
    [4.1, 4.7, 2],
    [4.7, 10, 1],
  ] as const)
    line.fill(from, to, colour)
  const black = [0, 0, 0]
  const pixels = new Uint32Array(10)
  new Palette(black, [black, [0, 0, 255], [255, 0, 0]]).write(line, pixels, 0)
  expect(pixels[4]! & 255, 'how red it is').toBeGreaterThan(200)
})

test('a time axis has marks at round times, and numbers are written for people', () => {
  const { at: marks, step } = marksOf({ from: 0, to: 60_000 }, 900, 90)
  expect([marks.length, step]).toEqual([6, 10_000])
  expect([0.012, 3.21, 75, 3_700, 200_000].map(duration)).toEqual(['12 ms', '3.2 s', '1 min 15 s', '1 h 1 min', '2 d 7 h'])
  expect([0, 0.0017, 0.2, 3.21, 3_400].map(rate)).toEqual(['0', '0.002', '0.2', '3.2', '3,400'])
  expect([0, 3.21, 512, 2048].map(memory)).toEqual(['0 MiB', '3.2 MiB', '512 MiB', '2.0 GiB'])
})

test('all is done when the Boss is that takes longest, however fast the others are', () => {
  const counts = { pending: 0, working: 0, succeeded: 0, failed: 0, cancelled: 0 }
  const boss = (id: number, pending: number, more = {}) =>
    ({ id, counts: { ...counts, pending }, halted: false, status: 'working', ...more }) as const
  const paces: Readonly<Record<number, number>> = { 1: 10, 2: 1, 3: 0 }
  const left = (...bosses: Parameters<typeof allLeft>[0]) => allLeft(bosses, ({ id }) => paces[id] ?? 0)
  expect(left(boss(1, 0), boss(2, 0))).toBe('nothing to do')
  expect(left(boss(1, 0), boss(2, 30))).toBe('about 30 s')
  expect(left(boss(1, 500), boss(2, 30))).toBe('about 50 s')
  expect([1174, 3_605].map((n) => left(boss(2, n)))).toEqual(['about 20 min', 'about 1 h'])
  expect(left(boss(1, 500), boss(3, 1))).toBe('known once one is done')
  expect(left(boss(1, 500), boss(3, 1, { halted: true, status: 'halted' }))).toBe('halted')
})

test('what is short is counted to know its pace; what is long goes as fast as those at work take', () => {
  const paces = new Paces()
  const boss = (id: number, working: number, { pending = 10, halted = false } = {}) => ({ id, counts: { pending, working }, halted })
  const hour = 3_600_000
  // two a second, as they ended, a minute before; two at a time, of twenty minutes each; many that were told together, of four seconds each
  paces.hear(Array.from({ length: 120 }, (_, index) => reported(index, hour + index * 500, hour + index * 500 + 400)))
  paces.hear([1, 2].map((id) => reported(id, hour - 1_170_000, hour + 30_000, { boss: 2 })))
  paces.hear([reported(1, hour, hour + 40_000, { boss: 3, n: 10 })])
  const now = hour + 60_000
  expect(paces.of(boss(1, 1), now)).toBeCloseTo(2, 1)
  expect(1 / paces.of(boss(2, 2), now)).toBeCloseTo(600)
  expect(paces.of(boss(3, 1), now)).toBeCloseTo(1 / 4)
  expect(paces.of(boss(4, 1), now), 'nothing of it has ended').toBe(0)
  expect(1 / paces.of(boss(2, 0), now), 'the next one is about to begin').toBeCloseTo(1200)
  expect(paces.of(boss(2, 0, { pending: 0 }), now), 'there is no next one').toBe(0)
  expect(paces.of(boss(2, 0, { halted: true }), now)).toBe(0)
  paces.hear([{ type: 'boss.over', at: at(now), seq: 1, boss: 2 }])
  expect(paces.of(boss(2, 2), now), 'nobody asks for it any more').toBe(0)
})
