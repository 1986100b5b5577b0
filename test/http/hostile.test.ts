import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished } from 'vitest'
import { lineTest as test, startDaemon, type Daemon, type Page } from '../support/daemon.js'
import { until } from '../support/temp.js'

/** A client that says what it likes. */
class Raw {
  heard = ''
  closed = false
  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => (this.heard += chunk.toString('latin1')))
    socket.on('error', () => undefined).on('close', () => (this.closed = true))
    onTestFinished(() => void socket.destroy())
  }

  static async open({ url }: Pick<Daemon, 'url'>): Promise<Raw> {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    return new Raw(socket)
  }

  static async saying(daemon: Daemon, text: string): Promise<Raw> {
    const raw = await Raw.open(daemon)
    raw.socket.write(text)
    return raw
  }

  /** Status and code of the first answer. */
  async answer(): Promise<[number, string | undefined]> {
    await until(() => /\r\n\r\n[^]*[}]|\r\n\r\n$/.test(this.heard) || this.closed, 'an answer')
    return [Number(/^HTTP\/1.1 (\d+)/.exec(this.heard)?.[1]), /"code":"([\w-]+)"/.exec(this.heard)?.[1]]
  }

  untilClosed(): Promise<boolean> {
    return until(() => this.closed, 'the connection is closed')
  }
}

const head = (method: string, path: string, ...headers: string[]) =>
  `${[`${method} ${path} HTTP/1.1`, 'Host: x', ...headers].join('\r\n')}\r\n\r\n`
