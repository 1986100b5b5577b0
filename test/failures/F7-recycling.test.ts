import { expect, test } from 'vitest'
import { startDaemon } from '../support/daemon.js'
import { aBatch, aCrew } from '../crew/a-crew.js'
import { until } from '../support/temp.js'
import { failureKinds } from './daemon.js'

const pidsOf = (entries: readonly { report: unknown }[]) => entries.map(({ report }) => Number(report))

test('a worker process makes room for a fresh one after so many tasks', async () => {
  const daemon = await startDaemon({ plugins: failureKinds, args: ['--recycle-after', '3'] })
  const boss = await daemon.hire({
    scheduler: { limit: 'threads', max_threads: 1 },
    individual_instructions: { kind: Array.from({ length: 9 }, () => 'pid') },
    end: true,
  })
  const { workers_report: entries } = await daemon.reportOnceOver(boss)
  expect(entries).toHaveLength(9)
  const perProcess = Object.values(Object.groupBy(pidsOf(entries), String)).map((tasks) => tasks?.length)
  expect(perProcess).toEqual([3, 3, 3])
  expect(entries.every(({ attempt }) => attempt === 1)).toBe(true)
})

test('a worker process that holds too much behind a task makes room for a fresh one', async () => {
  const daemon = await startDaemon({ plugins: failureKinds, args: ['--recycle-above', '150'] })
  const boss = await daemon.hire({
    scheduler: { limit: 'threads', max_threads: 1 },
    instructions: [{ kind: 'leak', mib: 10 }, { kind: 'leak', mib: 200 }, { kind: 'pid' }],
    end: true,
  })
  const [first, second, third] = pidsOf((await daemon.reportOnceOver(boss)).workers_report)
  expect(second).toBe(first)
  expect(third).not.toBe(first)
})

test('"fresh": true has a process of its own', async () => {
  const daemon = await startDaemon({ plugins: failureKinds })
  const boss = await daemon.hire({
    scheduler: { limit: 'threads', max_threads: 1 },
    instructions: [
      { kind: 'pid' },
      { kind: 'pid', fresh: true },
      { kind: 'pid' },
      { kind: 'pid' },
      { kind: 'pid', fresh: true },
      { kind: 'pid', fresh: true },
    ],
    end: true,
  })
  const { workers_report: entries } = await daemon.reportOnceOver(boss)
  expect(entries.every(({ outcome, attempt }) => outcome === 'succeeded' && attempt === 1)).toBe(true)
  const byId = entries.toSorted((a, b) => a.instruction - b.instruction)
  const [a, b, c, d, e, f] = pidsOf(byId)
  expect(c).toBe(d)
  expect(new Set([a, b, c, e, f]).size).toBe(5)
  expect((await daemon.instruction(boss, 2)).attributes).toMatchObject({ fresh: true })
})

test('hosts that have nothing to do go after a while, and their memory with them', async () => {
  const { crew, told } = aCrew({}, undefined, 200)
  for (const id of [1, 2, 3, 4]) crew.send({ id, cpus: [] }, 'js', aBatch(id, 'long', [{ length: 1000 }]))
  await until(() => told.reports.size === 4, 'all are done')
  expect(crew.hosts()).toHaveLength(4)
  for (const id of [1, 2, 3, 4]) crew.release({ id, cpus: [] })
  await until(() => crew.hosts().length === 0, 'the hosts go')
})
