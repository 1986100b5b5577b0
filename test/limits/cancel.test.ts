import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { InstructionDocument } from '../../src/boss/instruction-document.js'
import { lineTest as test, startDaemon, type Problem } from '../support/daemon.js'
import { Logbook } from '../support/logbook.js'
import { processesWith } from '../support/processes.js'
import { tempDir, until } from '../support/temp.js'

const one = { limit: 'threads', max_threads: 1 }

test('what waits is cancelled at once, in the queue or ahead at a worker; what has ended is not', async ({ daemon, log }) => {
  const listener = await daemon.listen('/v1/events')
  const boss = await daemon.hire({ scheduler: one, instructions: ['a', 'b', 'c', 'd'].map((name) => log.gated(name, 'g')) })
  await log.untilWritten('+ a')
  for (const id of [2, 4]) {
    const { status, body } = await daemon.call('DELETE', `/v1/bosses/${boss.id}/instructions/${id}?reason=wrong%20file`)
    expect([status, body]).toMatchObject([
      200,
      { id, status: 'cancelled', attempts: [{ cause: 'requested', error: { type: 'Cancelled', message: 'wrong file' } }] },
    ])
  }
  log.open('g')
  await daemon.tell(boss, 'end')
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(workers_report.map(({ name, outcome, started_at }) => [name, outcome, started_at === null])).toEqual([
    ['b', 'cancelled', true],
    ['d', 'cancelled', true],
    ['a', 'succeeded', false],
    ['c', 'succeeded', false],
  ])
  expect(log.begun).toEqual(['a', 'c'])
  for (const id of [1, 2]) {
    expect(await daemon.call('DELETE', `/v1/bosses/${boss.id}/instructions/${id}`)).toMatchObject({
      status: 409,
      body: { code: 'already-done' },
    })
  }
  expect(await daemon.call('DELETE', `/v1/bosses/${boss.id}/instructions/99`)).toMatchObject({ status: 404 })
  await listener.until('boss.over', (event) => event.boss === boss.id)
  const told = listener.events.filter((event) => event.boss === boss.id && event.type === 'instruction.cancelled')
  expect(told).toMatchObject([
    { instruction: 2, reason: 'wrong file' },
    { instruction: 4, reason: 'wrong file' },
  ])
})

test('several who cancel the same instruction at a worker are all answered when it has come back', async ({ daemon, log }) => {
  const boss = await daemon.hire({ scheduler: one, instructions: ['a', 'b', 'c'].map((name) => log.gated(name, 'g')) })
  await log.untilWritten('+ a')
  const statuses = await Promise.all(
    Array.from({ length: 8 }, async () => (await daemon.call('DELETE', `/v1/bosses/${boss.id}/instructions/2`)).status),
  )
  // who comes late finds it ended; nobody is told that it will end some day
  expect(statuses.filter((status) => status !== 409)).not.toEqual([])
  expect(new Set(statuses.filter((status) => status !== 409))).toEqual(new Set([200]))
  log.open('g')
  await daemon.tell(boss, 'end')
  await daemon.reportOnceOver(boss)
  expect(log.begun).toEqual(['a', 'c'])
})

test('what runs is told to end and is reported as cancelled with the reason; its neighbours go on', async ({ daemon, log }) => {
  const boss = await daemon.hire({
    scheduler: { limit: 'threads', max_threads: 3 },
    instructions: [log.gated('task', 'never'), log.program('program', 'never'), log.gated('other', 'g')],
    end: true,
  })
  for (const name of ['task', 'program', 'other']) await log.untilWritten(`+ ${name}`)
  await until(async () => (await daemon.boss(boss)).counts.working === 3, 'all work')
  for (const id of [1, 2]) {
    expect(await daemon.call('DELETE', `/v1/bosses/${boss.id}/instructions/${id}?reason=enough`)).toMatchObject({
      status: 202,
      body: { id },
    })
  }
  await until(async () => (await daemon.boss(boss)).counts.cancelled === 2, 'both end')
  log.open('g')
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(workers_report.map(({ name, outcome, cause, error }) => [name, outcome, cause, error?.message])).toEqual(
    expect.arrayContaining([
      ['task', 'cancelled', 'requested', 'enough'],
      ['program', 'cancelled', 'requested', 'enough'],
      ['other', 'succeeded', undefined, undefined],
    ]),
  )
})

test('what ends by itself before its worker hears of the cancel is not said to be cancelled', async ({ daemon }) => {
  const wrong: unknown[] = []
  for (let round = 0; round < 15; round++) {
    const boss = await daemon.hire({ scheduler: one, instructions: Array.from({ length: 20 }, () => ({ kind: 'noop' })), end: true })
    const cancel = (id: number) => daemon.call<InstructionDocument>('DELETE', `/v1/bosses/${boss.id}/instructions/${id}`)
    const answers = await Promise.all([5, 10, 15, 20].map(cancel))
    const { workers_report } = await daemon.reportOnceOver(boss)
    for (const { status, body } of answers) {
      if (status === 200 ? body.status !== 'cancelled' : status === 409 && (body as unknown as Problem).code !== 'already-done')
        wrong.push(body)
      if (status === 200) expect(workers_report).toContainEqual(expect.objectContaining({ instruction: body.id, outcome: 'cancelled' }))
    }
  }
  expect(wrong).toEqual([])
})

