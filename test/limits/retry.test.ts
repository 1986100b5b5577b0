import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { lineTest as test, startDaemon, type Problem } from '../support/daemon.js'
import { Logbook } from '../support/logbook.js'
import { tempDir, until } from '../support/temp.js'

const one = { limit: 'threads', max_threads: 1 }
/** Fails until it has run `times` times, and counts in `file`. */
const flaky = (file: string, times: number) => ({
  kind: 'command',
  program: 'sh',
  args: ['-c', 'echo x >> "$0"; test $(wc -l < "$0") -ge "$1"', file, String(times)],
})
const linesOf = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0)

test('what fails is tried again, one report at its end, each attempt in its document', async ({ daemon, dir }) => {
  const listener = await daemon.listen('/v1/events')
  const boss = await daemon.hire({ retry: { attempts: 4, backoff: 0.01 }, instructions: [flaky(join(dir, 'n'), 3)], end: true })
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(workers_report).toMatchObject([{ outcome: 'succeeded', attempt: 3 }])
  const { attempts } = await daemon.instruction(boss, 1)
  expect(attempts.map(({ attempt, outcome, cause }) => [attempt, outcome, cause])).toEqual([
    [1, 'failed', 'exit'],
    [2, 'failed', 'exit'],
    [3, 'succeeded', undefined],
  ])
  await listener.until('boss.over', (event) => event.boss === boss.id)
  const retrying = listener.events.filter((event) => event.type === 'instruction.retrying' && event.boss === boss.id)
  expect(retrying).toMatchObject([
    { instruction: 1, attempt: 1, cause: 'exit' },
    { instruction: 1, attempt: 2, cause: 'exit' },
  ])
})

test('when no attempt is left it fails, with the number of the last one', async ({ daemon, dir }) => {
  const file = join(dir, 'n')
  const boss = await daemon.hire({ instructions: [{ ...flaky(file, 99), retry: { attempts: 3, backoff: 0 } }], end: true })
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(workers_report).toMatchObject([{ outcome: 'failed', cause: 'exit', exit_code: 1, attempt: 3 }])
  expect(linesOf(file)).toBe(3)
})

test('only the causes that are named are tried again, and a row’s own policy goes before that of its Boss', async ({ daemon }) => {
  const boss = await daemon.hire({
    retry: { attempts: 2, backoff: 0, on: ['exception'] },
    instructions: [{ kind: 'throwing' }, { kind: 'exiting' }, { kind: 'throwing', retry: { attempts: 1 } }],
    end: true,
  })
  const { workers_report } = await daemon.reportOnceOver(boss)
  const attempts = Object.fromEntries(workers_report.map(({ instruction, attempt }) => [instruction, attempt]))
  expect(attempts).toEqual({ 1: 2, 2: 1, 3: 1 })
})

test('between two attempts it is pending, says until when, and its Boss is not over; also across a crash', async () => {
  const data = join(tempDir(), 'data')
  const first = await startDaemon({ data })
  const row = { kind: 'throwing', name: 'it', retry: { attempts: 2, backoff: 3600, max_backoff: 3600, jitter: 0 } }
  const boss = await first.hire({ instructions: [row], end: true })
  const pausing = await until(async () => {
    const document = await first.instruction(boss, 1)
    return document.not_before === undefined ? undefined : document
  }, 'the pause')
  expect(pausing).toMatchObject({
    status: 'pending',
    waiting_for: expect.stringContaining('next one may begin at'),
    attempts: [{ attempt: 1, cause: 'exception' }],
  })
  expect(Date.parse(pausing.not_before ?? '') - Date.now()).toBeGreaterThan(3_500_000)
  expect(await first.boss(boss)).toMatchObject({ status: 'ending', counts: { pending: 1, working: 0, failed: 0 } })
  await first.crash()

  const second = await startDaemon({ data })
  expect(await second.instruction(boss, 1)).toMatchObject({ status: 'pending', not_before: pausing.not_before })
  const { status } = await second.call('DELETE', `/v1/bosses/${boss.id}/instructions/1?reason=enough`)
  expect(status).toBe(200)
  const { workers_report } = await second.reportOnceOver(boss)
  expect(workers_report).toMatchObject([{ name: 'it', outcome: 'cancelled', cause: 'requested', attempt: 2, error: { message: 'enough' } }])
})

test('what dies with its worker is tried again as well', async ({ daemon }) => {
  const boss = await daemon.hire({ instructions: [{ kind: 'killed', retry: { attempts: 2, backoff: 0, on: ['signal'] } }], end: true })
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(workers_report).toMatchObject([{ outcome: 'failed', cause: 'signal', signal: 'SIGKILL', attempt: 2 }])
})

test('with on_error stop only the last failure stops the siblings', async ({ daemon, dir, log }) => {
  const boss = await daemon.hire({
    on_error: 'stop',
    scheduler: { limit: 'threads', max_threads: 2 },
    instructions: [log.gated('sibling', 'g'), { ...flaky(join(dir, 'n'), 2), retry: { attempts: 2, backoff: 0 } }],
    end: true,
  })
  await until(async () => (await daemon.boss(boss)).counts.succeeded === 1, 'the second attempt')
  log.open('g')
  expect((await daemon.reportOnceOver(boss)).status).toBe('finished')
})

