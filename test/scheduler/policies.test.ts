import { describe, expect, test } from 'vitest'
import { laxist } from '../../src/scheduler/laxist.js'
import { longerFirst } from '../../src/scheduler/longer-first.js'
import { maxMemory } from '../../src/scheduler/max-memory.js'
import { maxThreads } from '../../src/scheduler/max-threads.js'
import { singleOpenFile } from '../../src/scheduler/single-open-file.js'
import type { Entry, Room, Scheduler, Working } from '../../src/scheduler/scheduler.js'
import { anEntry, aWorker, seeded, WIDE } from './make.js'

const longer = (settings: { maxThreads?: number; ceilingMiB?: number; perTaskMiB?: number } = {}) =>
  longerFirst({ maxThreads: 100, ceilingMiB: 1000, perTaskMiB: 10, percentage: 0.75, binded: false, ...settings })

const memory = (settings: { ceilingMiB?: number; perTaskMiB?: number } = {}) =>
  maxMemory({ ceilingMiB: 1000, perTaskMiB: 10, percentage: 0.75, binded: false, ...settings })

function queueOf(scheduler: Scheduler, entries: readonly Partial<Entry>[]) {
  const pending = scheduler.queue()
  for (const [i, entry] of entries.entries()) pending.add(anEntry({ id: i + 1, ...entry }))
  return pending
}
const launched = (
  scheduler: Scheduler,
  entries: readonly Partial<Entry>[],
  { working = [] as Working[], room = WIDE as Room, most = Infinity } = {},
) => scheduler.launchable(queueOf(scheduler, entries), working, room, most).map(({ entry }) => entry.id)

describe('the machine', () => {
  test.each([
    ['laxist', laxist()],
    ['threads', maxThreads(9, false)],
    ['single file', singleOpenFile(9, false)],
  ])('%s lets nobody overtake one that waits for cores or memory', (_, scheduler) => {
    const entries = [{ cores: 2 }, { cores: 8 }, { cores: 1 }]
    expect(launched(scheduler, entries, { room: { cores: 9, memory: 0 } })).toEqual([1])
    expect(launched(scheduler, entries, { room: { cores: 11, memory: 0 } })).toEqual([1, 2, 3])
    expect(launched(scheduler, [{ memory: 1 }, { memory: 3 }, {}], { room: { cores: 9, memory: 3 } })).toEqual([1])
  })

  test('policies that count memory let smaller ones overtake', () => {
    const entries = [{ cores: 2 }, { cores: 8 }, { cores: 1 }]
    for (const scheduler of [longer(), memory()]) {
      expect(launched(scheduler, entries, { room: { cores: 9, memory: 1000 } })).toEqual([1, 3])
      expect(launched(scheduler, entries, { room: { cores: 99, memory: 25 } })).toEqual([1, 2])
    }
  })

  test('never gives more than asked for', () => {
    for (const scheduler of [laxist(), maxThreads(9, false), longer(), memory(), singleOpenFile(9, false)]) {
      expect(launched(scheduler, [{}, {}, {}], { most: 2 })).toEqual([1, 2])
      expect(launched(scheduler, [{}, {}, {}], { most: 0 })).toEqual([])
      expect(launched(scheduler, [{}], { most: 1, room: { cores: 0, memory: 10 } })).toEqual([])
    }
  })
})

test('laxist holds 512 processes at most', () => {
  const entries = Array.from({ length: 600 }, () => ({}))
  expect(launched(laxist(), entries)).toHaveLength(512)
  expect(launched(laxist(), entries, { working: Array.from({ length: 511 }, () => aWorker()) })).toEqual([1])
})

test('a launch takes the lowest number that no worker holds', () => {
  const scheduler = maxThreads(4, false)
  const working = [aWorker({ ticket: 1 }), aWorker({ ticket: 7 })]
  expect(scheduler.launchable(queueOf(scheduler, [{}, {}, {}]), working, WIDE, 9).map(({ ticket }) => ticket)).toEqual([0, 2])
})

