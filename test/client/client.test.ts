import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { Client, Refused, Unreachable } from '../../src/client/client.js'
import { lineTest, startDaemon } from '../support/daemon.js'
import { startProxy } from '../support/proxy.js'
import { stranger } from '../support/breaches.js'

const noops = (n: number) => Array.from({ length: n }, (_, value) => ({ kind: 'noop', value }))

/** The address of what listens and is no daemon. */
function strangerAt(server: Server): string {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  stranger(url)
  return url
}

/** All that comes, with what is done at each. */
async function all<T>(coming: AsyncIterable<T>, at: (one: T) => void = () => undefined): Promise<T[]> {
  const came: T[] = []
  for await (const one of coming) {
    came.push(one)
    at(one)
  }
  return came
}

test('src/client/api.ts is what openapi.yaml says; `npm run openapi` writes it anew', async () => {
  const script = fileURLToPath(new URL('../../scripts/client-api.mjs', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--print'], { maxBuffer: 2 ** 26 })
  expect(readFileSync(new URL('../../src/client/api.ts', import.meta.url), 'utf8')).toBe(stdout)
})

lineTest('a Boss is made, given rows one by one, waited for, and its report read', async ({ daemon }) => {
  const client = new Client(`${daemon.url}/`)
  const boss = await client.create({ name: 'rows' })
  async function* rows() {
    yield* noops(3000)
  }
  expect(await client.append('rows', rows())).toEqual({ count: 3000, first: 1, last: 3000 })
  const waited = client.wait(boss.id)
  await client.api.POST('/v1/bosses/{boss}/end', { params: { path: { boss: 'rows' } } })
  expect(await waited).toMatchObject({ id: boss.id, status: 'finished', counts: { succeeded: 3000 } })
  const entries = (await all(client.reportLines('rows'))).map((line) => JSON.parse(line) as { report: number })
  expect(entries.map(({ report }) => report).toSorted((a, b) => a - b)).toEqual(noops(3000).map(({ value }) => value))
})

lineTest('what the daemon refuses is thrown with its code and facts, whichever way it is asked', async ({ daemon }) => {
  const client = new Client(daemon.url)
  await expect(client.boss('nobody')).rejects.toMatchObject({ name: 'Refused', status: 404, code: 'not-found' })
  await expect(client.wait('nobody')).rejects.toThrow(Refused)
  await expect(client.follow('nobody').next()).rejects.toThrow(Refused)
  await expect(client.reportLines('nobody').next()).rejects.toThrow(Refused)
  const { id } = await client.create({ end: false })
  const bad = [...noops(20_000), { kind: 'nonesuch' }, ...noops(200_000)]
  await expect(client.append(id, bad)).rejects.toMatchObject({ status: 422, code: 'no-adequate-worker', facts: { row: 20_001 } })
  // as from a connection that the rows come by
  const torn = Object.assign(new Error('torn'), { code: 'ECONNRESET' })
  const tearing = async function* () {
    yield* noops(5000)
    throw torn
  }
  await expect(client.append(id, tearing())).rejects.toBe(torn)
  await client.api.POST('/v1/bosses/{boss}/end', { params: { path: { boss: String(id) } } })
  expect(await client.wait(id)).toMatchObject({ counts: { pending: 0, succeeded: 0 } })
})

lineTest('whoever waits is told by its signal that it took too long, or that the Boss can never be over', async ({ daemon }) => {
  const client = new Client(daemon.url)
  const { id } = await client.create({ start: false, instructions: noops(1) })
  await expect(client.wait(id, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ name: 'TimeoutError' })
  await expect(all(client.follow(id, { signal: AbortSignal.timeout(50) }))).rejects.toMatchObject({ name: 'TimeoutError' })
  await client.api.POST('/v1/bosses/{boss}/end', { params: { path: { boss: String(id) } } })
  await expect(client.wait(id)).rejects.toMatchObject({ code: 'boss-halted' })
  await client.api.POST('/v1/bosses/{boss}/work', { params: { path: { boss: String(id) } } })
  expect((await client.wait(id)).status).toBe('finished')
})

lineTest('events go on where they were each time that the connection is cut', async ({ daemon }) => {
  const proxy = await startProxy(daemon.url)
  const client = new Client(proxy.url)
  const { id } = await client.create({ instructions: noops(4000), end: true })
  let heard = 0
  const events = await all(client.follow(id), () => {
    if (++heard % 1500 === 0) proxy.cut()
  })
  const direct = await all(new Client(daemon.url).follow(id))
  expect(events).toEqual(direct)
  expect(new Set(events.filter(({ type }) => type === 'instruction.reported').map(({ instruction }) => instruction)).size).toBe(4000)
  expect(events.at(-1)?.type).toBe('boss.over')
  expect(proxy.count()).toBeGreaterThan(2)
})

lineTest('who reads slowly misses nothing, and holds no more than it can read', async ({ daemon }) => {
  const client = new Client(daemon.url)
  const { id } = await client.create({ instructions: noops(30_000), end: true })
  await client.wait(id)
  const seen: number[] = []
  for await (const { seq = 0 } of client.follow(id)) {
    if (seen.push(seq) % 5000 === 0) await new Promise((resolve) => setTimeout(resolve, 100))
  }
  expect(seen).toEqual(seen.toSorted((a, b) => a - b))
  expect(seen.length).toBeGreaterThanOrEqual(30_000)
})

lineTest('a Boss is made once, also when the connection is cut before the answer', async ({ daemon }) => {
  const proxy = await startProxy(daemon.url)
  proxy.mute()
  const making = new Client(proxy.url).create({ name: 'once', end: true, instructions: noops(2) })
  await expect.poll(async () => (await daemon.get('/v1/bosses/once')).status).toBe(200)
  proxy.cut()
  const made = await making
  const { body } = await daemon.get<{ items: { id: number; name?: string }[] }>('/v1/bosses')
  expect(body.items.filter(({ name }) => name === 'once').map(({ id }) => id)).toEqual([made.id])
})

lineTest('rows are appended once, also when the connection is cut amid them or before the answer', async ({ daemon }) => {
  const proxy = await startProxy(daemon.url)
  const client = new Client(proxy.url)
  const { id } = await daemon.hire({ start: false })
  proxy.mute()
  const appending = client.append(id, noops(3))
  await expect.poll(async () => (await daemon.boss(id)).counts.pending).toBe(3)
  proxy.cut()
  expect(await appending).toEqual({ count: 3, first: 1, last: 3 })
  async function* cutAfter(sent: number, rows: readonly object[]) {
    yield* rows.slice(0, sent)
    await expect.poll(() => proxy.said().length).toBeGreaterThan(60_000)
    proxy.cut()
    yield* rows.slice(sent)
  }
  expect(await client.append(id, cutAfter(3000, noops(4000)))).toEqual({ count: 4000, first: 4, last: 4003 })
  const large = noops(20).map((row) => ({ ...row, text: 'x'.repeat(2 ** 20) }))
  await expect(client.append(id, cutAfter(19, large))).rejects.toThrow(Unreachable)
  expect((await daemon.boss(id)).counts.pending).toBe(4003)
  await daemon.tell(id, 'stop')
})

lineTest(
  'a signal is given once and what failed is given again once, also when the connection is cut before the answer',
  async ({ daemon }) => {
    const proxy = await startProxy(daemon.url)
    const { api } = new Client(proxy.url)
    const { id } = await daemon.hire({ instructions: [{ kind: 'throwing' }] })
    const params = { path: { boss: String(id) } }
    await expect.poll(async () => (await daemon.boss(id)).counts.failed).toBe(1)
    proxy.mute()
    const retrying = api.POST('/v1/bosses/{boss}/retry', { params })
    await expect.poll(async () => (await daemon.boss(id)).counts.failed).toBe(2)
    proxy.cut()
    expect((await retrying).data).toEqual({ count: 1, first: 2, last: 2 })
    proxy.mute()
    const halting = api.POST('/v1/bosses/{boss}/halt', { params })
    await expect.poll(async () => (await daemon.boss(id)).halted).toBe(true)
    await daemon.tell(id, 'work')
    proxy.cut()
    expect((await halting).data).toMatchObject({ halted: true })
    expect(await daemon.boss(id)).toMatchObject({ halted: false })
    await daemon.tell(id, 'end')
  },
)

lineTest('a wait goes on when its connection is cut', async ({ daemon, log }) => {
  const proxy = await startProxy(daemon.url)
  const client = new Client(proxy.url)
  const { id } = await client.create({ instructions: [log.program('a', 'gate')], end: true })
  await log.untilWritten('+ a')
  const waiting = client.wait(id)
  await expect.poll(proxy.said).toMatch(/^prefer: wait=/im)
  proxy.cut()
  log.open('gate')
  expect((await waiting).status).toBe('finished')
})

test('whoever waits for a Boss or follows it bears that the daemon starts anew', async () => {
  const daemon = await startDaemon()
  const proxy = await startProxy(daemon.url)
  const client = new Client(proxy.url)
  const { id } = await client.create({ start: false, instructions: noops(10) })
  const patience = { awayMs: 60_000 }
  const over = Promise.all([client.wait(id, patience), all(client.follow(id, patience))])
  await expect.poll(proxy.said).toMatch(/^prefer: wait=/im)
  await expect.poll(proxy.said).toMatch(/^upgrade: websocket/im)
  await daemon.stop()
  const again = await startDaemon({ data: daemon.data, args: ['--port', new URL(daemon.url).port] })
  await again.tell(id, 'work')
  await again.tell(id, 'end')
  const [boss, events] = await over
  expect([boss.status, events.filter(({ type }) => type === 'instruction.reported').length]).toEqual(['finished', 10])
})

test('the events of all Bosses are followed until nobody reads them any more', async () => {
  const daemon = await startDaemon()
  const client = new Client(daemon.url)
  await client.create({ name: 'one', end: true })
  await client.create({ name: 'two', end: true })
  const over: (number | undefined)[] = []
  for await (const { type, boss } of client.follow(undefined, { since: 0 })) {
    if (type === 'boss.over') over.push(boss)
    if (over.length === 2) break
  }
  expect(over).toEqual([1, 2])
})

test('a gap is asked for again; one that the log no longer has is told', async () => {
  const server = new WebSocketServer({ noServer: true })
  const http = createServer((_request, response) => response.end('{"id": 3}')).listen(0, '127.0.0.1')
  onTestFinished(() => void http.close())
  await once(http, 'listening')
  const asked: string[] = []
  const answers = [
    [
      { seq: 4, type: 'a' },
      { seq: 9, type: 'gap', from: 5, to: 9 },
    ],
    [
      { seq: 7, type: 'gap', from: 5, to: 7 },
      { seq: 8, type: 'b' },
    ],
  ]
  http.on('upgrade', (request, socket, head) => {
    server.handleUpgrade(request, socket, head, (webSocket) => {
      asked.push(request.url ?? '')
      webSocket.send(JSON.stringify(answers[asked.length - 1]), () => webSocket.close(1000))
    })
  })
  const events = await all(new Client(strangerAt(http)).follow(3))
  expect(events.map(({ seq, type }) => [seq, type])).toEqual([
    [4, 'a'],
    [7, 'gap'],
    [8, 'b'],
  ])
  expect(asked).toEqual(['/v1/bosses/3/events?since=0', '/v1/bosses/3/events?since=4'])
})

test('a token goes with every call, and with a WebSocket as a subprotocol', async () => {
  const asked: IncomingMessage[] = []
  const server = new WebSocketServer({ noServer: true, handleProtocols: () => 'taylord' })
  const http = createServer((request, response) => {
    asked.push(request)
    request.resume().on('end', () => response.end('{"id": 3}'))
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void http.close())
  await once(http, 'listening')
  http.on('upgrade', (request, socket, head) => {
    asked.push(request)
    server.handleUpgrade(request, socket, head, (webSocket) => webSocket.close(1000))
  })
  const client = new Client(`${strangerAt(http)}/below`, { token: 'taylord_abc' })
  await client.append(3, [{ kind: 'noop' }])
  await all(client.follow(3))
  expect(asked.map(({ url, headers }) => [url, headers.authorization ?? headers['sec-websocket-protocol']])).toEqual([
    ['/below/v1/bosses/3/instructions', 'Bearer taylord_abc'],
    ['/below/v1/bosses/3', 'Bearer taylord_abc'],
    ['/below/v1/bosses/3/events?since=0', 'taylord, taylord.bearer.taylord_abc'],
  ])
})

test('what answers and is no daemon is told from a refusal', async () => {
  const server = createServer((_request, response) => response.writeHead(404).end('<html>')).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const url = strangerAt(server)
  const asking = new Client(url).boss(1)
  await expect(asking).rejects.toThrow(Unreachable)
  await expect(asking).rejects.toThrow('is no taylord: 404 <html>')
})
