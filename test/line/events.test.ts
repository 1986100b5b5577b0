import { once } from 'node:events'
import { expect, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { lineTest as test, startDaemon, type Daemon } from '../support/daemon.js'
import { NotUpgraded, type Event } from '../support/listener.js'
import { until } from '../support/temp.js'

const two = { limit: 'threads', max_threads: 2 }
const noops = (n: number) => ({
  common_instructions: { kind: 'noop' },
  individual_instructions: { value: Array.from({ length: n }, (_, i) => i) },
})
const seqs = (events: readonly Event[]) => events.map(({ seq }) => seq)
const typesOf = (events: readonly Event[]) => events.map(({ type }) => type)
const eventsOf = (daemon: Daemon, boss: { id: number }, since?: number) =>
  daemon.listen(`/v1/bosses/${boss.id}/events${since === undefined ? '' : `?since=${since}`}`)

test('since=0 replays everything, goes on live without a gap or a repetition, and closes when the Boss is over', async ({ daemon }) => {
  const boss = await daemon.hire({ scheduler: two, ...noops(5000) })
  await until(async () => (await daemon.boss(boss)).counts.succeeded > 500, 'there is something to replay')
  const listeners = await Promise.all([eventsOf(daemon, boss, 0), eventsOf(daemon, boss, 0)])
  await daemon.tell(boss, 'end')
  for (const listener of listeners) {
    expect(await listener.untilClosed()).toBe(1000)
    const { events } = listener
    expect(typesOf(events).slice(0, 2)).toEqual(['boss.created', 'instructions.appended'])
    expect(typesOf(events).at(-1)).toBe('boss.over')
    expect(events[1]).toMatchObject({ first: 1, last: 5000 })
    expect(seqs(events)).toEqual(seqs(events).toSorted((a, b) => a - b))
    expect(new Set(seqs(events)).size).toBe(events.length)
    const reported = events.filter(({ type }) => type === 'instruction.reported')
    expect(new Set(reported.map(({ instruction }) => instruction)).size).toBe(5000)
    expect(reported).toHaveLength(5000)
    // the events carry the entries of the report
    const entries = await daemon.entries(boss)
    expect(reported.map(({ seq, instruction, report }) => [seq, instruction, report])).toEqual(
      entries.map(({ seq, instruction, report }) => [seq, instruction, report]),
    )
  }
  expect(listeners[0]?.events).toEqual(listeners[1]?.events)
})

test('the last that a listener hears of a Boss is that it is over, however close to its end it came', async ({ daemon }) => {
  for (let round = 0; round < 15; round++) {
    const boss = await daemon.hire({ scheduler: two, ...noops(200), end: true })
    const listeners = await Promise.all(Array.from({ length: 10 }, () => eventsOf(daemon, boss, 0)))
    for (const listener of listeners) {
      expect(await listener.untilClosed()).toBe(1000)
      expect(typesOf(listener.events).at(-1)).toBe('boss.over')
    }
  }
})

test('since goes on behind any entry, also amid what was stored as one row', async ({ daemon }) => {
  const boss = await daemon.hire({ scheduler: two, ...noops(300), end: true })
  await daemon.reportOnceOver(boss)
  const whole = await eventsOf(daemon, boss, 0)
  await whole.untilClosed()
  for (const at of [1, 50, 51, 123, 250, whole.events.length - 1]) {
    const listener = await eventsOf(daemon, boss, whole.events[at - 1]?.seq)
    expect(await listener.untilClosed()).toBe(1000)
    expect(listener.events).toEqual(whole.events.slice(at))
  }
})

test('a listener that was cut off misses nothing when it comes back with the last seq it saw', async ({ daemon }) => {
  const boss = await daemon.hire({ scheduler: two, ...noops(3000) })
  const seen: Event[] = []
  for (let cut = 0; cut < 5; cut++) {
    const listener = await eventsOf(daemon, boss, seen.at(-1)?.seq ?? 0)
    await until(() => listener.events.length > 0 || seen.length > 0, 'something comes')
    listener.close()
    await listener.untilClosed()
    seen.push(...listener.events)
  }
  await daemon.tell(boss, 'end')
  const last = await eventsOf(daemon, boss, seen.at(-1)?.seq)
  await last.untilClosed()
  seen.push(...last.events)
  const whole = await eventsOf(daemon, boss, 0)
  await whole.untilClosed()
  expect(seqs(seen)).toEqual(seqs(whole.events))
})

test('a listener that does not read for a while is sent the rest when it does', async ({ daemon }) => {
  const greeting = 'x'.repeat(4000)
  const boss = await daemon.hire({
    scheduler: two,
    start: false,
    common_instructions: { kind: 'told', greeting },
    individual_instructions: { who: Array<string>(3000).fill('all') },
    end: true,
  })
  const listener = await eventsOf(daemon, boss, 0)
  listener.pause()
  await daemon.tell(boss, 'work')
  await daemon.reportOnceOver(boss)
  listener.goOn()
  expect(await listener.untilClosed()).toBe(1000)
  const reported = listener.events.filter(({ type }) => type === 'instruction.reported')
  expect(reported.map(({ seq }) => seq)).toEqual((await daemon.entries(boss)).map(({ seq }) => seq))
  expect(reported).toHaveLength(3000)
})

test('without since only what happens from now on is told', async ({ daemon, log }) => {
  const boss = await daemon.hire({ instructions: [{ kind: 'noop' }] })
  await until(async () => (await daemon.boss(boss)).counts.succeeded === 1, 'the first is reported')
  const listener = await eventsOf(daemon, boss)
  await daemon.append(boss, { instructions: [log.gated('late', 'g')] })
  await listener.until('instruction.started')
  await daemon.tell(boss, 'halt')
  await daemon.tell(boss, 'work')
  await daemon.tell(boss, 'end')
  log.open('g')
  expect(await listener.untilClosed()).toBe(1000)
  expect(typesOf(listener.events)).toEqual([
    'instructions.appended',
    'instruction.started',
    'boss.halted',
    'boss.working',
    'boss.ending',
    'instruction.reported',
    'boss.over',
  ])
  expect(listener.events.every(({ boss: id }) => id === boss.id)).toBe(true)
})

test('what is told live is what is in the report, in any script', async ({ daemon }) => {
  const boss = await daemon.hire({ scheduler: two })
  const listener = await eventsOf(daemon, boss)
  const message = 'Ünïcödé 試験 😀 \u00a0'
  await daemon.append(boss, { instructions: Array(20).fill({ kind: 'throwing', message }) })
  await daemon.tell(boss, 'end')
  expect(await listener.untilClosed()).toBe(1000)
  const reported = listener.events.filter(({ type }) => type === 'instruction.reported')
  expect(reported).toHaveLength(20)
  expect(reported[0]?.error).toMatchObject({ message })
  expect(reported.map(({ seq, error }) => [seq, error])).toEqual((await daemon.entries(boss)).map(({ seq, error }) => [seq, error]))
})

test('a listener of one Boss hears of no other, one of all hears of both and stays', async ({ daemon }) => {
  const [mine, other] = [await daemon.hire({ start: false, ...noops(50) }), await daemon.hire({ start: false, ...noops(50) })]
  const all = await daemon.listen('/v1/events')
  const one = await eventsOf(daemon, mine)
  for (const boss of [mine, other]) await daemon.tell(boss, 'work', { terminate: true })
  for (const boss of [mine, other]) await all.until('boss.over', (event) => event.boss === boss.id)
  await one.untilClosed()
  expect(new Set(one.events.map(({ boss }) => boss))).toEqual(new Set([mine.id]))
  expect(all.events.filter(({ boss }) => boss === mine.id)).toEqual(one.events)
  expect(all.events.filter(({ boss, type }) => boss === other.id && type === 'instruction.reported')).toHaveLength(50)
  expect(all.closed).toBeUndefined()
})

test('a Boss that is not there refuses its listeners before the upgrade', async ({ daemon }) => {
  const refused = daemon.listen('/v1/bosses/nobody/events')
  await expect(refused).rejects.toBeInstanceOf(NotUpgraded)
  await expect(refused).rejects.toMatchObject({ status: 404, body: { code: 'not-found' } })
  await expect(daemon.listen('/v1/events?since=now')).rejects.toMatchObject({ status: 422, body: { code: 'invalid' } })
  expect((await daemon.get('/v1/events')).status).toBe(426)
})

test('listeners are told that the daemon stops', async ({ log }) => {
  const daemon = await startDaemon()
  await daemon.hire({ instructions: [log.gated('a', 'g')] })
  await log.untilWritten('+ a')
  const listener = await daemon.listen('/v1/events?since=0')
  log.open('g')
  await daemon.stop()
  expect(await listener.untilClosed()).toBe(1001)
})

test('messages are compressed for who asks for it and is far away, and for nobody on this machine', async ({ daemon }) => {
  const boss = await daemon.hire({ scheduler: two, ...noops(2000), end: true })
  await daemon.reportOnceOver(boss)
  /** @returns the extensions that were agreed upon, the bytes that came, and the events. */
  const hear = async (headers: Record<string, string>) => {
    const socket = new WebSocket(`${daemon.url.replace('http', 'ws')}/v1/bosses/${boss.id}/events?since=0`, { headers })
    onTestFinished(() => socket.terminate())
    const events: Event[] = []
    socket.on('message', (data: Buffer) => events.push(...(JSON.parse(data.toString()) as Event[])))
    const [upgraded] = (await once(socket, 'upgrade')) as [{ socket: { bytesRead: number } }]
    await once(socket, 'close')
    return { extensions: socket.extensions, bytes: upgraded.socket.bytesRead, events }
  }
  const near = await hear({})
  const far = await hear({ 'x-forwarded-for': '192.0.2.7' })
  expect(near.extensions).toBe('')
  expect(far.extensions).toBe('permessage-deflate')
  expect(far.events).toEqual(near.events)
  expect(far.bytes * 5).toBeLessThan(near.bytes)
})

test('brief events say of every report when, where and how it ended, live and out of the log, many as one and none twice', async ({
  daemon,
}) => {
  const boss = await daemon.hire({ scheduler: two, start: false })
  const live = await daemon.listen(`/v1/bosses/${boss.id}/events?since=0&brief=true`)
  await daemon.append(boss, noops(2000))
  await daemon.append(boss, {
    instructions: [
      { kind: 'sleeper', sleeping_time: 0.05, name: 'a,"report":b' },
      { kind: 'command', program: 'sh', args: ['-c', 'echo ,\\"attempt\\":7; exit 3'] },
    ],
  })
  await daemon.tell(boss, 'work', { terminate: true })
  expect(await live.untilClosed()).toBe(1000)
  const replayed = await daemon.listen(`/v1/bosses/${boss.id}/events?since=0&brief=true`)
  expect(await replayed.untilClosed()).toBe(1000)
  const entries = await daemon.entries(boss)
  for (const { events } of [live, replayed]) {
    const briefly = events.filter(({ type }) => type === 'instructions.reported')
    const sum = (member: string) => briefly.reduce((total, event) => total + Number(event[member]), 0)
    expect([sum('n'), sum('succeeded'), sum('failed'), sum('cancelled')]).toEqual([2002, 2001, 1, 0])
    expect(briefly.length).toBeLessThan(500)
    expect(seqs(events)).toEqual(seqs(events).toSorted((a, b) => Number(a) - Number(b)))
    for (const { seq, first, last, name, kind, started_at, finished_at, cpus, usage } of briefly) {
      const begin = entries.find(({ instruction }) => instruction === first)
      const end = entries.find((entry) => entry.seq === seq)
      expect({ name, kind, started_at }).toEqual({ name: begin?.name, kind: begin?.kind, started_at: begin?.started_at })
      expect({ last, finished_at, cpus, usage }).toEqual({
        ...{ last: end?.instruction, finished_at: end?.finished_at, cpus: end?.cpus, usage: end?.usage },
      })
    }
  }
  const failed = await daemon.listen(`/v1/bosses/${boss.id}/events?since=0&brief=true&outcome=failed`)
  expect(await failed.untilClosed()).toBe(1000)
  expect(failed.events.filter(({ type }) => type.includes('reported'))).toMatchObject([
    { type: 'instruction.reported', kind: 'command', exit_code: 3 },
  ])
  const briefly = live.events.filter(({ type }) => type === 'instructions.reported')
  expect(briefly.find(({ failed }) => failed === 1)).toMatchObject({ n: 1, kind: 'command', cause: 'exit', attempt: 1 })
  expect(briefly.some(({ name }) => name === 'a,"report":b')).toBe(true)
  expect(briefly.every((event) => !('report' in event))).toBe(true)
})

test('last begins with so many entries of the log, and tells of a gap for what is behind since and before them', async ({ daemon }) => {
  const boss = await daemon.hire({ scheduler: two, ...noops(300), end: true })
  await daemon.reportOnceOver(boss)
  const whole = await eventsOf(daemon, boss, 0)
  await whole.untilClosed()
  const of = async (query: string) => {
    const listener = await daemon.listen(`/v1/bosses/${boss.id}/events?${query}`)
    await listener.untilClosed()
    return listener.events
  }
  expect(await of('last=20')).toEqual(whole.events.slice(-20))
  expect(await of(`since=${whole.events.at(-5)?.seq}&last=20`)).toEqual(whole.events.slice(-4))
  const since = whole.events[9]?.seq ?? 0
  const from = whole.events.at(-20)?.seq ?? 0
  const [gap, ...others] = await of(`since=${since}&last=20`)
  expect(gap).toMatchObject({ type: 'gap', from: since + 1, to: from - 1 })
  expect(others).toEqual(whole.events.slice(-20))
})
