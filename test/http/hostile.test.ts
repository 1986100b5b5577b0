import { once } from 'node:events'
import { expect } from 'vitest'
import { lineTest as test, startDaemon, type Daemon, type Page } from '../support/daemon.js'
import { descriptorsOf } from '../support/processes.js'
import { head, Raw } from '../support/raw.js'
import { until } from '../support/temp.js'

const chunked = ['Content-Type: application/x-ndjson', 'Transfer-Encoding: chunked']
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`
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
  ['another method', head('TRACE', '/'), 405, 'method-not-allowed'],
] as const)('%s is answered with a problem, and the daemon goes on', async ([, text, status, code], { daemon }) => {
  const raw = await Raw.saying(daemon, text)
  expect(await raw.answer()).toEqual([status, code])
  if (status !== 404 && status !== 405) await raw.untilClosed()
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
  const before = descriptorsOf(daemon.pid)
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
  await until(() => descriptorsOf(daemon.pid) >= before + 60, 'all are there')
  for (const { socket } of leaving) socket.resetAndDestroy()
  await until(() => descriptorsOf(daemon.pid) <= before + 5, 'their connections are gone')
  await until(async () => (await daemon.boss(boss)).counts.pending === 0, 'nothing was appended')
  const { body } = await daemon.get<Page<unknown>>(`/v1/bosses/${boss.id}/instructions`)
  expect(body.items).toEqual([])
  await assertWell(daemon)
})
