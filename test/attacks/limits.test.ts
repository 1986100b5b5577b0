import { expect, test as plainTest } from 'vitest'
import { Rate } from '../../src/http/doors/rate.js'
import { lineTest as test, startDaemon, type Problem } from '../support/daemon.js'
import { head, Raw } from '../support/raw.js'

plainTest('a token that makes more requests than it may is told when to come again; others, and probes, are not held up', async () => {
  const daemon = await startDaemon({ args: ['--rate-limit', '1'] })
  const made = await daemon.post<{ token: string }>('/v1/tokens', { name: 'busy', role: 'admin' })
  const busy = { authorization: `Bearer ${made.body.token}` }
  const { body: other } = await daemon.call<{ token: string }>('POST', '/v1/tokens', {
    json: { name: 'calm', role: 'read' },
    headers: busy,
  })
  const answers = []
  for (let i = 0; i < 100 && answers.at(-1)?.status !== 429; i++) answers.push(await daemon.get<Problem>('/v1/bosses', busy))
  const last = answers.at(-1)
  expect(last).toMatchObject({ status: 429, body: { code: 'too-many-requests', rate_limit: 1, retry_after: 1 } })
  expect(last?.headers.get('retry-after')).toBe('1')
  expect((await daemon.get('/v1/bosses', { authorization: `Bearer ${other.token}` })).status).toBe(200)
  for (let i = 0; i < 30; i++) expect((await daemon.get('/livez')).status).toBe(200)
})

plainTest('who was idle may make ten seconds worth of requests at once, and then as many as the limit says', () => {
  const rate = new Rate(5)
  const caller = {}
  const taken = (now: number) => {
    let n = 0
    try {
      for (;;) {
        rate.count(caller, now)
        n++
      }
    } catch {
      return n
    }
  }
  expect(taken(0)).toBe(50)
  expect(taken(1000)).toBe(5)
  expect(taken(1100)).toBe(0)
  expect(taken(1_000_000)).toBe(50)
  expect(() => rate.count({}, 0)).not.toThrow()
})

const long = 12_000
test.for([
  ['Prefer', `wait=${'1'.repeat(9)}${' '.repeat(long)}x`],
  ['Prefer', `${',wait = "'.repeat(long / 9)}`],
  ['Prefer', `wait${' '.repeat(long)}=`],
  ['Authorization', `Bearer ${' '.repeat(long)}x y`],
  ['Authorization', `Bearer${' '.repeat(long)}`],
  ['Sec-WebSocket-Protocol', `taylord,${' ,'.repeat(long / 2)}`],
  ['Content-Type', `application/json;${' '.repeat(long)}x`],
  ['Accept', `${'application/x-ndjson;q=0.1,'.repeat(400)}x`],
  ['Host', `localhost:${'1'.repeat(long)}x`],
  ['Origin', `http://${'a.'.repeat(long / 2)}`],
] as const)('no header takes a time that grows out of bounds (ReDoS): %s', async ([name, value], { daemon }) => {
  const hostname = name === 'Host' ? [] : [`Host: localhost`]
  const text = [`GET /v1/bosses/1/report HTTP/1.1`, ...hostname, `${name}: ${value}`, 'Connection: Upgrade', 'Upgrade: websocket'].join(
    '\r\n',
  )
  for (let i = 0; i < 20; i++) {
    const raw = await Raw.saying(daemon, `${text}\r\n\r\n`)
    await raw.answer()
    raw.socket.destroy()
  }
  expect((await daemon.get('/livez')).status).toBe(200)
})

test('names and filters of any sort are read in one go', async ({ daemon }) => {
  const nasty = `${'a'.repeat(120)}!`
  for (const path of [
    `/v1/bosses/${nasty}`,
    `/v1/bosses?after=${'A'.repeat(8_000)}`,
    `/v1/bosses/1/instructions?name=${nasty}&kind=${nasty}&after=${nasty}`,
  ])
    expect((await daemon.get(path)).status, path).toBeLessThan(500)
  for (const text of [`${'[a'.repeat(2_000)}`, `[${'a%'.repeat(4_000)}]`, `[a%${'0'.repeat(4_000)}d]`, '['.repeat(20_000)]) {
    const boss = await daemon.hire()
    const { status } = await daemon.post<Problem>(`/v1/bosses/${boss.id}/instructions`, {
      instructions: [{ kind: 'told', who: text, a: 1 }],
    })
    expect(status).toBeLessThan(500)
  }
})

test('names, headers, numbers and depths that are too much are refused by what they are', async ({ daemon }) => {
  const boss = await daemon.hire()
  const path = `/v1/bosses/${boss.id}/instructions`
  const refusal = async (method: string, where: string, json: unknown) => {
    const { status, body } = await daemon.call<Problem>(method, where, { json })
    return [status, body.code]
  }
  expect(await refusal('POST', '/v1/bosses', { name: 'a'.repeat(129) })).toEqual([422, 'invalid'])
  expect(await refusal('POST', path, { instructions: [{ kind: 'noop', name: 'a'.repeat(256) }] })).toEqual([422, 'invalid'])
  expect(await refusal('POST', '/v1/tokens', { name: 'a'.repeat(129), role: 'read' })).toEqual([422, 'invalid'])
  expect(await refusal('POST', path, { instructions: [{ kind: 'noop', priority: 1e300 }] })).toEqual([422, 'invalid'])
  expect(await refusal('POST', path, { instructions: [{ kind: 'noop', cores: 1e9 }] })).toEqual([422, 'never-fits'])
  let deep: unknown = 1
  for (let i = 0; i < 600; i++) deep = [deep]
  expect(await refusal('POST', path, { instructions: [{ kind: 'told', who: deep }] })).toEqual([422, 'invalid'])
  const raw = await Raw.saying(daemon, head('GET', '/v1/bosses', `X: ${'a'.repeat(17_000)}`))
  expect(await raw.answer()).toEqual([431, 'headers-too-large'])
  const many = await Raw.saying(daemon, head('GET', '/v1/bosses', ...Array.from({ length: 3_000 }, (_, i) => `X${i}: ${i}`)))
  expect((await many.answer())[0]).toBe(431)
})
