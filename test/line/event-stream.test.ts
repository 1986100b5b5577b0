import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { expect, onTestFinished } from 'vitest'
import { lineTest as test, type Daemon, type Problem } from '../support/daemon.js'
import type { Event } from '../support/listener.js'
import { until } from '../support/temp.js'

/** A reader of server-sent events, as a browser is one: messages are parted by empty lines, and comments are not heard. */
class Stream {
  readonly events: Event[] = []
  readonly ids: (string | undefined)[] = []
  comments = 0
  ended = false
  private rest = ''

  private constructor(readonly response: IncomingMessage) {
    response.setEncoding('utf8')
    response.on('data', (text: string) => this.hear(text))
    response.on('close', () => (this.ended = true))
    onTestFinished(() => void response.destroy())
  }

  static async open(daemon: Daemon, path: string, headers: Record<string, string> = {}): Promise<Stream> {
    const asked = get(`${daemon.url}${path}`, { headers: { accept: 'text/event-stream', ...headers } })
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    return new Stream(response)
  }

  /** @returns how it was answered and what it was told, once it has ended. */
  async untilEnded(): Promise<Event[]> {
    await until(() => this.ended, 'the stream ends')
    return this.events
  }

  private hear(text: string): void {
    const messages = (this.rest + text).split('\n\n')
    this.rest = messages.pop() ?? ''
    for (const message of messages) {
      const lines = message.split('\n')
      if (lines.every((line) => line.startsWith(':'))) this.comments++
      const data = lines.find((line) => line.startsWith('data: '))
      if (data === undefined) continue
      this.events.push(JSON.parse(data.slice(6)) as Event)
      this.ids.push(lines.find((line) => line.startsWith('id: '))?.slice(4))
    }
  }
}

const two = { limit: 'threads', max_threads: 2 }
const noops = (n: number) => ({
  scheduler: two,
  common_instructions: { kind: 'noop' },
  individual_instructions: { value: Array<number>(n).fill(1) },
})
const typesOf = (events: readonly Event[]) => events.map(({ type }) => type)

test('a stream has what the socket has, each event with its seq as id, and ends when the Boss is over', async ({ daemon }) => {
  const boss = await daemon.hire(noops(3000))
  const path = `/v1/bosses/${boss.id}/events?since=0`
  const [stream, listener] = await Promise.all([Stream.open(daemon, path), daemon.listen(path)])
  expect(stream.response.headers).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  await daemon.tell(boss, 'end')
  const events = await stream.untilEnded()
  await listener.untilClosed()
  expect(events.filter(({ seq }) => seq)).toEqual(listener.events)
  expect(typesOf(events).at(-1)).toBe('boss.over')
  expect(stream.ids).toEqual(events.map(({ seq }) => String(seq)))
  expect(stream.comments).toBeGreaterThan(0)
})

test('who comes again goes on behind Last-Event-ID, whatever its address says; behind the end there is 204', async ({ daemon }) => {
  const boss = await daemon.hire({ ...noops(20), end: true })
  await daemon.reportOnceOver(boss)
  const path = `/v1/bosses/${boss.id}/events?since=0`
  const whole = await (await Stream.open(daemon, path)).untilEnded()
  const at = whole[9]?.seq
  const rest = await (await Stream.open(daemon, path, { 'last-event-id': String(at) })).untilEnded()
  expect(rest).toEqual(whole.slice(10))
  const done = await Stream.open(daemon, path, { 'last-event-id': String(whole.at(-1)?.seq) })
  expect(done.response.statusCode).toBe(204)
  const { status, body } = await daemon.call<Problem>('GET', path, { headers: { accept: 'text/event-stream', 'last-event-id': 'x' } })
  expect([status, body.code]).toEqual([422, 'invalid'])
})

test('only what is asked for is told: of Bosses, of kinds, of outcomes; live and replayed alike', async ({ daemon }) => {
  const row = (kind: string, more = {}) => ({ kind, ...more })
  const mixed = await daemon.hire({
    scheduler: two,
    start: false,
    instructions: [
      row('noop', { value: 1, name: ',"kind":"command"' }),
      row('command', { program: 'true' }),
      row('command', { program: 'false' }),
    ],
    end: true,
  })
  const other = await daemon.hire({ ...noops(2), start: false, end: true })
  const paths = {
    kind: `/v1/bosses/${mixed.id}/events?since=0&kind=command`,
    both: `/v1/bosses/${mixed.id}/events?since=0&kind=command,noop&outcome=failed`,
    house: `/v1/events?since=0&boss=${other.id}&outcome=succeeded,cancelled`,
  }
  const live = {
    kind: await Stream.open(daemon, paths.kind),
    both: await Stream.open(daemon, paths.both),
    house: await daemon.listen(paths.house),
  }
  for (const boss of [mixed, other]) await daemon.tell(boss, 'work')
  await daemon.reportOnceOver(other)
  const kind = await live.kind.untilEnded()
  const both = await live.both.untilEnded()
  const told = (events: readonly Event[]) =>
    events.filter(({ type }) => type === 'instruction.reported').map(({ kind, outcome }) => `${String(kind)} ${String(outcome)}`)
  expect(told(kind).toSorted((a, b) => a.localeCompare(b))).toEqual(['command failed', 'command succeeded'])
  expect(told(both)).toEqual(['command failed'])
  expect(typesOf(both)).toEqual([
    'boss.created',
    'instructions.appended',
    'boss.ending',
    'boss.working',
    'instruction.reported',
    'boss.over',
  ])
  await until(() => typesOf(live.house.events).includes('boss.over'), 'the other Boss is over')
  expect(new Set(live.house.events.map(({ boss }) => boss))).toEqual(new Set([other.id]))
  expect(told(live.house.events)).toEqual(['noop succeeded', 'noop succeeded'])
  // and again, out of the store
  expect(await (await Stream.open(daemon, paths.kind)).untilEnded()).toEqual(kind)
  expect(await (await Stream.open(daemon, paths.both)).untilEnded()).toEqual(both)
})

test('a filter that is none is refused before there is a stream', async ({ daemon }) => {
  const headers = { accept: 'text/event-stream' }
  for (const query of ['outcome=lost', 'kind=', 'since=-1'])
    expect((await daemon.call('GET', `/v1/events?${query}`, { headers })).status).toBe(422)
  expect((await daemon.call('GET', '/v1/events?boss=nobody', { headers })).status).toBe(404)
})

test('streams end when the daemon goes down', async ({ daemon }) => {
  const stream = await Stream.open(daemon, '/v1/events')
  await daemon.stop()
  expect(await stream.untilEnded()).toEqual([])
})
