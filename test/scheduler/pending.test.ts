import { describe, expect, test } from 'vitest'
import { type Fit, Pending } from '../../src/scheduler/pending.js'
import type { Entry } from '../../src/scheduler/scheduler.js'
import { anEntry, seeded } from './make.js'

const idsOf = (entries: Iterable<Entry>) => [...entries].map(({ id }) => id)

/** The same queue as a list that is sorted and searched from end to end. */
class Model {
  entries: Entry[] = []
  constructor(
    readonly longestFirst: boolean,
    readonly perTaskMiB: number,
  ) {}
  order = (a: Entry, b: Entry) =>
    b.priority - a.priority || (this.longestFirst ? (b.expectedTime ?? 0) - (a.expectedTime ?? 0) : 0) || a.id - b.id
  add(entry: Entry) {
    this.entries.push(entry)
    this.entries.sort(this.order)
  }
  remove(entry: Entry) {
    const length = this.entries.length
    this.entries = this.entries.filter(({ id }) => id !== entry.id)
    return this.entries.length < length
  }
  firstFitting(fit: Fit, after?: Entry) {
    return this.entries.find((entry) => {
      const need = entry.memory ?? this.perTaskMiB
      const fits = entry.cores <= fit.cores && need <= fit.atMostMiB && (fit.usedMiB ?? 0) + need < (fit.belowMiB ?? Infinity)
      return fits && (!after || this.order(after, entry) < 0)
    })
  }
}

describe('against a sorted list', () => {
  for (const [seed, longestFirst, shapes] of [
    [1, false, 3],
    [2, true, 3],
    [3, true, 1000],
    [4, false, 1000],
  ] as const) {
    test(`the queue answers the same, seed ${seed}`, () => {
      const random = seeded(seed)
      const some = (n: number) => Math.floor(random() * n)
      const pending = new Pending({ longestFirst, perTaskMiB: 2.5 })
      const model = new Model(longestFirst, 2.5)
      const ids = Array.from({ length: 6000 }, (_, i) => i + 1)
      let last: Entry | undefined
      for (let step = 0; step < 6000; step++) {
        // grows for some thousand steps, then shrinks: leaves are split, joined and emptied
        if (random() < (step < 3500 ? 0.75 : 0.1)) {
          // mostly in order of arrival, sometimes late
          const id = ids.splice(random() < 0.9 ? 0 : some(5), 1)[0] as number
          const entry = anEntry({
            id,
            priority: random() < 0.2 ? some(5) - 2 : 0,
            memory: random() < 0.2 ? undefined : some(shapes) / 2,
            expectedTime: random() < 0.3 ? undefined : some(20),
            cores: 1 + some(4),
            ...(random() < 0.05 && { fileA: `a${id}`, fileB: `b${id}` }),
            kind: some(3),
            nameHash: some(2 ** 50),
          })
          pending.add(entry)
          model.add(entry)
        } else {
          const fit: Fit =
            random() < 0.5
              ? { cores: 1 + some(4), atMostMiB: some(shapes) / 2 }
              : { cores: 1 + some(4), atMostMiB: some(shapes), usedMiB: some(4) / 10, belowMiB: some(shapes) / 2 }
          const after = random() < 0.4 ? last : undefined
          const found = pending.firstFitting(fit, after)
          expect(found).toEqual(model.firstFitting(fit, after))
          last = found ?? last
          if (found && random() < 0.9) {
            expect(pending.remove(found)).toBe(true)
            expect(pending.remove(found)).toBe(false)
            model.remove(found)
          }
        }
        expect(pending.size).toBe(model.entries.length)
      }
      expect([...pending]).toEqual(model.entries)
    })
  }
})

test('hands out entries as they were given', () => {
  const pending = new Pending({ longestFirst: false, perTaskMiB: 1 })
  const given = [
    anEntry({ id: 1, memory: 0, expectedTime: 0, kind: 3, nameHash: 2 ** 53 - 1, fileA: 'a' }),
    anEntry({ id: 2, priority: -(2 ** 31), memory: 0.1, fileB: 'b', cores: 7 }),
  ]
  for (const entry of given) pending.add(entry)
  expect([...pending]).toEqual(given)
})

