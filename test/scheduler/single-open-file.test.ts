import { describe, expect, test } from 'vitest'
import { FileQueue } from '../../src/scheduler/file-queue.js'
import { singleOpenFile } from '../../src/scheduler/single-open-file.js'
import type { Entry, Working } from '../../src/scheduler/scheduler.js'
import { anEntry, aWorker, seeded, WIDE } from './make.js'

const filesOf = ({ fileA, fileB }: Pick<Entry, 'fileA' | 'fileB'>) => [fileA, fileB].filter((file) => file !== undefined)
const order = (a: Entry, b: Entry) => b.priority - a.priority || a.id - b.id

/** The rule as it is told: walk the whole list, leave what is blocked. */
function walked(pending: readonly Entry[], working: readonly Working[], most: number): Entry[] {
  const open = new Set(working.flatMap(filesOf))
  const launches: Entry[] = []
  for (const entry of pending.toSorted(order)) {
    if (launches.length >= most) break
    if (filesOf(entry).some((file) => open.has(file))) continue
    launches.push(entry)
    for (const file of filesOf(entry)) open.add(file)
  }
  return launches
}

test('two of one file do not start together, whichever of the two names holds it', () => {
  const scheduler = singleOpenFile(9, false)
  const pending = scheduler.queue()
  const rows = [{ fileA: 'a', fileB: 'b' }, { fileA: 'c', fileB: 'a' }, { fileB: 'b' }, { fileA: 'd', fileB: 'd' }, {}, {}]
  for (const [i, row] of rows.entries()) pending.add(anEntry({ id: i + 1, ...row }))
  const launches = scheduler.launchable(pending, [aWorker({ fileB: 'x', ticket: 1 })], WIDE, Infinity)
  expect(launches.map(({ entry, ticket }) => [entry.id, ticket])).toEqual([
    [1, 0],
    [4, 2],
    [5, 3],
    [6, 4],
  ])
  expect([...pending].map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6])
})

describe('against a walk over the whole list', () => {
  test.each([
    [1, 3, 4],
    [2, 12, 4],
    [3, 60, 8],
    [4, 1000, 3],
    [5, 6, 12],
  ])('seed %i: of %i files, %i threads', (seed, files, threads) => {
    const random = seeded(seed)
    const some = (n: number) => Math.floor(random() * n)
    const scheduler = singleOpenFile(threads, false)
    const queue = scheduler.queue()
    let model: Entry[] = []
    let working: Entry[] = []
    let newest = 0
    const remove = (entry: Entry) => {
      expect(queue.remove(entry)).toBe(true)
      expect(queue.remove(entry)).toBe(false)
      model = model.filter(({ id }) => id !== entry.id)
    }
    const make = () => {
      const file = () => (random() < 0.15 ? undefined : random() < 0.02 ? '' : `f${some(files)}`)
      return anEntry({ id: ++newest, fileA: file(), fileB: file(), priority: random() < 0.2 ? some(3) - 1 : 0, cores: 1 + some(2) })
    }
    for (let step = 0; step < 1500; step++) {
      const what = random()
      if (what < 0.35 && step < 1200) {
        for (let n = some(8); n > 0; n--) {
          const entry = make()
          queue.add(entry)
          model.push(entry)
        }
      } else if (what < 0.4 && step < 1200) {
        const aside = scheduler.queue()
        for (let n = some(30); n > 0; n--) {
          const entry = make()
          aside.add(entry)
          model.push(entry)
        }
        while (!queue.absorb(aside, 5));
      } else if (what < 0.45 && model.length > 0) {
        remove(model[some(model.length)] as Entry) // cancelled
      } else if (what < 0.5 && working.length > 0) {
        const entry = working.splice(some(working.length), 1)[0] as Entry // lost: it waits again
        queue.add(entry)
        model.push(entry)
      } else if (what < 0.6) {
        working = working.filter(() => random() < 0.4)
      } else {
        const running = working.map(({ fileA, fileB }) => aWorker({ fileA, fileB }))
        const most = random() < 0.5 ? 1 : Infinity
        const launches = scheduler.launchable(queue, running, WIDE, most).map(({ entry }) => entry)
        expect(launches).toEqual(walked(model, running, Math.min(most, threads - working.length)))
        // sometimes the machine has no place after all
        for (const entry of launches.slice(0, random() < 0.9 ? Infinity : some(2))) {
          remove(entry)
          working.push(entry)
        }
        const open = working.flatMap((entry) => [...new Set(filesOf(entry))])
        expect(new Set(open).size).toBe(open.length)
      }
      expect(queue.size).toBe(model.length)
      if (step % 50 === 0) expect([...queue]).toEqual(model.toSorted(order))
    }
  })
})

test('an upload joins a queue of which everything is blocked', () => {
  const queue = new FileQueue()
  queue.add(anEntry({ id: 1, fileA: 'a' }))
  expect(queue.firstClosed(new Set('a'), undefined)).toBeUndefined()
  const aside = new FileQueue()
  for (const id of [2, 3]) aside.add(anEntry({ id, fileA: 'a', fileB: 'b' }))
  expect(queue.absorb(aside, 9)).toBe(true)
  expect([queue.size, aside.size]).toEqual([3, 0])
  queue.wake(new Set())
  expect(queue.firstClosed(new Set(), undefined)?.id).toBe(1)
  expect([...queue].map(({ id }) => id)).toEqual([1, 2, 3])
})
