import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { lineTest as test, startDaemon } from '../support/daemon.js'
import { Logbook } from '../support/logbook.js'
import { isAlive } from '../support/processes.js'
import { tempDir, until } from '../support/temp.js'

const one = { limit: 'threads', max_threads: 1 }
const stubborn = (file: string) => ({
  kind: 'command',
  program: 'sh',
  args: ['-c', 'trap "" TERM; echo $$ > "$0"; sleep 600 & wait; sleep 600', file],
})

test('a program that runs longer than its timeout is asked to end and fails, with the limit and what was measured', async ({ daemon }) => {
  const boss = await daemon.hire({
    instructions: [{ kind: 'command', program: 'sleep', args: ['600'], timeout: 0.2 }, { kind: 'noop' }],
    end: true,
  })
  const { workers_report } = await daemon.reportOnceOver(boss)
  const late = workers_report.find(({ kind }) => kind === 'command')
  expect(late).toMatchObject({ outcome: 'failed', cause: 'timeout', limit: 0.2, signal: 'SIGTERM', error: { type: 'Timeout' } })
  expect(late?.measured).toBeGreaterThanOrEqual(0.2)
  expect(late?.usage.wall).toBeGreaterThanOrEqual(0.2)
  expect(daemon.log).toContain('"rule":"timeout","limit":0.2')
})

test('a program that ignores SIGTERM is killed with all that it started when its grace is over', async ({ daemon, dir }) => {
  const file = join(dir, 'pid')
  // long enough for the shell to ignore SIGTERM before it comes
  const boss = await daemon.hire({ instructions: [{ ...stubborn(file), timeout: 2, grace: 0.1 }], end: true })
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(workers_report).toMatchObject([{ outcome: 'failed', cause: 'timeout', limit: 2, signal: 'SIGKILL' }])
  expect(isAlive(Number(readFileSync(file, 'utf8')))).toBe(false)
})

test('a task that blocks its process is ended all the same, also when it follows upon short ones', async ({ daemon }) => {
  const rows = [...Array.from({ length: 20 }, () => ({ kind: 'noop' })), { kind: 'busy', timeout: 0.2, grace: 0 }, { kind: 'noop' }]
  const boss = await daemon.hire({ scheduler: one, instructions: rows, end: true })
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(workers_report.find(({ kind }) => kind === 'busy')).toMatchObject({ outcome: 'failed', cause: 'timeout', limit: 0.2 })
  expect(workers_report.filter(({ outcome }) => outcome === 'succeeded')).toHaveLength(21)
})

test('a task that heeds its signal ends by it, and what is done in time is not touched', async ({ daemon, log }) => {
  const boss = await daemon.hire({
    instructions: [
      { ...log.gated('late', 'never'), timeout: 0.1 },
      { kind: 'noop', timeout: 60 },
    ],
    end: true,
  })
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(workers_report.find(({ name }) => name === 'late')).toMatchObject({
    outcome: 'failed',
    cause: 'timeout',
    error: { type: 'Timeout' },
  })
  expect(workers_report.find(({ kind }) => kind === 'noop')).toMatchObject({ outcome: 'succeeded' })
})

test('what waits longer than it may is cancelled as expired, in the queue or ahead at a worker; what has begun goes on', async ({
  daemon,
  log,
}) => {
  // the first has time to begin also on a machine that is busy with something else
  const rows = Object.entries({ a: 3, b: 0.1, c: 0.1 }).map(([name, expires]) => ({ ...log.gated(name, name), expires }))
  const boss = await daemon.hire({ scheduler: one, instructions: rows, end: true })
  const expired = Date.now() + 3000
  await log.untilWritten('+ a')
  await until(async () => (await daemon.boss(boss)).counts.cancelled === 2, 'the others expire')
  await until(() => Date.now() > expired, 'the first would have expired')
  await daemon.reportOnceOver(await daemon.hire({ instructions: [{ kind: 'noop' }], end: true }))
  log.open('a')
  const { workers_report } = await daemon.reportOnceOver(boss)
  const ends = workers_report.map(({ name, outcome, cause }) => [name, outcome, cause])
  expect(ends.slice(0, 2)).toEqual(
    expect.arrayContaining([
      ['b', 'cancelled', 'expired'],
      ['c', 'cancelled', 'expired'],
    ]),
  )
  expect(ends[2]).toEqual(['a', 'succeeded', undefined])
  expect(workers_report[0]).toMatchObject({ started_at: null, error: { type: 'Expired' } })
})

test('a halted Boss lets its instructions expire, too, and one that was down when the time came finds out at its start', async () => {
  const data = join(tempDir(), 'data')
  const first = await startDaemon({ data })
  const boss = await first.hire({
    start: false,
    instructions: [
      { kind: 'noop', expires: 0.2 },
      { kind: 'noop', expires: 3600 },
    ],
  })
  await until(async () => (await first.boss(boss)).counts.cancelled === 1, 'the first expires')
  await first.append(boss, { instructions: [{ kind: 'noop', expires: 0.05 }] })
  await first.crash()
  const second = await startDaemon({ data })
  await until(async () => (await second.boss(boss)).counts.cancelled === 2, 'the last one has expired')
  expect((await second.boss(boss)).counts).toMatchObject({ pending: 1, cancelled: 2 })
})

test('each instruction tells which limits hold for it, and there are none that were not given', async ({ daemon, log }) => {
  const retry = { attempts: 3, on: ['exit'] }
  const boss = await daemon.hire({
    start: false,
    retry,
    instructions: [
      { kind: 'noop' },
      { kind: 'noop', timeout: 5, expires: 60, grace: 1, memory: 100, retry: { attempts: 1 } },
      { kind: 'noop', at_most_once: true },
    ],
  })
  expect(boss).toMatchObject({ retry })
  expect((await daemon.instruction(boss, 1)).limits).toEqual({
    timeout: null,
    expires: null,
    grace: 5,
    memory: null,
    retry,
    at_most_once: false,
  })
  expect((await daemon.instruction(boss, 2)).limits).toEqual({
    timeout: 5,
    expires: 60,
    grace: 1,
    memory: 100,
    retry: { attempts: 1 },
    at_most_once: false,
  })
  expect((await daemon.instruction(boss, 3)).limits).toMatchObject({ retry: null, at_most_once: true })
  expect(log).toBeInstanceOf(Logbook)
})
