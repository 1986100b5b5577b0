import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { hostEndOf } from '../../src/crew/host-end.js'
import { until } from '../support/temp.js'
import { failuresTest, glutton } from './daemon.js'

failuresTest('a program that takes more than it declared ends alone, as oom, with what was measured', async ({ daemon }) => {
  const boss = await daemon.hire({
    instructions: [
      { kind: 'command', ...glutton, memory: 150, name: 'glutton' },
      { kind: 'command', program: 'sleep', args: ['1'], memory: 20, name: 'sibling' },
    ],
    end: true,
  })
  const { workers_report: entries } = await daemon.reportOnceOver(boss)
  const [ended, sibling] = ['glutton', 'sibling'].map((wanted) => entries.find(({ name }) => name === wanted))
  expect(ended).toMatchObject({ outcome: 'failed', cause: 'oom', limit: 150, error: { type: 'OutOfMemory' } })
  expect(ended?.measured).toBeGreaterThanOrEqual(149)
  expect(ended?.measured).toBeLessThan(600)
  expect(ended?.usage.max_rss).toBeGreaterThanOrEqual(149)
  expect(sibling).toMatchObject({ outcome: 'succeeded' })
  const ofIt = (text: string) => text.includes('"rule":"oom"') && text.includes(`"boss":${boss.id},`)
  const line = await until(() => daemon.log.split('\n').find(ofIt), 'the log tells of it')
  expect(JSON.parse(line)).toMatchObject({ boss: boss.id, instruction: 1, limit: 150, measured: ended?.measured })
})

failuresTest('what a program started counts as its own, in a session of its own too', async ({ daemon }) => {
  const { program, args } = glutton
  const script = `setsid "$0" "$@" & sleep 60`
  const boss = await daemon.hire({
    instructions: [{ kind: 'command', program: 'sh', args: ['-c', script, program, ...args], memory: 150 }],
    end: true,
  })
  const { workers_report: entries } = await daemon.reportOnceOver(boss)
  expect(entries).toMatchObject([{ cause: 'oom', limit: 150 }])
})

failuresTest('a task that takes more than it declared ends alone, as oom, and not as a signal', async ({ daemon }) => {
  const boss = await daemon.hire({
    scheduler: { limit: 'threads', max_threads: 2 },
    instructions: [
      { kind: 'glutton', memory: 100, name: 'glutton' },
      { kind: 'spike', mib: 50, ms: 1500, memory: 100, name: 'sibling' },
    ],
    end: true,
  })
  const { workers_report: entries } = await daemon.reportOnceOver(boss)
  const [ended, sibling] = ['glutton', 'sibling'].map((wanted) => entries.find(({ name }) => name === wanted))
  expect(ended).toMatchObject({ outcome: 'failed', cause: 'oom', limit: 100, error: { type: 'OutOfMemory' } })
  expect(ended?.measured).toBeGreaterThanOrEqual(99)
  expect(ended?.usage.max_rss).toBeGreaterThanOrEqual(99)
  expect(sibling).toMatchObject({ outcome: 'succeeded' })
})

failuresTest('what a task started counts as its own', async ({ daemon }) => {
  const boss = await daemon.hire({ instructions: [{ kind: 'feeder', ...glutton, memory: 150 }], end: true })
  const { workers_report: entries } = await daemon.reportOnceOver(boss)
  expect(entries).toMatchObject([{ cause: 'oom', limit: 150 }])
})

failuresTest('what a warm process held before is not the next task’s', async ({ daemon }) => {
  const boss = await daemon.hire({
    scheduler: { limit: 'threads', max_threads: 1 },
    instructions: [
      { kind: 'leak', mib: 120 },
      { kind: 'spike', mib: 20, ms: 300, memory: 60 },
    ],
    end: true,
  })
  const { workers_report: entries } = await daemon.reportOnceOver(boss)
  expect(entries).toMatchObject([{ outcome: 'succeeded' }, { outcome: 'succeeded' }])
})

failuresTest('without a declaration there is no limit', async ({ daemon }) => {
  const boss = await daemon.hire({ instructions: [{ kind: 'glutton', most: 200 }], end: true })
  expect((await daemon.reportOnceOver(boss)).workers_report).toMatchObject([{ outcome: 'succeeded' }])
})

test('a process whose JavaScript heap is full ended as oom, and not as a signal', () => {
  const { status, signal, stderr } = spawnSync(
    process.execPath,
    ['--max-old-space-size=20', '-e', 'for (const all = []; ; ) all.push({ of: all.length })'],
    { encoding: 'utf8' },
  )
  const running = { f: 3, row: 1, loading: false, limit: 0, base: 0, fence: 0 }
  const remains = { frames: [3], first: { f: 3, row: 0 }, wasReady: true, left: false, running, reason: undefined, overdrawn: undefined }
  const end = hostEndOf({ ...remains, code: status, signal, stderrTail: stderr.slice(-4096) })
  expect(end).toMatchObject({ cause: 'oom', guilty: { f: 3, row: 1 } })
})
