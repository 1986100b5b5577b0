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
    {
      own = aWorker(),
      others = [],
      room = WIDE,
      cores = 1,
      most = 9,
    }: { own?: Working; others?: readonly Working[]; room?: Room; cores?: number; most?: number } = {},
  ) =>
    scheduler
      .followers(queueOf(scheduler, entries), { cores, room, own, others: () => others }, ({ kind }) => kind === 0, most)
      .map(({ id }) => id)

  test('are the head of the queue up to the first that does not suit the place', () => {
    for (const scheduler of [laxist(), maxThreads(2, false), longer(), memory(), singleOpenFile(2, false)]) {
      const at = { cores: 2, own: aWorker({ memory: 5 }), room: { cores: 9, memory: 5 } }
      const good = { cores: 2, memory: 5 }
      expect(follow(scheduler, [good, good, { cores: 1, memory: 5 }, good], at)).toEqual([1, 2])
      expect(follow(scheduler, [{ ...good, kind: 1 }, good], at)).toEqual([])
      expect(follow(scheduler, [good, good, good], { ...at, most: 2 })).toEqual([1, 2])
      expect(follow(scheduler, [good], { ...at, most: 0 })).toEqual([])
    }
  })

  test('end at the first that the machine has no room for, where the policy lets none overtake it', () => {
    const at = { own: aWorker({ memory: 5 }), room: { cores: 1, memory: 5 } }
    for (const scheduler of [laxist(), maxThreads(2, false), singleOpenFile(2, false)])
      expect(follow(scheduler, [{ memory: 5 }, { memory: 6 }, { memory: 5 }], at)).toEqual([1])
  })

  test('overtake what would not fit if the place came free now, and nothing else', () => {
    // 50 for all; 20 beside this worker, so 30 for its place
    const at = { own: aWorker({ memory: 25 }), others: [aWorker({ memory: 20 })] }
    for (const scheduler of [longer({ ceilingMiB: 50 }), memory({ ceilingMiB: 50 })]) {
      expect(follow(scheduler, [{ memory: 31 }, { memory: 25 }], at)).toEqual([2])
      // it would start if the place came free, and is too large to keep memory for it until then
      expect(follow(scheduler, [{ memory: 28 }, { memory: 25 }], at)).toEqual([])
    }
  })

  test('may need more than what runs, by a quarter of what is free', () => {
    // 16 are free
    const at = { own: aWorker({ memory: 14 }), others: [aWorker({ memory: 20 })] }
    for (const scheduler of [longer({ ceilingMiB: 50 }), memory({ ceilingMiB: 50 })]) {
      expect(follow(scheduler, [{ memory: 18 }, { memory: 19 }, { memory: 1 }], at)).toEqual([1])
    }
  })

  test('what runs with 0 counts as memory_per_task, so it follows nobody who counts less', () => {
    for (const scheduler of [longer({ ceilingMiB: 5 }), memory({ ceilingMiB: 5 })]) {
      expect(follow(scheduler, [{ memory: 0 }], { own: aWorker({ memory: 5 }) })).toEqual([])
    }
    for (const scheduler of [longer(), memory()]) {
      expect(follow(scheduler, [{ memory: 0 }, { memory: 5 }], { own: aWorker({ memory: 0 }) })).toEqual([1, 2])
    }
  })

  test('of single files have files that are open nowhere else, also not for what was sent ahead elsewhere', () => {
    const at = {
      own: aWorker({ fileA: 'mine' }),
      others: [{ ...aWorker({ fileA: 'runs' }), ahead: [{ fileA: 'next', fileB: 'later' }] }],
    }
    const files = [{ fileA: 'runs' }, { fileB: 'next' }, { fileA: 'later', fileB: 'mine' }, { fileA: 'mine' }, { fileA: 'free' }]
    expect(follow(singleOpenFile(2, false), files, at)).toEqual([4, 5])
  })

  test('memory that was not given counts what the policy assumes', () => {
    const at = { own: aWorker({ memory: 10 }) }
    for (const scheduler of [longer({ ceilingMiB: 10, perTaskMiB: 10 }), memory({ ceilingMiB: 10.001, perTaskMiB: 10 })]) {
      expect(follow(scheduler, [{}, { memory: 10 }, { memory: 11 }, {}], at)).toEqual([1, 2, 4])
      expect(follow(scheduler, [{}], { own: aWorker({ memory: 9 }) })).toEqual([])
    }
    expect(follow(maxThreads(1, false), [{}, { memory: 1 }], { room: { cores: 1, memory: 0 } })).toEqual([1])
  })
})
