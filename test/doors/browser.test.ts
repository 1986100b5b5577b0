import { request, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { expect, test as plainTest } from 'vitest'
import { WebSocket } from 'ws'
import { anApp } from '../http/an-app.js'
import { lineTest as test, startDaemon, type Daemon } from '../support/daemon.js'

/** Asks as a browser would on behalf of a page, which fetch does not let us. */
async function ask(daemon: Daemon, method: string, path: string, headers: Record<string, string>, body?: string) {
  const sent = request(`${daemon.url}${path}`, { method, headers: { ...(body && { 'content-type': 'application/json' }), ...headers } })
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const said = await text(response)
  const { code } = (/json/.test(response.headers['content-type'] ?? '') ? JSON.parse(said) : {}) as { code?: string }
  return { status: response.statusCode, code, headers: response.headers }
}

/** What becomes of a socket that is opened with these headers: 101, or the status of the refusal. */
const upgrade = async (daemon: Daemon, headers: Record<string, string>): Promise<number> => {
  const socket = new WebSocket(`${daemon.url.replace('http', 'ws')}/v1/events`, { headers })
  try {
    return await new Promise<number>((resolve, reject) => {
      socket.once('open', () => resolve(101))
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
      socket.once('error', reject)
    })
  } finally {
    socket.on('error', () => undefined).terminate()
  }
}

const portOf = (daemon: Daemon) => new URL(daemon.url).port

test.for(['evil.example', 'evil.example:8080', 'localhost.evil.example', '127.0.0.1.evil.example', 'xn--lcalhost-54a', 'x', '[::1]evil'])(
  'a name that was made to lead here, "%s", reads and changes nothing (DNS rebinding)',
  async (host, { daemon }) => {
    const headers = { host, origin: `http://${host}` }
    expect(await ask(daemon, 'GET', '/v1/bosses', headers)).toMatchObject({ status: 421, code: 'bad-host' })
    expect(await ask(daemon, 'POST', '/v1/bosses', headers, '{}')).toMatchObject({ status: 421, code: 'bad-host' })
    expect(await upgrade(daemon, headers)).toBe(421)
    expect(await ask(daemon, 'GET', '/livez', headers)).toMatchObject({ status: 200 })
  },
)

test.for(['localhost', 'LOCALHOST:80', 'me.localhost', '127.0.0.1', '127.8.9.1:1', '[::1]:8080', '192.0.2.7:8080'])(
  'the name "%s" is this machine, or an address that no page can have',
  async (host, { daemon }) => {
    expect(await ask(daemon, 'GET', '/v1/bosses', { host })).toMatchObject({ status: 200 })
  },
)

test('pages of other origins change nothing and open no socket (cross-site requests), one of its own may', async ({ daemon }) => {
  const own = `http://127.0.0.1:${portOf(daemon)}`
  for (const origin of [
    'http://evil.example',
    'null',
    `http://127.0.0.1:${Number(portOf(daemon)) + 1}`,
    'http://127.0.0.1',
    `${own}.evil.example`,
    'file://',
  ]) {
    expect(await ask(daemon, 'POST', '/v1/bosses', { origin }, '{}'), origin).toMatchObject({ status: 403, code: 'bad-origin' })
    // what a form or a script may send without being asked first
    expect(await ask(daemon, 'POST', '/v1/drain', { origin, 'content-type': 'text/plain' })).toMatchObject({
      status: 403,
      code: 'bad-origin',
    })
    expect(await ask(daemon, 'DELETE', '/v1/bosses/1', { origin })).toMatchObject({ status: 403, code: 'bad-origin' })
    expect(await upgrade(daemon, { origin })).toBe(403)
  }
  expect(await ask(daemon, 'POST', '/v1/bosses', { origin: own }, '{}')).toMatchObject({ status: 201 })
  expect(await upgrade(daemon, { origin: own })).toBe(101)
  expect(await upgrade(daemon, {})).toBe(101)
})

test('no GET changes anything, so that no picture or link of a page does', async ({ daemon }) => {
  const boss = await daemon.hire({ name: 'looked-at', start: false, instructions: [{ kind: 'noop' }] })
  const state = async () => [(await daemon.get('/v1/bosses')).body, (await daemon.get(`/v1/bosses/${boss.id}/instructions`)).body]
  const before = await state()
  const app = await anApp()
  await app.ready()
  const { paths } = app.swagger() as unknown as { paths: Record<string, Record<string, unknown>> }
  for (const [template, operations] of Object.entries(paths)) {
    const path = template.replace('{boss}', String(boss.id)).replaceAll(/\{\w+\}/g, '1')
    if (path.endsWith('/events')) continue
    const { status = 0 } = await ask(daemon, 'GET', `${path}?now=true&status=pending`, {})
    if (!('get' in operations)) expect(status, path).toBe(405)
  }
  expect(await state()).toEqual(before)
})

test('no page of another origin may read an answer unless it was allowed to', async ({ daemon }) => {
  const { headers } = await ask(daemon, 'GET', '/v1/bosses', { origin: 'http://evil.example' })
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  const preflight = { origin: 'http://evil.example', 'access-control-request-method': 'POST' }
  expect(await ask(daemon, 'OPTIONS', '/v1/bosses', preflight)).toMatchObject({ status: 403, code: 'bad-origin' })
})

test('every answer, refusals too, says to browsers that it is no page, belongs in none and is not to be guessed at', async ({ daemon }) => {
  for (const path of ['/livez', '/v1/bosses', '/v1/bosses/none', '/none', '/openapi.yaml']) {
    const { headers } = await ask(daemon, 'GET', path, {})
    expect(headers, path).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'") as string,
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(headers['strict-transport-security']).toBeUndefined()
  }
})

plainTest('--allowed-origins lets pages in, and tells browsers so; --allowed-hosts is a name more', async () => {
  const page = 'https://dash.example'
  const daemon = await startDaemon({ args: ['--allowed-origins', page, '--allowed-hosts', 'big.example,other.example:81'] })
  const { status, headers } = await ask(daemon, 'POST', '/v1/bosses', { origin: page }, '{}')
  expect([status, headers['access-control-allow-origin']]).toEqual([201, page])
  expect(headers['access-control-allow-credentials']).toBeUndefined()
  const preflight = { origin: page, 'access-control-request-method': 'PATCH', 'access-control-request-headers': 'authorization' }
  const asked = await ask(daemon, 'OPTIONS', '/v1/bosses/1/instructions/1', preflight)
  expect(asked.status).toBe(204)
  expect(asked.headers['access-control-allow-methods']).toContain('PATCH')
  expect(asked.headers['access-control-allow-headers']).toContain('authorization')
  expect(await upgrade(daemon, { origin: page })).toBe(101)
  expect(await ask(daemon, 'POST', '/v1/bosses', { origin: 'https://evil.example' }, '{}')).toMatchObject({ status: 403 })
  const statuses = ['big.example', 'big.example:9', 'other.example:81', 'other.example'].map(
    async (host) => (await ask(daemon, 'GET', '/v1/bosses', { host })).status,
  )
  expect(await Promise.all(statuses)).toEqual([200, 200, 200, 421])
  // a page finds no more of a name because tokens are asked for, once names were said
  await daemon.post('/v1/tokens', { name: 'a', role: 'admin' })
  expect(await ask(daemon, 'GET', '/v1/bosses', { host: 'evil.example' })).toMatchObject({ status: 421 })
})

plainTest('where a token is asked for, a name alone gives nothing: it is answered 401 under any', async () => {
  const daemon = await startDaemon()
  await daemon.post('/v1/tokens', { name: 'a', role: 'admin' })
  expect(await ask(daemon, 'GET', '/v1/bosses', { host: 'taylord:8080' })).toMatchObject({ status: 401, code: 'unauthorized' })
  expect(await ask(daemon, 'POST', '/v1/bosses', { origin: 'http://evil.example' }, '{}')).toMatchObject({
    status: 403,
    code: 'bad-origin',
  })
})