test('at_most_once: after a crash of the daemon it is lost and not run again; what had not begun runs', async () => {
  const dir = tempDir()
  const data = join(dir, 'data')
  const log = new Logbook(dir)
  const first = await startDaemon({ data })
  const boss = await first.hire({
    scheduler: one,
    instructions: [
      { ...log.gated('once', 'g'), at_most_once: true },
      { ...log.gated('next', 'g'), at_most_once: true },
    ],
    end: true,
  })
  await log.untilWritten('+ once')
  await first.crash()
  log.open('g')
  const second = await startDaemon({ data })
  const { workers_report } = await second.reportOnceOver(boss)
  expect(workers_report).toMatchObject([
    { name: 'once', outcome: 'failed', cause: 'lost', attempt: 1 },
    { name: 'next', outcome: 'succeeded', attempt: 1 },
  ])
  expect(log.begun).toEqual(['once', 'next'])
})

test('at_most_once: what is taken back in the moment in which it is put down as begun begins once all the same', async ({
  daemon,
  log,
}) => {
  const n = 150
  const row = (i: number) => ({ kind: 'logging', name: `r${i}`, log: log.file, at_most_once: true })
  const boss = await daemon.hire({
    scheduler: { limit: 'threads', max_threads: 2 },
    instructions: Array.from({ length: n }, (_, i) => row(i)),
  })
  let over = false
  const orders = ['halt', 'work', 'halt', 'work'].map(async (signal) => {
    while (!over) await daemon.tell(boss, signal)
  })
  const ended = until(async () => (over = (await daemon.boss(boss)).counts.succeeded === n), 'all have ended')
  await Promise.all([ended, ...orders]).finally(() => (over = true))
  expect(log.begun.toSorted()).toEqual(Array.from({ length: n }, (_, i) => `r${i}`).toSorted())
})

test('at_most_once: what is cancelled in the moment in which it is put down as begun is cancelled', async ({ daemon, log }) => {
  const n = 60
  const row = (i: number) => ({ ...log.gated(`c${i}`, 'never'), at_most_once: true })
  const boss = await daemon.hire({ scheduler: one, instructions: Array.from({ length: n }, (_, i) => row(i)), end: true })
  for (let id = 1; id <= n; id++) await daemon.call('DELETE', `/v1/bosses/${boss.id}/instructions/${id}`)
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(workers_report.map(({ outcome, cause }) => `${outcome} ${cause}`)).toEqual(Array(n).fill('cancelled requested'))
  expect(new Set(log.begun).size).toBe(log.begun.length)
})

test('at_most_once is down as begun before it begins, and cannot be retried', async ({ daemon, dir }) => {
  const { status, body } = await daemon.post<Problem>('/v1/bosses', {
    instructions: [{ kind: 'noop', at_most_once: true, retry: { attempts: 2 } }],
  })
  expect([status, body.code]).toEqual([422, 'invalid'])
  const boss = await daemon.hire({
    retry: { attempts: 5, backoff: 0 },
    instructions: [{ ...flaky(join(dir, 'n'), 3), at_most_once: true }],
    end: true,
  })
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(workers_report).toMatchObject([{ outcome: 'failed', attempt: 1 }])
})

test('POST …/retry gives what failed once more, once', async ({ daemon, dir }) => {
  const file = join(dir, 'n')
  const boss = await daemon.hire({
    scheduler: one,
    instructions: [{ ...flaky(file, 2), name: 'flaky', priority: 3 }, { kind: 'noop' }, { kind: 'throwing', name: 'never' }],
  })
  await until(async () => (await daemon.boss(boss)).counts.failed === 2, 'both have failed')
  const again = await daemon.post(`/v1/bosses/${boss.id}/retry`, { causes: ['exit'] })
  expect(again).toMatchObject({ status: 201, body: { count: 1, first: 4, last: 4 } })
  await until(async () => (await daemon.boss(boss)).counts.succeeded === 2, 'the retry')
  expect(await daemon.instruction(boss, 4)).toMatchObject({ name: 'flaky', status: 'succeeded', priority: 3, retry_of: 1 })
  expect(await daemon.post(`/v1/bosses/${boss.id}/retry`)).toMatchObject({ status: 201, body: { count: 1, first: 5 } })
  await until(async () => (await daemon.boss(boss)).counts.failed === 3, 'it fails again')
  // 1 and 3 were given again; what is left is 5
  expect(await daemon.post(`/v1/bosses/${boss.id}/retry`)).toMatchObject({ status: 201, body: { count: 1 } })
  await until(async () => (await daemon.boss(boss)).counts.failed === 4, 'the name is free again')
  expect(await daemon.post(`/v1/bosses/${boss.id}/retry`, { ids: [3] })).toMatchObject({ status: 201, body: { count: 1 } })
})

test('POST …/retry of a Boss that is over needs another one to go into', async ({ daemon }) => {
  const boss = await daemon.hire({ instructions: [{ kind: 'throwing' }, { kind: 'noop' }], end: true })
  await daemon.reportOnceOver(boss)
  expect(await daemon.post(`/v1/bosses/${boss.id}/retry`)).toMatchObject({ status: 409, body: { code: 'boss-not-listening' } })
  const other = await daemon.hire({ name: `into-${boss.id}` })
  expect(await daemon.post(`/v1/bosses/${boss.id}/retry`, { ids: [2], into: other.name })).toMatchObject({
    status: 422,
    body: { code: 'invalid', asked: 1, found: 0 },
  })
  const stored = await daemon.post(`/v1/bosses/${boss.id}/retry`, { into: other.name })
  expect(stored).toMatchObject({ status: 201, body: { count: 1 } })
  await daemon.tell(other, 'end')
  await daemon.reportOnceOver(other)
  expect(await daemon.instruction(other, 1)).toMatchObject({ status: 'failed', retry_of: 1, retry_of_boss: boss.id })
})
