import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lineTest, startDaemon, type Daemon, type Problem } from '../support/daemon.js'
import { Logbook } from '../support/logbook.js'
import { Obstacle } from '../support/obstacle.js'
import { readOpenMetrics, readPrometheus, type ReadFamily } from '../support/openmetrics.js'
import { tempDir, until } from '../support/temp.js'

type Families = Map<string, ReadFamily>

async function scrape(daemon: Daemon): Promise<Families> {
  const { status, headers, body } = await daemon.get<Buffer>('/metrics', { accept: 'application/openmetrics-text' })
  expect([status, headers.get('content-type')]).toEqual([200, 'application/openmetrics-text; version=1.0.0; charset=utf-8'])
  return readOpenMetrics(body.toString())
}

/** The numbers of a family by the values of their labels, without those that are 0. */
const numbersOf = (families: Families, name: string) =>
  Object.fromEntries(
    (families.get(name)?.samples ?? [])
      .filter(({ value }) => value !== 0)
      .map(({ labels, value }) => [Object.values(labels).join(' '), value]),
  )
const numberOf = (families: Families, name: string) => families.get(name)?.samples[0]?.value
const ofHistogram = (families: Families, name: string, what: 'count' | 'sum') =>
  families.get(name)?.samples.find((sample) => sample.name === `${name}_${what}`)?.value ?? -1
/** How many were at most so many seconds; the end of a bucket. */
const below = (families: Families, name: string, end: string) =>
  families.get(name)?.samples.find(({ labels }) => labels['le'] === end)?.value ?? -1
/** What tells the samples apart. */
const seriesOf = (families: Families) =>
  [...families.values()].flatMap(({ samples }) => samples.map(({ name, labels }) => `${name} ${JSON.stringify(labels)}`))

const one = { limit: 'threads', max_threads: 1 }
const exit = (code: number) => ({ kind: 'command', program: 'sh', args: ['-c', `exit ${code}`] })

test('what was done is counted, each instruction once, and each attempt', async () => {
  const daemon = await startDaemon()
  const noop = { kind: 'noop' }
  const boss = await daemon.hire({
    instructions: [noop, noop, noop, { kind: 'throwing' }, exit(0), exit(1), { ...exit(2), retry: { attempts: 3, backoff: 0 } }],
    end: true,
  })
  await daemon.reportOnceOver(boss)
  const families = await scrape(daemon)
  expect(numberOf(families, 'taylord_instructions_appended')).toBe(7)
  expect(numbersOf(families, 'taylord_instructions_ended')).toEqual({ 'succeeded none': 4, 'failed exception': 1, 'failed exit': 2 })
  expect(numbersOf(families, 'taylord_attempts_retried')).toEqual({ exit: 2 })
  expect(ofHistogram(families, 'taylord_wait_seconds', 'count')).toBe(7)
  expect(ofHistogram(families, 'taylord_run_seconds', 'count')).toBe(9)
  expect(ofHistogram(families, 'taylord_commit_seconds', 'count')).toBeGreaterThan(0)
  expect(ofHistogram(families, 'taylord_turn_seconds', 'count')).toBe(ofHistogram(families, 'taylord_commit_seconds', 'count'))
  expect(ofHistogram(families, 'taylord_turn_seconds', 'sum')).toBeGreaterThan(ofHistogram(families, 'taylord_commit_seconds', 'sum'))
})

test('two thousand instructions of a microsecond are all counted, though their reports come together', async () => {
  const daemon = await startDaemon()
  const value = Array.from({ length: 2_000 }, (_, i) => i)
  const boss = await daemon.hire({ common_instructions: { kind: 'noop' }, individual_instructions: { value }, end: true })
  await daemon.reportOnceOver(boss)
  const families = await scrape(daemon)
  expect(numbersOf(families, 'taylord_instructions_ended')).toEqual({ 'succeeded none': 2_000 })
  for (const name of ['taylord_wait_seconds', 'taylord_run_seconds'])
    expect([name, ofHistogram(families, name, 'count')]).toEqual([name, 2_000])
  const took = (await daemon.entries(boss)).reduce((sum, { usage }) => sum + usage.wall, 0)
  // each frame's time is rounded, and each row's
  expect(Math.abs(ofHistogram(families, 'taylord_run_seconds', 'sum') - took)).toBeLessThan(0.05 * took + 0.02)
})