test('a queue of several groups of leaves stays in order, filled at random and emptied from anywhere', () => {
  const random = seeded(9)
  const pending = new Pending({ longestFirst: true, perTaskMiB: 1 })
  const entries = Array.from({ length: 150_000 }, (_, i) =>
    anEntry({ id: i + 1, expectedTime: Math.floor(random() * 1e5), memory: 1 + Math.floor(random() * 1000) }),
  )
  for (const entry of entries) pending.add(entry)
  const rest = entries.filter((entry) => random() < 0.3 || !pending.remove(entry))
  expect(pending.size).toBe(rest.length)
  const sorted = rest.toSorted((a, b) => (b.expectedTime ?? 0) - (a.expectedTime ?? 0) || a.id - b.id)
  expect(pending.firstFitting({ cores: 1, atMostMiB: 1 })?.id).toBe(sorted.find(({ memory }) => memory === 1)?.id)
  expect(pending.firstFitting({ cores: 1, atMostMiB: Infinity, belowMiB: 1 })).toBeUndefined()
  for (const { id } of sorted) {
    const first = pending.first()
    if (first?.id !== id) expect(first?.id).toBe(id)
    if (first) pending.remove(first)
  }
  expect(pending.size).toBe(0)
})

test('what was handed out may be removed while the queue is walked', () => {
  const pending = new Pending({ longestFirst: false, perTaskMiB: 1 })
  for (let id = 1; id <= 1000; id++) pending.add(anEntry({ id }))
  const seen = []
  for (const entry of pending) {
    seen.push(entry.id)
    pending.remove(entry)
  }
  expect(seen).toHaveLength(1000)
  expect(pending.size).toBe(0)
  expect(pending.first()).toBeUndefined()
})

describe('absorb', () => {
  const queueOf = (from: number, to: number) => {
    const pending = new Pending({ longestFirst: false, perTaskMiB: 1 })
    for (let id = from; id <= to; id++) pending.add(anEntry({ id, fileA: id % 2 ? 'a' : undefined }))
    return pending
  }

  test('an empty queue takes everything at once, whatever the limit', () => {
    const pending = queueOf(1, 0)
    const other = queueOf(1, 3)
    expect(pending.absorb(other, 1)).toBe(true)
    expect([pending.size, other.size, pending.first()?.fileA]).toEqual([3, 0, 'a'])
    other.add(anEntry({ id: 9 }))
    expect(idsOf(pending)).toEqual([1, 2, 3])
  })

  test('moves no more than asked for and says when the other is empty', () => {
    const pending = queueOf(1, 2)
    const other = queueOf(3, 6)
    expect(pending.absorb(other, 3)).toBe(false)
    expect([idsOf(pending), idsOf(other)]).toEqual([[1, 2, 3, 4, 5], [6]])
    expect(pending.absorb(other, 1)).toBe(true)
    expect(pending.size).toBe(6)
  })
})

test('a run of entries that differ by their ids is the same as each of them', () => {
  for (const others of [[], [1, 2, 700], [5000]]) {
    const [one, many] = [new Pending({ longestFirst: true, perTaskMiB: 0 }), new Pending({ longestFirst: true, perTaskMiB: 0 })]
    for (const id of others) for (const queue of [one, many]) queue.add(anEntry({ id, expectedTime: id % 2 }))
    const first = anEntry({ id: 1000, expectedTime: 1, priority: 1, memory: 5, cores: 2 })
    for (let i = 0; i < 600; i++) one.add({ ...first, id: 1000 + i })
    many.addRun(first, 600)
    expect(many.size).toBe(one.size)
    expect([...many]).toEqual([...one])
    expect(many.firstFitting({ cores: 2, atMostMiB: 5 })).toEqual(one.firstFitting({ cores: 2, atMostMiB: 5 }))
  }
})