const chunked = ['Content-Type: application/x-ndjson', 'Transfer-Encoding: chunked']
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`
const openFiles = ({ pid }: Daemon) => readdirSync(`/proc/${pid}/fd`).length
/** Holds that the daemon is there and has a Boss's worth of life in it. */
const assertWell = async (daemon: Daemon) => {
  expect((await daemon.get('/readyz')).status).toBe(200)
  const boss = await daemon.hire({ instructions: [{ kind: 'noop' }], end: true })
  expect((await daemon.reportOnceOver(boss)).status).toBe('finished')
  expect(daemon.log).not.toContain('a bug')
}

test.for([
  ['garbage', '\u0016\u0003\u0001 hello\r\n\r\n', 400, 'bad-request'],
  [
    'a bad chunk',
    `${head('POST', '/v1/bosses', 'Content-Type: application/json', 'Transfer-Encoding: chunked')}zz\r\n`,
    400,
    'bad-request',
  ],
  ['a length and chunks', head('POST', '/v1/bosses', 'Content-Length: 2', 'Transfer-Encoding: chunked'), 400, 'bad-request'],
  ['huge headers', head('GET', '/livez', `X: ${'a'.repeat(20_000)}`), 431, 'headers-too-large'],
  ['a huge address', head('GET', `/v1/bosses/${'a'.repeat(20_000)}`), 431, 'headers-too-large'],
  ['a long name', head('GET', `/v1/bosses/${'a'.repeat(2_000)}`), 404, 'not-found'],
  ['another method', head('TRACE', '/'), 404, 'not-found'],
] as const)('%s is answered with a problem, and the daemon goes on', async ([, text, status, code], { daemon }) => {
  const raw = await Raw.saying(daemon, text)
  expect(await raw.answer()).toEqual([status, code])
  if (status !== 404) await raw.untilClosed()
  await assertWell(daemon)
})

test('old, careful and hasty clients are served: HTTP/1.0, Expect: 100-continue, pipelined requests', async ({ daemon }) => {
  const old = await Raw.saying(daemon, 'GET /livez HTTP/1.0\r\n\r\n')
  await old.untilClosed()
  expect(old.heard).toMatch(/200 OK[^]*\{"ok":true\}$/)
  const careful = await Raw.saying(
    daemon,
    head('POST', '/v1/bosses', 'Content-Type: application/json', 'Content-Length: 2', 'Expect: 100-continue'),
  )
  await until(() => careful.heard.startsWith('HTTP/1.1 100 Continue'), 'it may go on')
  careful.socket.write('{}')
  await until(() => careful.heard.includes('HTTP/1.1 201 Created'), 'it is served')
  const hasty = await Raw.saying(daemon, head('GET', '/livez').repeat(50))
  await until(() => hasty.heard.split('{"ok":true}').length === 51, 'all are answered')
})

test('an upload that stalls is refused with 408, nothing of it is kept, and its connection is closed', async () => {
  const daemon = await startDaemon({ args: ['--upload-idle', '1'] })
  const boss = await daemon.hire()
  const path = `/v1/bosses/${boss.id}`
  const rows = '{"kind":"noop"}\n'.repeat(6_000)
  const stalling = await Promise.all([
    Raw.saying(daemon, `${head('POST', `${path}/instructions`, ...chunked)}${chunk(rows)}`),
    Raw.saying(daemon, `${head('POST', '/v1/bosses', 'Content-Type: application/json', 'Content-Length: 200')}{"name":`),
    Raw.saying(daemon, `${head('POST', `${path}/halt`, 'Content-Length: 10', 'Content-Type: text/plain')}`),
    Raw.saying(daemon, `${head('PUT', `${path}/arrays/a`, 'Content-Length: 1000')}`),
  ])
  for (const raw of stalling) {
    expect(await raw.answer()).toEqual([408, 'stalled'])
    await raw.untilClosed()
  }
  // one that is slow, and says something now and then, is not
  const slow = await Raw.saying(daemon, head('POST', `${path}/instructions`, ...chunked))
  for (let row = 0; row < 4; row++) {
    await new Promise((resolve) => setTimeout(resolve, 300))
    slow.socket.write(chunk('{"kind":"noop"}\n'))
  }
  slow.socket.write('0\r\n\r\n')
  expect(await slow.answer()).toEqual([201, undefined])
  await daemon.tell(boss, 'end')
  expect((await daemon.reportOnceOver(boss)).workers_report).toHaveLength(4)
  await assertWell(daemon)
})

test('clients that leave amid an upload, a download or a wait leave nothing behind', async ({ daemon }) => {
  const boss = await daemon.hire({ start: false })
  const full = await daemon.hire({
    common_instructions: { kind: 'told', greeting: 'x'.repeat(4_000) },
    individual_instructions: { who: Array<string>(2_000).fill('all') },
    end: true,
  })
  await daemon.reportOnceOver(full)
  const before = openFiles(daemon)
  const leaving = await Promise.all(
    Array.from({ length: 60 }, async (_, i) => {
      const request = [
        `${head('POST', `/v1/bosses/${boss.id}/instructions`, ...chunked)}${chunk('{"kind":"noop"}\n'.repeat(i * 100 + 1))}`,
        head('GET', `/v1/bosses/${full.id}/report`, 'Accept: application/x-ndjson'),
        head('GET', `/v1/bosses/${boss.id}/report`, 'Prefer: wait=3600'),
      ][i % 3]
      const raw = await Raw.saying(daemon, request ?? '')
      if (i % 3 === 1) await once(raw.socket, 'data')
      raw.socket.pause()
      return raw
    }),
  )
  await until(() => openFiles(daemon) >= before + 60, 'all are there')
  for (const { socket } of leaving) socket.resetAndDestroy()
  await until(() => openFiles(daemon) <= before + 5, 'their connections are gone')
  await until(async () => (await daemon.boss(boss)).counts.pending === 0, 'nothing was appended')
  const { body } = await daemon.get<Page<unknown>>(`/v1/bosses/${boss.id}/instructions`)
  expect(body.items).toEqual([])
  await assertWell(daemon)
})

test('1,000 idle connections, half of them followers, keep nobody from being served', async ({ daemon }) => {
  const idle: Raw[] = []
  const upgrade = head(
    'GET',
    '/v1/events',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${'A'.repeat(22)}==`,
  )
  const before = openFiles(daemon)
  for (let i = 0; i < 1_000; i += 50)
    idle.push(...(await Promise.all(Array.from({ length: 50 }, (_, j) => (j % 2 ? Raw.saying(daemon, upgrade) : Raw.open(daemon))))))
  await until(() => openFiles(daemon) >= before + 1_000, 'all are there')
  const boss = await daemon.hire({
    common_instructions: { kind: 'noop' },
    individual_instructions: { value: Array(500).fill(1) },
    end: true,
  })
  expect((await daemon.reportOnceOver(boss)).workers_report).toHaveLength(500)
  await until(() => idle.filter(({ heard }) => heard.includes('boss.over')).length === 500, 'all followers were told')
  for (const { socket } of idle) socket.destroy()
  await until(() => openFiles(daemon) <= before + 10, 'their connections are gone')
  await assertWell(daemon)
})