describe('longer first', () => {
  test('a running 0 counts as memory_per_task, a pending 0 as 0', () => {
    const entries = [{ memory: 0 }, { memory: 985 }]
    expect(launched(longer(), entries, { working: [aWorker({ memory: 0 })] })).toEqual([1, 2])
    expect(launched(longer(), entries, { working: [aWorker({ memory: 0 }), aWorker()] })).toEqual([1])
  })

  test('takes what each needs from what is left, one after the other: so rounds taylorism', () => {
    const entries = [{ memory: 13.1, expectedTime: 2 }, { memory: 0 }, {}, { memory: 4.3 }]
    expect(launched(longer({ ceilingMiB: 30.5, perTaskMiB: 0.1 }), entries, { working: [aWorker({ memory: 13 })] })).toEqual([1, 2, 3, 4])
  })

  test('says what can never fit', () => {
    expect(longer().neverFits({ memory: 1000, cores: 1 })).toBeUndefined()
    expect(longer().neverFits({ memory: 1000.5, cores: 1 })).toContain('1000.5 MiB and max_memory is 1000 MiB')
    expect(longer({ perTaskMiB: 2000 }).neverFits({ memory: undefined, cores: 1 })).toContain('memory_per_task')
    expect(maxThreads(1, false).neverFits({ memory: 1e12, cores: 1 })).toBeUndefined()
  })

  test.each([1, 2, 3, 4, 5, 6])('chooses what sorting and walking the whole list chooses, seed %i', (seed) => {
    const random = seeded(seed)
    const some = (n: number) => Math.floor(random() * n)
    for (let round = 0; round < 60; round++) {
      const settings = { maxThreads: 1 + some(12), ceilingMiB: some(400) / 4, perTaskMiB: some(40) / 4 }
      const scheduler = longer(settings)
      const entries = Array.from({ length: some(400) }, (_, i) =>
        anEntry({
          id: i + 1,
          priority: random() < 0.1 ? some(3) - 1 : 0,
          memory: random() < 0.2 ? undefined : some(200) / 4,
          expectedTime: random() < 0.2 ? undefined : some(9),
          cores: 1 + some(3),
        }),
      )
      const working = Array.from({ length: some(4) }, () => aWorker({ memory: some(2) ? undefined : some(80) / 4 }))
      const room = { cores: some(20), memory: some(400) / 4 }
      const most = some(10)

      let usedMiB = working.reduce((sum, { memory }) => sum + (memory || settings.perTaskMiB), 0)
      let { cores, memory } = room
      const expected: number[] = []
      for (const entry of entries.toSorted(
        (a, b) => b.priority - a.priority || (b.expectedTime ?? 0) - (a.expectedTime ?? 0) || a.id - b.id,
      )) {
        const need = entry.memory ?? settings.perTaskMiB
        if (expected.length >= Math.min(most, settings.maxThreads - working.length)) break
        if (need > settings.ceilingMiB - usedMiB || need > memory || entry.cores > cores) continue
        expected.push(entry.id)
        usedMiB += need
        memory -= need
        cores -= entry.cores
      }
      expect(launched(scheduler, entries, { working, room, most })).toEqual(expected)
    }
  })
})