test('waiting ends with the start and running with the end; what runs is not counted yet', async () => {
  const daemon = await startDaemon()
  const log = new Logbook(tempDir())
  const asked = Date.now()
  const boss = await daemon.hire({ scheduler: one, start: false, instructions: [log.program('a', 'g')] })
  const appended = Date.now()
  await until(() => Date.now() - appended > 700, 'it has waited')
  await daemon.tell(boss, 'work')
  await log.untilWritten('+ a')
  const started = Date.now()
  const working = await until(async () => {
    const now = await scrape(daemon)
    return ofHistogram(now, 'taylord_wait_seconds', 'count') === 1 ? now : undefined
  }, 'its wait is counted')
  expect(ofHistogram(working, 'taylord_run_seconds', 'count')).toBe(0)
  expect(numberOf(working, 'taylord_instructions_working')).toBe(1)
  expect(below(working, 'taylord_wait_seconds', '0.5')).toBe(0)
  expect(ofHistogram(working, 'taylord_wait_seconds', 'sum')).toBeLessThanOrEqual((Date.now() - asked) / 1000)
  await until(() => Date.now() - started > 200, 'it has run for a while')
  log.open('g')
  await daemon.tell(boss, 'end')
  await daemon.reportOnceOver(boss)
  const done = await scrape(daemon)
  expect(ofHistogram(done, 'taylord_wait_seconds', 'count')).toBe(1)
  expect(ofHistogram(done, 'taylord_run_seconds', 'count')).toBe(1)
  expect(below(done, 'taylord_run_seconds', '0.1')).toBe(0)
})

test('what there is now: Bosses, what waits, what is granted, who works and who follows', async () => {
  const daemon = await startDaemon({ args: ['--slots', '3'] })
  const log = new Logbook(tempDir())
  await daemon.hire({ start: false, instructions: [{ kind: 'noop' }, { kind: 'noop' }] })
  const boss = await daemon.hire({ scheduler: one, instructions: [{ ...log.program('a', 'g'), memory: 64 }, log.program('b', 'g')] })
  await daemon.listen(`/v1/bosses/${boss.id}/events`)
  await log.untilWritten('+ a')
  await until(async () => (await daemon.boss(boss)).counts.working === 1, 'it is known to have begun')
  const families = await scrape(daemon)
  expect(numberOf(families, 'taylord_instructions_pending')).toBe(3)
  expect(numberOf(families, 'taylord_instructions_working')).toBe(1)
  expect(numbersOf(families, 'taylord_bosses')).toEqual({ working: 1, halted: 1 })
  expect([numberOf(families, 'taylord_slots'), numberOf(families, 'taylord_slots_used')]).toEqual([3, 1])
  expect(numberOf(families, 'taylord_memory_granted_bytes')).toBeGreaterThanOrEqual(64 * 2 ** 20)
  const { body } = await daemon.get<{ cores: { total: number }; memory: { total: number } }>('/v1/resources')
  expect(numberOf(families, 'taylord_cores')).toBe(body.cores.total)
  expect(numberOf(families, 'taylord_memory_bytes')).toBe(body.memory.total * 2 ** 20)
  expect(numbersOf(families, 'taylord_hosts')).toEqual({ program: 1 })
  expect(numberOf(families, 'taylord_event_followers')).toBe(1)
  expect(numberOf(families, 'taylord_ready')).toBe(1)
  for (const name of [
    'taylord_database_bytes',
    'taylord_wal_bytes',
    'process_resident_memory_bytes',
    'process_open_fds',
    'process_max_fds',
  ])
    expect([name, numberOf(families, name)]).toEqual([name, expect.toSatisfy((value: number) => value > 0)])
  expect(Math.abs((numberOf(families, 'process_start_time_seconds') ?? 0) - Date.now() / 1000)).toBeLessThan(600)
  log.open('g')
})

