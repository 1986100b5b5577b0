import { once } from 'node:events'
import { request } from 'node:http'
import { expect, describe } from 'vitest'
import { lineTest as test, startDaemon, type Daemon, type Page, type Problem } from '../support/daemon.js'
import type { BossDocument } from '../../src/boss/boss-document.js'

const keyed = (key: string) => ({ 'idempotency-key': key })
const ndjson = (key: string) => ({ ...keyed(key), 'content-type': 'application/x-ndjson' })
const rows = '{"kind":"noop"}\n{"kind":"noop"}\n'
const post = <T>(daemon: Daemon, path: string, key: string, json: unknown) => daemon.call<T>('POST', path, { json, headers: keyed(key) })
const told = (answer: { status: number; body: unknown; headers: Headers }) => ({
  status: answer.status,
  body: answer.body,
  location: answer.headers.get('location'),
})
const counted = async (daemon: Daemon, boss: number) => (await daemon.call<BossDocument>('GET', `/v1/bosses/${boss}`)).body.counts.pending

describe('a POST with an Idempotency-Key', () => {
  test('makes one Boss, and is answered alike each time', async ({ daemon }) => {
    const asked = { name: 'nightly', start: false, common_instructions: { kind: 'noop' }, individual_instructions: { value: [1, 2, 3] } }
    const first = await post<BossDocument>(daemon, '/v1/bosses', 'a', asked)
    await daemon.call('POST', `/v1/bosses/${first.body.id}/end`)
    const second = await post<BossDocument>(daemon, '/v1/bosses', 'a', asked)
    expect(told(second)).toEqual(told(first))
    expect(first.headers.get('idempotency-replayed')).toBeNull()
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect((await daemon.call<Page<BossDocument>>('GET', '/v1/bosses')).body.items).toHaveLength(1)
  })

  test('appends once, also over a crash of the daemon', async () => {
    const daemon = await startDaemon()
    const boss = await daemon.hire({ start: false })
    const path = `/v1/bosses/${boss.id}/instructions`
    const first = await daemon.call('POST', path, { body: rows, headers: ndjson('b') })
    await daemon.crash()
    const again = await startDaemon({ data: daemon.data })
    const second = await again.call('POST', path, { body: rows, headers: ndjson('b') })
    expect(told(second)).toEqual(told(first))
    expect(second.body).toEqual({ count: 2, first: 1, last: 2 })
    expect(await counted(again, boss.id)).toBe(2)
    await again.stop()
  })

  test('gives a signal once', async ({ daemon }) => {
    const boss = await daemon.hire({})
    const first = await post<BossDocument>(daemon, `/v1/bosses/${boss.id}/halt`, 'c', {})
    await daemon.call('POST', `/v1/bosses/${boss.id}/work`)
    expect((await post<BossDocument>(daemon, `/v1/bosses/${boss.id}/halt`, 'c', {})).body).toEqual(first.body)
    expect((await daemon.boss(boss)).halted).toBe(false)
  })

  test('is answered alike where it changes nothing', async ({ daemon }) => {
    const asked = { scheduler: { limit: 'threads', max_threads: 1 }, pending: [{ name: 'a' }, { name: 'b' }], workers: [] }
    const first = await post(daemon, '/v1/schedulers/preview', 'd', asked)
    const second = await post(daemon, '/v1/schedulers/preview', 'd', asked)
    expect(told(second)).toEqual(told(first))
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    const boss = await daemon.hire({ start: false })
    const path = `/v1/bosses/${boss.id}/instructions?dry_run=true`
    for (const key of ['e', 'e'])
      expect(await daemon.call('POST', path, { body: rows, headers: ndjson(key) })).toMatchObject({
        status: 200,
        body: { instructions: [{}, {}] },
      })
    expect(await counted(daemon, boss.id)).toBe(0)
  })

  test('is refused when another was sent with its key: 422, and nothing is done', async ({ daemon }) => {
    const boss = await daemon.hire({ start: false })
    const path = `/v1/bosses/${boss.id}/instructions`
    await daemon.call('POST', path, { body: rows, headers: ndjson('f') })
    for (const [where, body] of [
      [path, '{"kind":"noop"}\n'],
      [`${path}?dry_run=true`, rows],
    ] as const) {
      const { status, body: problem } = await daemon.call<Problem>('POST', where, { body, headers: ndjson('f') })
      expect([status, problem.code, problem['key']]).toEqual([422, 'idempotency-conflict', 'f'])
    }
    expect(await counted(daemon, boss.id)).toBe(2)
    await post(daemon, '/v1/bosses', 'o', { name: 'one', start: false })
    expect((await post<Problem>(daemon, '/v1/bosses', 'o', { name: 'other', start: false })).body.code).toBe('idempotency-conflict')
  })

  test('that is being carried out is not begun again: 409 with Retry-After', async ({ daemon }) => {
    const boss = await daemon.hire({ start: false })
    const path = `/v1/bosses/${boss.id}/instructions`
    const upload = request(`${daemon.url}${path}`, { method: 'POST', headers: { ...ndjson('g'), expect: '100-continue' } })
    upload.flushHeaders()
    await once(upload, 'continue')
    upload.write('{"kind":"noop"}\n')
    // what was sent before is looked at before
    await daemon.call('GET', `/v1/bosses/${boss.id}`)
    const { status, body, headers } = await daemon.call<Problem>('POST', path, { body: '{"kind":"noop"}\n', headers: ndjson('g') })
    expect([status, body.code, headers.get('retry-after')]).toEqual([409, 'idempotency-in-progress', '1'])
    upload.end()
    const [answer] = (await once(upload, 'response')) as [{ statusCode: number; resume(): void }]
    answer.resume()
    expect(answer.statusCode).toBe(201)
    expect((await daemon.call('POST', path, { body: '{"kind":"noop"}\n', headers: ndjson('g') })).status).toBe(201)
    expect(await counted(daemon, boss.id)).toBe(1)
  })

  test('may be tried again, also with another body, after it was refused', async ({ daemon }) => {
    const boss = await daemon.hire({ start: false })
    const path = `/v1/bosses/${boss.id}/instructions`
    expect((await daemon.call('POST', path, { body: '{"kind":"no such"}\n', headers: ndjson('h') })).status).toBe(422)
    expect((await daemon.call('POST', path, { body: rows, headers: ndjson('h') })).status).toBe(201)
  })

  test.each(['', 'with space', 'x'.repeat(256)])('is refused when its key is none: %j', async (key) => {
    const daemon = await startDaemon()
    const { status, body } = await post<Problem>(daemon, '/v1/bosses', key, {})
    expect([status, body.code]).toEqual([422, 'invalid'])
    await daemon.stop()
  })
})