describe('max memory', () => {
  test('a small instruction overtakes a large one that does not fit, and the sum stays below the ceiling', () => {
    expect(launched(memory(), [{ memory: 900 }, { memory: 200 }, { memory: 100 }, { memory: 99.5 }])).toEqual([1, 4])
  })

  test('a running 0 counts as memory_per_task, a pending 0 as 0', () => {
    const entries = [{ memory: 0 }, { memory: 985 }]
    expect(launched(memory(), entries, { working: [aWorker({ memory: 0 })] })).toEqual([1, 2])
    expect(launched(memory(), entries, { working: [aWorker({ memory: 0 }), aWorker()] })).toEqual([1])
  })

  test('512 hold a ticket, those beyond start without', () => {
    const scheduler = memory({ perTaskMiB: 1, ceilingMiB: 2000 })
    const entries = Array.from({ length: 600 }, () => ({}))
    const launches = scheduler.launchable(queueOf(scheduler, entries), [aWorker({ ticket: 511 })], WIDE, Infinity)
    expect(launches.map(({ ticket }) => ticket)).toEqual([
      ...Array.from({ length: 511 }, (_, i) => i),
      ...Array.from({ length: 89 }, () => null),
    ])
  })

  test('says what can never fit', () => {
    expect(memory().neverFits({ memory: 999.5, cores: 1 })).toBeUndefined()
    expect(memory().neverFits({ memory: 1000, cores: 1 })).toContain('stay below max_memory, 1000 MiB; ask for less')
    expect(memory({ perTaskMiB: 2000 }).neverFits({ memory: undefined, cores: 1 })).toContain('memory_per_task')
  })

  test.each([1, 2, 3, 4, 5, 6])('chooses what walking the whole list chooses, seed %i', (seed) => {
    const random = seeded(seed)
    const some = (n: number) => Math.floor(random() * n)
    for (let round = 0; round < 60; round++) {
      const settings = { ceilingMiB: some(400) / 10, perTaskMiB: some(40) / 10 }
      const scheduler = memory(settings)
      const entries = Array.from({ length: some(400) }, (_, i) =>
        anEntry({ id: i + 1, memory: random() < 0.2 ? undefined : some(200) / 10, cores: 1 + some(3) }),
      )
      const working = Array.from({ length: some(4) }, () => aWorker({ memory: some(2) ? undefined : some(80) / 10 }))
      const room = { cores: some(20), memory: some(400) / 10 }
      let usedMiB = working.reduce((sum, { memory: held }) => sum + (held || settings.perTaskMiB), 0)
      let { cores, memory: roomMiB } = room
      const expected: number[] = []
      for (const entry of entries) {
        const need = entry.memory ?? settings.perTaskMiB
        if (!(usedMiB + need < settings.ceilingMiB) || need > roomMiB || entry.cores > cores) continue
        expected.push(entry.id)
        usedMiB += need
        roomMiB -= need
        cores -= entry.cores
      }
      expect(launched(scheduler, entries, { working, room })).toEqual(expected)
    }
  })
})

describe('followers', () => {
  const follow = (
    scheduler: Scheduler,
    entries: readonly Partial<Entry>[],
    leader: { cores: number; memory: number | undefined },
    most = 9,
  ) => scheduler.followers(queueOf(scheduler, entries), leader, ({ kind }) => kind === 0, most).map(({ id }) => id)

  test('are the head of the queue up to the first that does not suit the place', () => {
    for (const scheduler of [laxist(), maxThreads(2, false), longer(), memory()]) {
      const leader = { cores: 2, memory: 5 }
      const good = { cores: 2, memory: 5 }
      expect(follow(scheduler, [good, good, { cores: 1, memory: 5 }, good], leader)).toEqual([1, 2])
      expect(follow(scheduler, [good, { cores: 2, memory: 6 }, good], leader)).toEqual([1])
      expect(follow(scheduler, [{ ...good, kind: 1 }, good], leader)).toEqual([])
      expect(follow(scheduler, [good, good, good], leader, 2)).toEqual([1, 2])
      expect(follow(scheduler, [good], leader, 0)).toEqual([])
    }
  })

  test('what runs with 0 counts as memory_per_task, so it follows nobody who counts less', () => {
    for (const scheduler of [longer(), memory()]) {
      expect(follow(scheduler, [{ memory: 0 }], { cores: 1, memory: 5 })).toEqual([])
      expect(follow(scheduler, [{ memory: 0 }, { memory: 5 }], { cores: 1, memory: 0 })).toEqual([1])
      expect(follow(scheduler, [{ memory: 0 }, { memory: 5 }], { cores: 1, memory: 10 })).toEqual([1, 2])
    }
  })

  test('there are none where a file decides at the start', () => {
    expect(follow(singleOpenFile(2, false), [{}, { fileA: 'a' }], { cores: 1, memory: undefined })).toEqual([])
  })

  test('memory that was not given counts what the policy assumes', () => {
    expect(follow(longer(), [{ memory: 10 }, {}, { memory: 10.5 }], { cores: 1, memory: undefined })).toEqual([1, 2])
    expect(follow(longer(), [{}], { cores: 1, memory: 9 })).toEqual([])
    expect(follow(maxThreads(1, false), [{}, { memory: 1 }], { cores: 1, memory: undefined })).toEqual([1])
  })
})
