import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, test as plainTest } from 'vitest'
import { takesGzip } from '../../src/http/gzip.js'
import { wantsMinimal } from '../../src/http/prefer.js'
import { lineTest as test, startDaemon, type Appended, type Problem } from '../support/daemon.js'
import { head, Raw } from '../support/raw.js'
import { until } from '../support/temp.js'

const packed = (type: string) => ({ 'content-type': type, 'content-encoding': 'gzip' })
const ndjson = 'application/x-ndjson'
const json = 'application/json'

plainTest.each([
  ['gzip', true],
  ['deflate, GZIP;q=0.5', true],
  ['x-gzip', true],
  ['gzip;q=0', false],
  ['gzip;q=0.000', false],
  ['br, *;q=0.1', false],
  ['identity', false],
  [undefined, false],
])('Accept-Encoding: %s takes gzip: %s', (header, takes) => {
  expect(takesGzip(header)).toBe(takes)
})

plainTest.each([
  ['return=minimal', true],
  ['wait=5, Return = "minimal"; x', true],
  ['return=representation', false],
  [undefined, false],
])('Prefer: %s wants no answer: %s', (header, wants) => {
  expect(wantsMinimal(header)).toBe(wants)
})

test('bodies come packed: JSON, rows and arrays', async ({ daemon }) => {
  const made = await daemon.call<{ id: number }>('POST', '/v1/bosses', { body: gzipSync('{"name":"packed"}'), headers: packed(json) })
  expect(made.status).toBe(201)
  const rows = gzipSync('{"kind":"noop","value":7}\n'.repeat(1_200))
  const appended = await daemon.call<Appended>('POST', '/v1/bosses/packed/instructions', { body: rows, headers: packed(ndjson) })
  expect(appended.body).toMatchObject({ count: 1_200 })
  const npy = Buffer.from(`\x93NUMPY\x01\x00v\x00${"{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }".padEnd(117)}\n`, 'latin1')
  const file = Buffer.concat([npy, Buffer.alloc(16, 1)])
  const put = await daemon.call('PUT', '/v1/bosses/packed/arrays/a', { body: gzipSync(file), headers: packed('application/octet-stream') })
  expect(put.status).toBe(201)
  expect((await daemon.get<Buffer>('/v1/bosses/packed/arrays/a')).body.subarray(-16)).toEqual(file.subarray(-16))
  await daemon.tell('packed', 'end')
  expect((await daemon.reportOnceOver('packed')).workers_report).toHaveLength(1_200)
  await daemon.call('DELETE', `/v1/bosses/${made.body.id}`)
})

test('what is small when packed and large when not is refused like what is large', async ({ daemon }) => {
  const boss = await daemon.hire()
  const path = `/v1/bosses/${boss.id}/instructions`
  const text = gzipSync(`{"name":"${'x'.repeat(65 * 1024 * 1024)}"}`)
  const line = gzipSync(`{"kind":"noop","value":"${'x'.repeat(17 * 1024 * 1024)}"}`)
  for (const [at, type, body] of [
    ['/v1/bosses', json, text],
    [path, ndjson, line],
  ] as const) {
    const refused = await daemon.call<Problem>('POST', at, { body, headers: packed(type) })
    expect([refused.status, refused.body.code]).toEqual([413, 'too-large'])
  }
  expect((await daemon.boss(boss)).counts.pending).toBe(0)
})

plainTest('rows that are none are bounded too', async () => {
  const daemon = await startDaemon({ args: ['--max-rows', '1000'] })
  const boss = await daemon.hire()
  const blank = await daemon.call<Problem>('POST', `/v1/bosses/${boss.id}/instructions`, {
    body: gzipSync('\n'.repeat(10_000_000)),
    headers: packed(ndjson),
  })
  expect([blank.status, blank.body.code]).toEqual([413, 'too-large'])
})

