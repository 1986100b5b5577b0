import { expect, test } from 'vitest'
import { Arrivals } from '../../src/workshop/arrivals.js'

test('an instruction was appended when its append came in', () => {
  const arrivals = new Arrivals()
  arrivals.note(1, 1_000)
  arrivals.note(11, 5_000)
  expect([1, 10, 11, 999].map((id) => arrivals.of(id))).toEqual([1_000, 1_000, 5_000, 5_000])
})

test('what was there before the first append that is known of came in at no time that is known of', () => {
  const arrivals = new Arrivals()
  arrivals.note(11, 5_000)
  expect(arrivals.of(10)).toBeUndefined()
  expect(arrivals.of(11)).toBe(5_000)
})

test('an upload that took long has ids below those of appends that came in while it was on its way', () => {
  const arrivals = new Arrivals()
  arrivals.note(1, 1_000)
  arrivals.note(1_000_001, 2_000)
  arrivals.note(11, 9_000)
  expect([10, 11, 1_000_000, 1_000_001].map((id) => arrivals.of(id))).toEqual([1_000, 9_000, 9_000, 2_000])
})

test('of a million appends the times of all are known, to a thousandth of the time in which they came', () => {
  const arrivals = new Arrivals()
  const everyMs = 250
  const n = 1_000_000
  for (let id = 1; id <= n; id++) arrivals.note(id, id * everyMs)
  let worst = 0
  for (let id = 1; id <= n; id++) worst = Math.max(worst, Math.abs(id * everyMs - (arrivals.of(id) ?? Infinity)))
  expect(worst).toBeGreaterThan(0)
  expect(worst / (n * everyMs)).toBeLessThan(0.001)
})
