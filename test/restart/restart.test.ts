import { expect, test } from 'vitest'
import { startDaemon, startInVain, testKinds, type Problem } from '../support/daemon.js'
import { Logbook } from '../support/logbook.js'
import { tempDir, until } from '../support/temp.js'

const one = { limit: 'threads', max_threads: 1 }

test('after SIGTERM nothing new starts, what ends within the grace is reported, and the next start goes on', async () => {
  const log = new Logbook(tempDir())
  const daemon = await startDaemon()
  const { data } = daemon
  const boss = await daemon.hire({
    name: 'evening',
    scheduler: one,
    instructions: [log.program('short', 'g'), log.program('next', 'g')],
    end: true,
  })
  await log.untilWritten('+ short')
  const stopped = daemon.stop()
  await until(async () => (await fetch(`${daemon.url}/readyz`).catch(() => undefined))?.status !== 200, 'it goes down')
  log.open('g')
  await stopped
  expect(log.lines).toEqual(['+ short', '- short'])
  const again = await startDaemon({ data })
  const { status, workers_report } = await again.reportOnceOver('evening')
  expect(status).toBe('finished')
  expect(workers_report).toMatchObject([
    { name: 'short', outcome: 'succeeded', attempt: 1 },
    { name: 'next', outcome: 'succeeded', attempt: 1 },
  ])
  expect(log.begun).toEqual(['short', 'next'])
  expect((await again.boss(boss)).counts).toEqual({ pending: 0, working: 0, succeeded: 2, failed: 0, cancelled: 0 })
})

test('what outlasts the grace is ended, and runs again after the next start', async () => {
  const log = new Logbook(tempDir())
  const daemon = await startDaemon({ args: ['--grace', '0'] })
  const boss = await daemon.hire({ scheduler: one, instructions: [log.program('long', 'g')], end: true })
  await log.untilWritten('+ long')
  await daemon.stop()
  log.open('g')
  const again = await startDaemon({ data: daemon.data })
  expect((await again.reportOnceOver(boss)).workers_report).toMatchObject([{ outcome: 'succeeded', attempt: 2 }])
})

test('a second signal ends the daemon before the grace is over', async () => {
  const log = new Logbook(tempDir())
  const daemon = await startDaemon({ args: ['--grace', '3600'] })
  await daemon.hire({ instructions: [log.program('deaf', 'never', "trap '' TERM")] })
  await log.untilWritten('+ deaf')
  daemon.kill('SIGTERM')
  await until(async () => (await fetch(`${daemon.url}/readyz`).catch(() => undefined))?.status !== 200, 'it goes down')
  await daemon.stop()
})

test('names of instructions are taken and free after a start as they were before', async () => {
  const daemon = await startDaemon()
  const boss = await daemon.hire({ start: false })
  await daemon.append(boss, { instructions: [{ kind: 'noop', name: 'taken' }] })
  await daemon.crash()
  const again = await startDaemon({ data: daemon.data })
  const path = `/v1/bosses/${boss.id}/instructions`
  expect((await again.post<Problem>(path, { instructions: [{ kind: 'noop', name: 'taken' }] })).body.code).toBe('name-taken')
  await again.append(boss, { instructions: [{ kind: 'noop', name: 'free' }] })
})

test('halted, ending and stopping outlive a restart', async () => {
  const log = new Logbook(tempDir())
  const daemon = await startDaemon({ args: ['--slots', '4'] })
  const rows = (name: string) => ({ scheduler: one, name, instructions: [log.gated(`${name}1`, name), log.gated(`${name}2`, name)] })
  await daemon.hire({ ...rows('halted'), start: false })
  await daemon.hire({ ...rows('stuck'), start: false, end: true })
  await daemon.hire({ ...rows('ending'), end: true })
  await daemon.hire(rows('stopping'))
  await log.untilWritten('+ stopping1')
  await until(async () => (await daemon.boss('stopping')).counts.working === 1, 'it is known to work')
  expect(await daemon.tell('stopping', 'stop')).toMatchObject({ status: 'stopping' })
  await daemon.crash()
  const again = await startDaemon({ data: daemon.data })
  expect(await again.boss('halted')).toMatchObject({ status: 'halted', halted: true, ending: false, counts: { pending: 2 } })
  expect(await again.boss('stuck')).toMatchObject({ halted: true, ending: true, counts: { pending: 2 } })
  expect(await again.boss('ending')).toMatchObject({ status: 'ending', ending: true })
  for (const name of ['halted', 'stuck', 'ending']) log.open(name)
  expect((await again.reportOnceOver('ending')).status).toBe('finished')
  // what a stopping Boss ran was lost with the daemon, and nothing starts there any more
  expect(await again.reportOnceOver('stopping')).toMatchObject({ status: 'pending', pending: 2, workers_report: [] })
  for (const name of ['halted', 'stuck']) {
    await again.tell(name, 'work', { terminate: true })
    expect((await again.reportOnceOver(name)).workers_report).toHaveLength(2)
  }
  expect(log.begun.filter((name) => name.startsWith('stopping'))).toEqual(['stopping1'])
})

test('what is over stays as it was: report, output, events and ids', async () => {
  const daemon = await startDaemon()
  const boss = await daemon.hire({
    name: 'over',
    instructions: [{ kind: 'command', program: 'seq', args: ['1', '5000'] }, { kind: 'throwing' }],
    end: true,
  })
  const report = await daemon.reportOnceOver(boss)
  const listener = await daemon.listen(`/v1/bosses/${boss.id}/events?since=0`)
  await listener.untilClosed()
  const document = await daemon.boss(boss)
  await daemon.crash()
  const again = await startDaemon({ data: daemon.data })
  expect(await again.report(boss)).toEqual(report)
  expect(await again.boss('over')).toEqual(document)
  const { body } = await again.get<Buffer>(`/v1/bosses/${boss.id}/instructions/1/output`)
  expect(body.toString().split('\n')).toHaveLength(5001)
  const replay = await again.listen(`/v1/bosses/${boss.id}/events?since=0`)
  await replay.untilClosed()
  expect(replay.events).toEqual(listener.events)
  const next = await again.hire({ end: true })
  expect(next.id).toBe(boss.id + 1)
})

test('a second daemon on the same directory is refused and told who holds it', async () => {
  const daemon = await startDaemon()
  const { code, message } = await startInVain({ data: daemon.data })
  expect(code).not.toBe(0)
  expect(message).toContain(String(daemon.pid))
  // the first one is unharmed
  const boss = await daemon.hire({ instructions: [{ kind: 'noop' }], end: true })
  expect((await daemon.reportOnceOver(boss)).status).toBe('finished')
})

test('instructions whose plugin is gone after a restart fail with a cause that says so', async () => {
  const daemon = await startDaemon({ plugins: testKinds })
  const rows = [{ kind: 'noop' }, { kind: 'noop' }, { kind: 'sleeper', sleeping_time: 0 }]
  const boss = await daemon.hire({ start: false, instructions: rows })
  await daemon.stop()
  const again = await startDaemon({ data: daemon.data, plugins: tempDir() })
  await again.tell(boss, 'work', { terminate: true })
  const { status, workers_report } = await again.reportOnceOver(boss)
  expect(status).toBe('finished')
  const ends = Object.fromEntries(workers_report.map((entry) => [entry.instruction, entry]))
  for (const id of [1, 2])
    expect(ends[id]).toMatchObject({
      name: `noop-${id}`,
      outcome: 'failed',
      cause: 'start',
      error: { message: expect.stringContaining('"noop"') as string },
    })
  expect(ends[3]).toMatchObject({ outcome: 'succeeded' })
})
