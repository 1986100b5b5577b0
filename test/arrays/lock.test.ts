import { expect } from 'vitest'
import { aBossWithArrays, python, sumOf, type ArrayDocument } from '../support/arrays.js'
import { lineTest as test } from '../support/daemon.js'
import { until } from '../support/temp.js'

const count = 1_000
const values = Array.from({ length: count }, (_, value) => value)
const sum = values.reduce((total, value) => total + value, 0)
const twoWorkers = { scheduler: { limit: 'threads', max_threads: 2 }, arrays: { shared_sum: { dtype: 'int64', shape: [2] } } }
const summers = { common_instructions: { kind: 'summer', use_lock: true }, individual_instructions: { value: values } }

test('a thousand summers with the lock make the exact sum on two workers', async ({ daemon, log }) => {
  const boss = await aBossWithArrays(daemon, { ...twoWorkers, instructions: ['a', 'b'].map((name) => log.gated(name, 'g')) })
  await until(async () => (await daemon.boss(boss)).counts.working === 2, 'both are at work')
  await daemon.append(boss, summers)
  log.open('g')
  await daemon.tell(boss, 'end')
  const { workers_report: entries, status } = await daemon.reportOnceOver(boss)
  expect(status).toBe('finished')
  expect(entries.filter(({ kind, outcome }) => kind === 'summer' && outcome === 'succeeded')).toHaveLength(count)
  expect(new Set(entries.map(({ scheduler_ticket: ticket }) => ticket))).toEqual(new Set([0, 1]))
  expect(await sumOf(daemon, boss)).toBe(sum)
})

test('the same when a worker is killed while it holds the lock: only that one fails, the sum of the others is exact', async ({
  daemon,
}) => {
  const boss = await aBossWithArrays(daemon, { ...twoWorkers, instructions: [{ kind: 'holding' }] })
  const path = `/v1/bosses/${boss.id}/arrays/shared_sum`
  const holds = async () => (await daemon.get<Buffer>(path)).body.readBigInt64LE(128 + 8) === 1n
  await until(holds, 'the lock is held')
  await daemon.append(boss, summers)
  // the other worker has begun one and waits for the lock
  await until(async () => (await daemon.boss(boss)).counts.working === 2, 'another waits')
  expect(await sumOf(daemon, boss)).toBe(0)
  const { body } = await daemon.get<{ items: { pid: number; kind?: string }[] }>('/v1/workers')
  const holder = body.items.find(({ kind }) => kind === 'holding')
  process.kill(holder?.pid ?? 0, 'SIGKILL')
  await daemon.tell(boss, 'end')
  const { workers_report: entries } = await daemon.reportOnceOver(boss)
  expect(entries.filter(({ outcome }) => outcome !== 'succeeded')).toMatchObject([{ kind: 'holding', cause: 'signal', signal: 'SIGKILL' }])
  expect(entries).toHaveLength(count + 1)
  expect(await sumOf(daemon, boss)).toBe(sum)
})

test('numpy and a worker change one array at the same time, and lose nothing', async ({ daemon }) => {
  const times = 2_000
  const boss = await aBossWithArrays(daemon, { arrays: { counter: { dtype: 'float64', shape: [1] } } })
  const { body } = await daemon.get<{ items: ArrayDocument[] }>(`/v1/bosses/${boss.id}/arrays`)
  const path = body.items[0]?.path ?? ''
  await daemon.append(boss, { instructions: [{ kind: 'counting', times }] })
  const counting = python(
    `
import fcntl, numpy, sys
path, times = sys.argv[1], int(sys.argv[2])
counter = numpy.load(path, mmap_mode="r+")
seen = 0
with open(path, "r+b") as lock:
    for i in range(times):
        fcntl.flock(lock, fcntl.LOCK_EX)
        seen = max(seen, counter[0] - i)
        counter[0] += 1
        fcntl.flock(lock, fcntl.LOCK_UN)
print(int(counter[0]))`,
    path,
    String(times),
  )
  await daemon.tell(boss, 'end')
  const [entry] = (await daemon.reportOnceOver(boss)).workers_report
  const ends = [Number(await counting), entry?.report]
  // whoever ended last saw all of both
  expect(Math.max(...ends.map(Number))).toBe(2 * times)
  const file = await daemon.get<Buffer>(`/v1/bosses/${boss.id}/arrays/counter`)
  expect(file.body.readDoubleLE(128)).toBe(2 * times)
})
