import { expect, test } from 'vitest'
import type { Store } from '../../src/store/store.js'
import { Bodies } from '../../src/workshop/bodies.js'
import { appended, at, staged } from '../store/a-store.js'

/** Nothing here asks it. */
const store = {} as Store
const ids = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
const row = (of: number) => `{"kind":"noop","row":${of}}`
const megabyte = `"text":"${'x'.repeat(1024 * 1024)}"`

test('what was appended is at hand until it was handed out, across slices and in any order', () => {
  const bodies = new Bodies(store)
  bodies.keep([staged(1, 1, 3), staged(1, 4, 3), staged(2, 1, 1), appended(1, 1, 6)])
  bodies.keep([])
  expect(bodies.atHand(1, ids(2, 5))).toEqual({ names: [null, null, 'name-4', null], attributes: [row(1), row(2), row(0), row(1)] })
  expect(bodies.atHand(1, [6, 1])).toEqual({ names: [null, 'name-1'], attributes: [row(2), row(0)] })
  expect(bodies.atHand(1, [1])).toBeUndefined()
  bodies.keep([staged(2, 2, 1)])
  expect(bodies.atHand(2, [3])).toBeUndefined()
  expect(bodies.atHand(2, [1, 2])?.attributes).toEqual([row(0), row(0)])
})

test('what was dropped is not at hand, and its ids may be of others then', () => {
  const bodies = new Bodies(store)
  bodies.keep([staged(1, 1, 2), staged(1, 3, 2)])
  bodies.keep([{ type: 'instructions.dropped', boss: 1, at, first: 1, last: 4 }])
  expect(bodies.atHand(1, [3])).toBeUndefined()
  bodies.keep([staged(1, 1, 1, '"again":true')])
  expect(bodies.atHand(1, [1])?.attributes).toEqual(['{"kind":"noop","row":0,"again":true}'])
})

test('of what is large only some stays at hand: the first that came, and always what the last turn appended', () => {
  const bodies = new Bodies(store)
  const slices = ids(1, 12).map((first) => staged(1, first, 1, megabyte))
  bodies.keep(slices)
  expect(ids(1, 12).every((id) => bodies.atHand(1, [id]))).toBe(true)
  bodies.keep(slices)
  bodies.keep([staged(1, 13, 1)])
  const left = ids(1, 13).filter((id) => bodies.atHand(1, [id]))
  expect(left).toEqual([1, 2, 3, 4, 5, 6, 7, 13])
})

test('nothing is kept of a Boss that is over', () => {
  const bodies = new Bodies(store)
  const counts = { pending: 3, working: 0, succeeded: 0, failed: 0, cancelled: 0 }
  bodies.keep([staged(1, 1, 3)])
  bodies.keep([{ type: 'boss.over', boss: 1, at, status: 'stopped', counts }])
  expect(bodies.atHand(1, [1])).toBeUndefined()
})
