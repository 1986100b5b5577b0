import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ReportEntry } from '../../src/boss/report.js'
import { startDaemon, type Daemon, type Page } from '../support/daemon.js'
import { Logbook } from '../support/logbook.js'
import { tempDir, until } from '../support/temp.js'

const four = { limit: 'threads', max_threads: 4 }
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i)
const sorted = (entries: readonly ReportEntry[]) => entries.map(({ instruction }) => instruction).toSorted((a, b) => a - b)

test('500 sleepers of 20 ms outlive five kills of the daemon: each is reported once and nothing is left over', async () => {
  let daemon = await startDaemon()
  const { data } = daemon
  const boss = await daemon.hire({
    scheduler: four,
    common_instructions: { kind: 'sleeper' },
    individual_instructions: { sleeping_time: Array<number>(500).fill(0.02) },
    end: true,
  })
  const reported = async (running: Daemon) => (await running.boss(boss)).counts.succeeded
  for (let kill = 0, seen = 0; kill < 5; kill++) {
    await until(async () => (await reported(daemon)) > seen + 20, 'it gets on')
    seen = await reported(daemon)
    await daemon.crash()
    daemon = await startDaemon({ data })
    expect(await reported(daemon)).toBeGreaterThanOrEqual(seen) // what was told is not taken back
  }
  const { status, workers_report } = await daemon.reportOnceOver(boss)
  expect(status).toBe('finished')
  expect(sorted(workers_report)).toEqual(upTo(500).map((i) => i + 1))
  expect(workers_report.every(({ outcome }) => outcome === 'succeeded')).toBe(true)
  expect(Math.max(...workers_report.map(({ attempt }) => attempt))).toBeGreaterThan(1)
  expect((await daemon.boss(boss)).counts).toEqual({ pending: 0, working: 0, succeeded: 500, failed: 0, cancelled: 0 })
  await daemon.stop()
})

test('programs, too, are each reported once however often the daemon is killed', async () => {
  let daemon = await startDaemon()
  const { data } = daemon
  const boss = await daemon.hire({
    scheduler: four,
    common_instructions: { kind: 'command', program: 'true' },
    individual_instructions: { name: upTo(300).map((i) => `p${i}`) },
    end: true,
  })
  for (let kill = 0, seen = 0; kill < 2; kill++) {
    await until(async () => (await daemon.boss(boss)).counts.succeeded > seen + 50, 'it gets on')
    seen = (await daemon.boss(boss)).counts.succeeded
    await daemon.crash()
    daemon = await startDaemon({ data })
  }
  expect(sorted((await daemon.reportOnceOver(boss)).workers_report)).toEqual(upTo(300).map((i) => i + 1))
})

test('after SIGKILL what ran is tried again with its lost attempt on record, what waited is tried for the first time', async () => {
  const log = new Logbook(tempDir())
  const daemon = await startDaemon()
  const rows = [{ kind: 'noop', name: 'done' }, log.program('program', 'g'), log.gated('task', 'g'), log.gated('waiting', 'g')]
  const boss = await daemon.hire({ scheduler: { limit: 'threads', max_threads: 2 }, instructions: rows, end: true })
  await log.untilWritten('+ program')
  await log.untilWritten('+ task')
  await until(async () => (await daemon.boss(boss)).counts.working === 2, 'both are known to work')
  await daemon.crash()
  const again = await startDaemon({ data: daemon.data })
  log.open('g')
  const { status, workers_report } = await again.reportOnceOver(boss)
  expect(status).toBe('finished')
  expect(sorted(workers_report)).toEqual([1, 2, 3, 4])
  const attempts = Object.fromEntries(workers_report.map(({ name, attempt, outcome }) => [name, [attempt, outcome]]))
  expect(attempts).toEqual({ done: [1, 'succeeded'], program: [2, 'succeeded'], task: [2, 'succeeded'], waiting: [1, 'succeeded'] })
  expect((await again.instruction(boss, 2)).attempts).toMatchObject([
    { attempt: 1, outcome: 'failed', cause: 'lost' },
    { attempt: 2, outcome: 'succeeded' },
  ])
  const listener = await again.listen(`/v1/bosses/${boss.id}/events?since=0`)
  await listener.untilClosed()
  const retried = listener.events.filter(({ type }) => type === 'instruction.retrying').map(({ instruction }) => instruction)
  expect(new Set(retried)).toEqual(new Set([2, 3]))
  expect(retried).toHaveLength(2)
  const seqs = listener.events.map(({ seq }) => seq)
  expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
})

test('programs and their children are gone after SIGKILL, also those that left their group', async () => {
  const log = new Logbook(tempDir())
  const daemon = await startDaemon()
  const also = `setsid sh -c 'trap "" TERM HUP; sleep 600' &
trap '' TERM HUP INT`
  await daemon.hire({
    scheduler: four,
    instructions: [log.program('a', 'never', also), log.program('b', 'never', also), { kind: 'busy', name: 'busy', log: log.file }],
  })
  for (const name of ['a', 'b', 'busy']) await log.untilWritten(`+ ${name}`)
  await daemon.crash()
  const again = await startDaemon({ data: daemon.data, args: ['--grace', '0'] })
  await until(() => log.begun.filter((name) => name === 'busy').length === 2, 'it runs again')
  await again.stop()
  expect(readdirSync(join(daemon.data, 'run'))).toEqual([])
})

test('an append that SIGKILL cuts off is there as a whole or not at all', async () => {
  const daemon = await startDaemon()
  const boss = await daemon.hire({ start: false })
  expect((await daemon.append(boss, { common_instructions: { kind: 'noop' }, individual_instructions: { value: upTo(7000) } })).last).toBe(
    7000,
  )
  let rows = 0
  const more = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      rows += 1000
      controller.enqueue(Buffer.from('{"kind":"noop","value":1}\n'.repeat(1000)))
      return new Promise((resolve) => setTimeout(resolve, 1))
    },
  })
  const upload = daemon
    .call('POST', `/v1/bosses/${boss.id}/instructions`, { body: more, headers: { 'content-type': 'application/x-ndjson' } })
    .then(
      () => 'answered',
      () => 'cut off',
    )
  await until(() => rows > 40_000, 'much of it has been sent')
  await daemon.crash()
  expect(await upload).toBe('cut off')
  const again = await startDaemon({ data: daemon.data })
  expect((await again.boss(boss)).counts.pending).toBe(7000)
  const { body } = await again.get<Page<{ id: number }>>(`/v1/bosses/${boss.id}/instructions?limit=10000`)
  expect(body.items).toHaveLength(7000)
  const { first, count } = await again.append(boss, { instructions: [{ kind: 'noop' }] })
  expect([first > 7000, count]).toEqual([true, 1])
  await again.tell(boss, 'work', { terminate: true })
  expect((await again.reportOnceOver(boss)).workers_report).toHaveLength(7001)
})
