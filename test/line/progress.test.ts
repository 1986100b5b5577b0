import { expect } from 'vitest'
import { lineTest as test, type Daemon } from '../support/daemon.js'
import type { Event } from '../support/listener.js'
import { until } from '../support/temp.js'

const outputOf = async (daemon: Daemon, boss: { id: number }, query = '') =>
  (await daemon.get<Buffer>(`/v1/bosses/${boss.id}/instructions/1/output${query}`)).body.toString()
const progressIn = (events: readonly Event[]) => events.filter(({ type }) => type === 'instruction.progress')

test('followers hear how far a task is while it runs, and no log keeps it', async ({ daemon, log }) => {
  const all = await daemon.listen('/v1/events')
  const boss = await daemon.hire({ start: false, instructions: [{ kind: 'teller', gate: log.gate('g') }], end: true })
  const path = `/v1/bosses/${boss.id}/events`
  const listener = await daemon.listen(`${path}?since=0`)
  await listener.until('instructions.appended')
  await daemon.tell(boss, 'work')
  await listener.until('instruction.progress')
  await all.until('instruction.progress', (event) => event.boss === boss.id)
  expect((await daemon.instruction(boss, 1)).status).toBe('working')
  log.open('g')
  expect(await listener.untilClosed()).toBe(1000)
  const types = listener.events.map(({ type }) => type)
  expect(types.slice(types.indexOf('instruction.started'))).toEqual([
    'instruction.started',
    'instruction.progress',
    'instruction.reported',
    'boss.over',
  ])
  const [told] = progressIn(listener.events)
  expect(told).toEqual({
    at: expect.any(String) as string,
    boss: boss.id,
    instruction: 1,
    type: 'instruction.progress',
    attempt: 1,
    value: { step: 1 },
  })
  const replay = await daemon.listen(`${path}?since=0`)
  await replay.untilClosed()
  expect(progressIn(replay.events)).toEqual([])
  expect(replay.events.map(({ seq }) => seq)).toEqual(
    listener.events.flatMap(({ type, seq }) => (type === 'instruction.progress' ? [] : [seq])),
  )
})

test('of much that a task says of its progress the newest is told', async ({ daemon, log }) => {
  const times = 20_000
  const boss = await daemon.hire({ start: false, instructions: [{ kind: 'teller', gate: log.gate('g'), times }], end: true })
  const listener = await daemon.listen(`/v1/bosses/${boss.id}/events?since=0`)
  await listener.until('instructions.appended')
  await daemon.tell(boss, 'work')
  await listener.until('instruction.progress', ({ value }) => (value as { step: number }).step === times)
  log.open('g')
  await listener.untilClosed()
  const steps = progressIn(listener.events).map(({ value }) => (value as { step: number }).step)
  expect(steps[0]).toBe(1)
  expect(steps.at(-1)).toBe(times)
  expect(steps.length).toBeLessThan(200)
  const { workers_report } = await daemon.report(boss)
  expect(workers_report[0]?.report).toEqual([
    'TypeError: progress takes what JSON can hold; this it cannot',
    expect.stringMatching(/^TypeError: .*BigInt/) as string,
    'RangeError: progress takes 16384 bytes of JSON at most; say less, or use log',
  ])
})

test('lines that a task logs are its output, while it runs and afterwards, and the last ones stand in the report of a failure', async ({
  daemon,
  log,
}) => {
  const boss = await daemon.hire({ instructions: [{ kind: 'teller', gate: log.gate('g'), fail: true }], end: true })
  const [out, first, all] = ["1 times { gate: 'string' }\n", 'a first warning\n', 'a first warning\nand the last\n']
  await until(async () => (await daemon.boss(boss)).counts.working === 1, 'it works')
  await until(async () => (await outputOf(daemon, boss, '?stream=stderr')) === first, 'it has said something')
  expect(await outputOf(daemon, boss)).toBe(out)
  const following = outputOf(daemon, boss, '?stream=stderr&follow=true')
  log.open('g')
  expect(await following).toBe(all)
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(workers_report).toMatchObject([{ outcome: 'failed', error: { message: 'as told' }, stderr_tail: all }])
  expect(await outputOf(daemon, boss)).toBe(out)
  expect(await outputOf(daemon, boss, '?stream=stderr')).toBe(all)
})