test('what the store refused is not counted, and the daemon is not ready', async () => {
  const daemon = await startDaemon()
  const obstacle = new Obstacle(daemon)
  const boss = await daemon.hire({})
  await daemon.append(boss, { instructions: [{ kind: 'noop' }] })
  await until(async () => (await daemon.boss(boss)).counts.succeeded === 1, 'it is done')
  const before = await scrape(daemon)
  obstacle.refuse('fact')
  const { status } = await daemon.post<Problem>(`/v1/bosses/${boss.id}/instructions`, { instructions: [{ kind: 'noop' }] })
  expect(status).toBe(507)
  const after = await scrape(daemon)
  expect(numberOf(after, 'taylord_ready')).toBe(0)
  for (const name of ['taylord_instructions_appended', 'taylord_instructions_pending'])
    expect([name, numberOf(after, name)]).toEqual([name, numberOf(before, name)])
  expect(ofHistogram(after, 'taylord_commit_seconds', 'count')).toBe(ofHistogram(before, 'taylord_commit_seconds', 'count'))
  await obstacle.lift()
})

test('after a start counts begin anew, and what had been appended before has no wait', async () => {
  const daemon = await startDaemon()
  const boss = await daemon.hire({ start: false, instructions: [{ kind: 'noop' }, { kind: 'noop' }] })
  await daemon.crash()
  const again = await startDaemon({ data: daemon.data })
  await again.append(boss, { instructions: [{ kind: 'noop' }] })
  await again.tell(boss, 'work', { terminate: true })
  await again.reportOnceOver(boss)
  const families = await scrape(again)
  expect(numberOf(families, 'taylord_instructions_appended')).toBe(1)
  expect(numbersOf(families, 'taylord_instructions_ended')).toEqual({ 'succeeded none': 3 })
  expect(ofHistogram(families, 'taylord_wait_seconds', 'count')).toBe(1)
  expect(ofHistogram(families, 'taylord_run_seconds', 'count')).toBe(3)
})

test('the series are all there from the start, and a hundred Bosses with names of their own add none', async () => {
  const daemon = await startDaemon()
  const before = seriesOf(await scrape(daemon))
  expect(before).toContain('taylord_instructions_ended_total {"outcome":"cancelled","cause":"expired"}')
  const bosses = await Promise.all(
    Array.from({ length: 100 }, (_, i) =>
      daemon.hire({ name: `boss-${i}`, instructions: [{ kind: i % 2 === 0 ? 'noop' : 'throwing', name: `work-${i}` }], end: i % 3 === 0 }),
    ),
  )
  await until(async () => numberOf(await scrape(daemon), 'taylord_instructions_pending') === 0, 'all is done')
  const families = await scrape(daemon)
  expect(bosses).toHaveLength(100)
  expect(numbersOf(families, 'taylord_instructions_ended')).toEqual({ 'succeeded none': 50, 'failed exception': 50 })
  expect(seriesOf(families)).toEqual(before)
})

lineTest('who does not take OpenMetrics gets the older text of Prometheus, with the same figures', async ({ daemon }) => {
  const { headers, body } = await daemon.get<Buffer>('/metrics', { accept: 'text/plain' })
  expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(headers.get('vary')).toBe('accept')
  const series = seriesOf(readPrometheus(body.toString()))
  expect(series).toEqual(seriesOf(await scrape(daemon)))
})

lineTest('the event loop is looked at from the first scrape on', async ({ daemon }) => {
  const families = await until(async () => {
    const now = await scrape(daemon)
    return ofHistogram(now, 'taylord_event_loop_lag_seconds', 'count') > 0 ? now : undefined
  }, 'a timer was tried')
  expect(ofHistogram(families, 'taylord_event_loop_lag_seconds', 'sum')).toBeGreaterThanOrEqual(0)
})

lineTest('the log beside the database is told in bytes, as it lies on disk', async ({ daemon }) => {
  await daemon.hire({})
  const file = join(daemon.data, 'taylord.db')
  const families = await scrape(daemon)
  expect(numberOf(families, 'taylord_wal_bytes')).toBe(statSync(`${file}-wal`).size)
  expect(numberOf(families, 'taylord_database_bytes')).toBe(statSync(file).size)
})