test('a body that is not packed as it says is refused, and its connection goes on', async ({ daemon }) => {
  const send = (body: Uint8Array<ArrayBuffer>, coding: string, type = json) =>
    daemon.call<Problem>('POST', '/v1/bosses', { body, headers: { 'content-type': type, 'content-encoding': coding } })
  const boss = await daemon.hire()
  const whole = gzipSync('{}')
  const cut = await send(whole.subarray(0, whole.length - 6), 'gzip')
  expect([cut.status, cut.body.code]).toEqual([422, 'invalid'])
  const none = await send(Buffer.from('{}'), 'gzip')
  expect([none.status, none.body.detail]).toEqual([422, expect.stringContaining('is gzip, and it is not')])
  const other = await send(Buffer.from('{}'), 'br')
  expect([other.status, other.headers.get('accept-encoding'), other.body['available']]).toEqual([415, 'gzip', ['gzip', 'identity']])
  expect((await send(Buffer.from('{}'), 'identity')).status).toBe(201)
  const raw = await Raw.saying(
    daemon,
    `${head('POST', `/v1/bosses/${boss.id}/instructions`, `Content-Type: ${ndjson}`, 'Content-Encoding: gzip', 'Content-Length: 9')}not gzip!${head('GET', '/livez')}`,
  )
  await until(() => raw.heard.includes('{"ok":true}'), 'the next request is answered')
  expect(raw.heard).toMatch(/^HTTP\/1.1 422/)
})

test('answers come packed to who asks, if that is worth while', async ({ daemon }) => {
  const boss = await daemon.hire({
    common_instructions: { kind: 'told', greeting: 'x'.repeat(500) },
    individual_instructions: { who: Array<string>(100).fill('a') },
    end: true,
  })
  await daemon.reportOnceOver(boss)
  const ask = async (path: string, headers: Record<string, string>) => {
    const raw = await Raw.saying(
      daemon,
      head('GET', path, 'Connection: close', ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)),
    )
    await raw.untilClosed()
    const end = raw.heard.indexOf('\r\n\r\n')
    return { first: raw.heard.slice(0, end).toLowerCase(), body: raw.heard.slice(end + 4) }
  }
  const path = `/v1/bosses/${boss.id}/report`
  const plain = await ask(path, {})
  expect(plain.first).not.toContain('content-encoding')
  expect(plain.first).toContain('vary: accept-encoding')
  const small = await ask('/livez', { 'Accept-Encoding': 'gzip' })
  expect(small.first).not.toContain('content-encoding')
  const wanted = await ask(path, { 'Accept-Encoding': 'gzip' })
  expect(wanted.first).toContain('content-encoding: gzip')
  const size = Number(/content-length: (\d+)/.exec(wanted.first)?.[1])
  expect(size).toBeLessThan(plain.body.length / 5)
  expect(gunzipSync(Buffer.from(wanted.body, 'latin1')).toString()).toBe(plain.body)
  // as a stream; fetch asks for gzip by itself
  const lines = await daemon.get<Buffer>(path, { accept: ndjson })
  expect(lines.headers.get('content-encoding')).toBe('gzip')
  expect(lines.body.toString().split('\n').filter(Boolean)).toHaveLength(100)
})

test('who prefers to hear no more than that it is done is told no more', async ({ daemon }) => {
  const prefer = { prefer: 'return=minimal' }
  const made = await daemon.call('POST', '/v1/bosses', { json: {}, headers: prefer })
  expect([made.status, made.headers.get('preference-applied'), String(made.body)]).toEqual([204, 'return=minimal', ''])
  const path = made.headers.get('location') ?? ''
  const rows = { instructions: [{ kind: 'noop' }] }
  expect((await daemon.call('POST', `${path}/instructions`, { json: rows, headers: prefer })).status).toBe(204)
  const dry = await daemon.call('POST', `${path}/instructions?dry_run=true`, { json: rows, headers: prefer })
  expect([dry.status, dry.headers.get('preference-applied')]).toEqual([200, null])
  for (const signal of ['halt', 'work', 'end'])
    expect((await daemon.call('POST', `${path}/${signal}`, { headers: prefer })).status).toBe(204)
  expect((await daemon.reportOnceOver(path.slice('/v1/bosses/'.length))).workers_report).toHaveLength(1)
  const refused = await daemon.call<Problem>('POST', `${path}/instructions`, { json: rows, headers: prefer })
  expect([refused.status, refused.body.code]).toEqual([409, 'boss-not-listening'])
})