test('a program that is cancelled is gone with all that it started, also what left its group, its session and its parent', async ({
  daemon,
  dir,
  log,
}) => {
  const lasting = join(dir, 'lasting')
  symlinkSync('/bin/sleep', lasting)
  const spread = `trap '' TERM HUP
setsid ${lasting} 600 & ( setsid ${lasting} 600 & ) ; ( setsid sh -c '( ${lasting} 600 & )' & )`
  const boss = await daemon.hire({ instructions: [{ ...log.program('it', 'never', spread), grace: 0.05 }], end: true })
  await until(() => processesWith(`${lasting}\0`).length >= 3, 'it has spread')
  expect(await daemon.call('DELETE', `/v1/bosses/${boss.id}/instructions/1`)).toMatchObject({ status: 202 })
  await daemon.reportOnceOver(boss)
  await until(() => processesWith(`${lasting}\0`).length === 0, 'all of it is gone')
})

test('a task that blocks its process is cancelled by the end of its process', async ({ daemon, log }) => {
  const boss = await daemon.hire({ instructions: [{ kind: 'busy', name: 'busy', log: log.file, grace: 0 }], end: true })
  await log.untilWritten('+ busy')
  const { status } = await daemon.call('DELETE', `/v1/bosses/${boss.id}/instructions/1?reason=stuck`)
  expect(status).toBe(202)
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(workers_report).toMatchObject([{ outcome: 'cancelled', cause: 'requested', error: { message: 'stuck' } }])
})

test('many are cancelled by a filter, all without one', async ({ daemon, log }) => {
  const boss = await daemon.hire({
    scheduler: one,
    common_instructions: { kind: 'noop' },
    individual_instructions: { value: Array.from({ length: 3_000 }, (_, value) => value) },
    start: false,
  })
  await daemon.append(boss, { instructions: [{ ...log.gated('running', 'never'), priority: 1 }, log.gated('waiting', 'never')] })
  expect(await daemon.call('DELETE', `/v1/bosses/${boss.id}/instructions?status=pending&kind=noop`)).toMatchObject({
    status: 200,
    body: { cancelled: 3_000 },
  })
  await daemon.tell(boss, 'work')
  await log.untilWritten('+ running')
  expect((await daemon.boss(boss)).counts).toMatchObject({ cancelled: 3_000 })
  expect(await daemon.call('DELETE', `/v1/bosses/${boss.id}/instructions`)).toMatchObject({ status: 200, body: { cancelled: 2 } })
  await daemon.tell(boss, 'end')
  await daemon.reportOnceOver(boss)
  expect((await daemon.boss(boss)).counts).toEqual({ pending: 0, working: 0, succeeded: 0, failed: 0, cancelled: 3_002 })
  expect(await daemon.call('DELETE', `/v1/bosses/${boss.id}/instructions`)).toMatchObject({ status: 200, body: { cancelled: 0 } })
})

test('what was cancelled while it ran is not run again when the daemon crashes before it has ended', async () => {
  const dir = tempDir()
  const data = join(dir, 'data')
  const log = new Logbook(dir)
  const first = await startDaemon({ data })
  const row = { ...log.program('deaf', 'g', 'trap "" TERM'), grace: 3600 }
  const boss = await first.hire({ scheduler: one, instructions: [row, log.gated('next', 'h')], end: true })
  await log.untilWritten('+ deaf')
  expect(await first.call('DELETE', `/v1/bosses/${boss.id}/instructions/1?reason=no%20more`)).toMatchObject({ status: 202 })
  await first.crash()
  for (const gate of ['g', 'h']) log.open(gate)
  const second = await startDaemon({ data })
  const { workers_report } = await second.reportOnceOver(boss)
  expect(workers_report).toMatchObject([
    { name: 'deaf', outcome: 'cancelled', cause: 'requested', error: { message: 'no more' } },
    { name: 'next', outcome: 'succeeded' },
  ])
  expect(log.begun).toEqual(['deaf', 'next'])
})

test('the priority of what waits can be changed, of one or of many, also ahead at a worker', async ({ daemon, log }) => {
  const boss = await daemon.hire({
    scheduler: one,
    instructions: ['a', 'b', 'c', 'd', 'e'].map((name) => log.gated(name, name)),
    end: true,
  })
  await log.untilWritten('+ a')
  const patched = await daemon.call('PATCH', `/v1/bosses/${boss.id}/instructions/4`, { json: { priority: 7 } })
  expect(patched).toMatchObject({ status: 200, body: { id: 4, priority: 7 } })
  expect(await daemon.call('PATCH', `/v1/bosses/${boss.id}/instructions?name=b`, { json: { priority: -1 } })).toMatchObject({
    status: 200,
    body: { changed: 1 },
  })
  for (const name of ['a', 'b', 'c', 'd', 'e']) log.open(name)
  await daemon.reportOnceOver(boss)
  expect(log.begun).toEqual(['a', 'd', 'c', 'e', 'b'])
  expect(await daemon.call('PATCH', `/v1/bosses/${boss.id}/instructions/4`, { json: { priority: 1 } })).toMatchObject({
    status: 409,
    body: { code: 'already-done' },
  })
})
