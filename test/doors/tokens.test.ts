import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { anApp } from '../http/an-app.js'
import { lineTest, startDaemon, startInVain, type Daemon, type Problem } from '../support/daemon.js'
import { tempDir, until } from '../support/temp.js'
import { taylord } from '../cli/taylord.js'

interface Token {
  readonly id: number
  readonly name: string
  readonly role: string
  readonly token: string
  readonly expires_at?: string
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** The first token of each daemon. */
const openers = new WeakMap<Daemon, string>()

/** Makes one token of each role, with names that nobody else of this file gives. */
async function guard(daemon: Daemon): Promise<{ read: string; submit: string; admin: string; nameOf: (what: string) => string }> {
  const suffix = randomUUID()
  const nameOf = (what: string) => `${what}-${suffix}`
  const made = async (role: string, by?: string) => {
    const json = { name: nameOf(by === undefined ? 'opener' : role), role }
    const { status, body } = await daemon.call<Token>('POST', '/v1/tokens', { json, ...(by !== undefined && { headers: bearer(by) }) })
    expect(status, JSON.stringify(body)).toBe(201)
    return body.token
  }
  const opener = openers.get(daemon) ?? (await made('admin'))
  openers.set(daemon, opener)
  return { admin: await made('admin', opener), read: await made('read', opener), submit: await made('submit', opener), nameOf }
}

/** How a socket ends: with a close code, or refused with a status. */
function socketTo(daemon: Daemon, given: { headers?: Record<string, string>; protocols?: string[] }) {
  const socket = new WebSocket(`${daemon.url.replace('http', 'ws')}/v1/events`, given.protocols ?? [], { headers: given.headers ?? {} })
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  const opened = new Promise<string>((resolve, reject) => {
    socket.once('open', () => resolve(socket.protocol))
    socket.once('error', () => undefined)
    socket.once('unexpected-response', (_request, response) => {
      response.resume()
      reject(new Error(String(response.statusCode)))
    })
  })
  return { opened, closed }
}

lineTest(
  'every route asks for a token, but the two that say whether the daemon is well, and the page that asks for one; a strange token is as good as none',
  async ({ daemon }) => {
    await guard(daemon)
    const app = await anApp()
    await app.ready()
    const { paths } = app.swagger() as unknown as { paths: Record<string, Record<string, unknown>> }
    const routes = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => [method.toUpperCase(), path] as const),
    )
    expect(routes.length).toBeGreaterThan(30)
    const open = []
    for (const [method, template] of routes) {
      const path = template.replaceAll(/\{\w+\}/g, '1')
      for (const headers of [{}, bearer(`taylord_${randomUUID()}`), { authorization: 'Basic dDp0' }, bearer('')]) {
        const response = await fetch(`${daemon.url}${path}`, { method, headers })
        const body = await response.text()
        if (response.status !== 401) open.push(`${method} ${path}`)
        else {
          expect((JSON.parse(body) as Problem).code).toBe('unauthorized')
          expect(response.headers.get('www-authenticate')).toBe('Bearer realm="taylord"')
        }
      }
    }
    expect([...new Set(open)].toSorted()).toEqual(['GET /', 'GET /assets/1', 'GET /livez', 'GET /readyz'])
    expect((await fetch(`${daemon.url}/v1/no-such-thing`)).status).toBe(401)
  },
)

test('each role may call what it says, and the refusal names what was asked and what was had', async () => {
  const daemon = await startDaemon() // it goes down in the end
  const { read, submit, admin } = await guard(daemon)
  const statusOf = async (token: string, method: string, path: string, json?: unknown) => {
    const { status, body } = await daemon.call<Problem>(method, path, { headers: bearer(token), ...(json !== undefined && { json }) })
    if (status === 403) expect(body).toMatchObject({ code: 'forbidden', available: token === read ? 'read' : 'submit' })
    return status
  }
  const statuses = async (method: string, path: string, json?: unknown) => [
    await statusOf(read, method, path, json),
    await statusOf(submit, method, path, json),
    await statusOf(admin, method, path, json),
  ]
  expect(await statuses('GET', '/v1/bosses')).toEqual([200, 200, 200])
  expect(await statuses('HEAD', '/v1/bosses').catch(() => 'no contract')).toBeDefined()
  expect(await statuses('POST', '/v1/bosses', {})).toEqual([403, 201, 201])
  expect(await statuses('POST', '/v1/bosses/1/halt')).toEqual([403, 200, 200])
  expect(await statuses('DELETE', '/v1/bosses/1')).toEqual([403, 409, 409])
  expect(await statuses('POST', '/v1/schedulers/preview', { scheduler: { nosort: true }, pending: [], workers: [] })).toEqual([
    403, 200, 200,
  ])
  expect(await statuses('GET', '/v1/debug/consistency')).toEqual([403, 403, 200])
  expect(await statuses('GET', '/v1/tokens')).toEqual([403, 403, 200])
  for (const [token, role] of [
    [read, 'read'],
    [submit, 'submit'],
    [admin, 'admin'],
  ] as const)
    expect((await daemon.get('/v1/whoami', bearer(token))).body).toMatchObject({ role, name: expect.stringMatching(`^${role}-`) as string })
  expect(await statuses('POST', '/v1/prune', { dry_run: true, keep: 1 })).toEqual([403, 403, 200])
  expect(await statuses('DELETE', '/v1/tokens/none')).toEqual([403, 403, 404])
  expect(await statuses('POST', '/v1/drain')).toEqual([403, 403, 202])
})

test('a token is told once, is in no file, and survives a restart; its name is taken', async () => {
  const data = join(tempDir(), 'data')
  const first = await startDaemon({ data })
  expect((await first.get('/v1/whoami')).body).toEqual({ role: 'admin' })
  const { body: made } = await first.post<Token>('/v1/tokens', { name: 'me', role: 'admin', expires_in: 3600 })
  expect(made).toMatchObject({ name: 'me', role: 'admin', token: expect.stringMatching(/^taylord_[\w-]{43}$/) as string })
  const { body: list } = await first.get<{ items: Token[] }>('/v1/tokens', bearer(made.token))
  expect(list.items).toEqual([{ ...made, token: undefined }])
  const again = await first.call<Problem>('POST', '/v1/tokens', { json: { name: 'me', role: 'read' }, headers: bearer(made.token) })
  expect(again).toMatchObject({ status: 409, body: { code: 'name-taken', name: 'me' } })
  await first.stop()
  for (const file of ['taylord.db', 'taylord.db.lock']) expect(readFileSync(join(data, file)).includes(made.token)).toBe(false)
  expect(first.log).not.toContain(made.token)
  const second = await startDaemon({ data })
  expect((await second.get('/v1/bosses')).status).toBe(401)
  expect((await second.get('/v1/bosses', bearer(made.token))).status).toBe(200)
})

lineTest(
  'a revoked token lets nobody in from the next request on, and what its bearer has open is cut off, sockets with 1008',
  async ({ daemon }) => {
    const { read, submit, admin, nameOf } = await guard(daemon)
    const revoked = socketTo(daemon, { headers: bearer(read) })
    const other = socketTo(daemon, { headers: bearer(submit) })
    await Promise.all([revoked.opened, other.opened])
    const { body: boss } = await daemon.call<{ id: number }>('POST', '/v1/bosses', { json: {}, headers: bearer(submit) })
    const { answer } = await daemon.begin('GET', `/v1/bosses/${boss.id}/report?interim=false`, { prefer: 'wait=60', ...bearer(read) })
    const waiting = answer.then(
      () => 'answered',
      () => 'cut off',
    )
    expect((await daemon.call('DELETE', `/v1/tokens/${nameOf('read')}`, { headers: bearer(admin) })).status).toBe(204)
    expect((await daemon.get('/v1/bosses', bearer(read))).status).toBe(401)
    expect(await revoked.closed).toBe(1008)
    expect(await waiting).toBe('cut off')
    expect((await daemon.get('/v1/bosses', bearer(submit))).status).toBe(200)
    // whoever revokes the token that is used is told so
    const { body: list } = await daemon.get<{ items: Token[] }>('/v1/tokens', bearer(admin))
    const own = list.items.find(({ name }) => name === nameOf('admin'))
    expect((await daemon.call('DELETE', `/v1/tokens/${own?.id}`, { headers: bearer(admin) })).status).toBe(204)
    expect((await daemon.get('/v1/tokens', bearer(admin))).status).toBe(401)
  },
)

test('an expired token lets nobody in, closes its sockets, and does not open the daemon to everybody', async () => {
  const daemon = await startDaemon()
  const { body: made } = await daemon.post<Token>('/v1/tokens', { name: 'brief', role: 'admin', expires_in: 1 })
  const socket = socketTo(daemon, { headers: bearer(made.token) })
  await socket.opened
  expect(await socket.closed).toBe(1008)
  expect((await daemon.get('/v1/bosses', bearer(made.token))).status).toBe(401)
  expect((await daemon.get('/v1/bosses')).status).toBe(401)
})

test('whoever came in before there was a token is cut off when the first one is made', async () => {
  const daemon = await startDaemon()
  const early = socketTo(daemon, {})
  await early.opened
  await daemon.post<Token>('/v1/tokens', { name: 'first', role: 'admin' })
  expect(await early.closed).toBe(1008)
})

lineTest(
  'a socket takes its token from a header, or from a subprotocol that is not told back; never from the address',
  async ({ daemon }) => {
    const { read } = await guard(daemon)
    expect(await socketTo(daemon, { headers: bearer(read) }).opened).toBe('')
    expect(await socketTo(daemon, { protocols: ['taylord', `taylord.bearer.${read}`] }).opened).toBe('taylord')
    await expect(socketTo(daemon, {}).opened).rejects.toThrow('401')
    await expect(socketTo(daemon, { protocols: ['taylord', 'taylord.bearer.nothing'] }).opened).rejects.toThrow('401')
    expect((await fetch(`${daemon.url}/v1/bosses?token=${read}`)).status).toBe(401)
    // a subprotocol is for sockets only
    expect((await fetch(`${daemon.url}/v1/bosses`, { headers: { 'sec-websocket-protocol': `taylord.bearer.${read}` } })).status).toBe(401)
  },
)

lineTest('the idempotency keys of one token are not those of another, and no token is kept for a second asking', async ({ daemon }) => {
  const { submit, admin, nameOf } = await guard(daemon)
  const make = (token: string) =>
    daemon.call<{ id: number }>('POST', '/v1/bosses', { json: {}, headers: { ...bearer(token), 'idempotency-key': 'the-same' } })
  const [mine, theirs, again] = [await make(submit), await make(admin), await make(submit)]
  expect(theirs.body.id).not.toBe(mine.body.id)
  expect(again.body.id).toBe(mine.body.id)
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  const token = (name: string) =>
    daemon.call('POST', '/v1/tokens', { json: { name, role: 'read' }, headers: { ...bearer(admin), 'idempotency-key': 'a-token' } })
  expect([(await token(nameOf('once'))).status, (await token(nameOf('once'))).status]).toEqual([201, 409])
})

test('what is asked of a new token is checked', async () => {
  const daemon = await startDaemon()
  for (const json of [
    {},
    { name: 'a b', role: 'read' },
    { name: 'a', role: 'root' },
    { name: 'a', role: 'read', expires_in: 0 },
    { name: 'a', role: 'read', x: 1 },
  ])
    expect((await daemon.call<Problem>('POST', '/v1/tokens', { json })).body).toMatchObject({ status: 422, code: 'invalid' })
  expect((await daemon.get('/v1/bosses')).status).toBe(200)
})

lineTest('of many that ask for the same name at once one gets it', async ({ daemon }) => {
  const { admin, nameOf } = await guard(daemon)
  const asked = Array.from({ length: 8 }, () =>
    daemon.call('POST', '/v1/tokens', { json: { name: nameOf('same'), role: 'read' }, headers: bearer(admin) }),
  )
  const statuses = (await Promise.all(asked)).map(({ status }) => status)
  expect(statuses.filter((status) => status === 201)).toHaveLength(1)
  expect(statuses.filter((status) => status === 409)).toHaveLength(7)
})

test('taylord token makes, lists and revokes where no daemon runs, where one runs, and at an address', async () => {
  const data = join(tempDir(), 'data')
  const made = await taylord(['token', 'create', 'first', '--role', 'admin', '--data', data])
  expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^taylord_\S+\n$/) as string })
  expect(made.stderr).toContain('This is the only time that the token is told')
  const first = made.stdout.trim()
  const daemon = await startDaemon({ data })
  expect((await daemon.get('/v1/bosses')).status).toBe(401)
  expect((await daemon.get('/v1/tokens', bearer(first))).status).toBe(200)
  // the owner of the directory needs none
  expect(statSync(join(data, 'operator.json')).mode & 0o777).toBe(0o600)
  const second = await taylord(['token', 'create', 'second', '--expires-in', '12h', '--data', data, '--json'])
  const { token, role } = JSON.parse(second.stdout) as Token
  expect(role).toBe('submit')
  expect((await daemon.get('/v1/bosses', bearer(token))).status).toBe(200)
  const there = ['--server', daemon.url]
  expect(await taylord(['token', 'ls', ...there])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('TAYLORD_TOKEN holds the token') as string,
  })
  const { stdout } = await taylord(['token', 'ls'], { TAYLORD_URL: daemon.url, TAYLORD_TOKEN: first })
  expect(stdout).toMatch(/^\d{8} first admin does not expire\n\d{8} second submit until 20\S+Z\n$/)
  expect((await taylord(['token', 'revoke', 'second', '--data', data])).code).toBe(0)
  expect((await daemon.get('/v1/bosses', bearer(token))).status).toBe(401)
  expect((await taylord(['token', 'revoke', 'second', '--data', data])).code).toBe(3)
  expect((await taylord(['token', 'create', 'first', '--data', data])).code).toBe(2)
  await daemon.stop()
  expect((await taylord(['token', 'revoke', 'first', '--data', data])).code).toBe(0)
  expect((await taylord(['token', 'revoke', 'first', '--data', data])).code).toBe(3)
  expect((await taylord(['token', 'ls', '--data', data])).stdout).toBe('')
})

test('where there is no data taylord token says so and makes none, but for a create that names the directory', async () => {
  const data = join(tempDir(), 'data')
  for (const args of [['ls'], ['create', 'x'], ['revoke', 'x'], ['ls', '--data', data]]) {
    const stderr = expect.stringContaining(
      `taylord: there is no ${data}/taylord.db; --data DIR says where the daemon has its data`,
    ) as string
    expect(await taylord(['token', ...args], { TAYLORD_DATA: data })).toEqual({ code: 2, stdout: '', stderr })
  }
  expect(existsSync(data)).toBe(false)
})

test.each([
  [[], 'token takes create, ls or revoke, not ""'],
  [['create'], 'token create takes one NAME'],
  [['ls', 'x'], 'token ls takes nothing more'],
  [['create', 'x', '--role', 'root'], '--role takes read, submit, admin; it is "root"'],
  [['create', 'a b'], 'a name begins with a letter or _'],
  [['create', 'x', '--expires-in', 'soon'], '--expires-in takes a time such as 90s'],
  [['create', 'x', '--expires-in', '40000d'], '--expires-in takes a time of more than 0 and at most 36500d'],
  [['ls', '--server', 'ftp://x'], '--server takes a URL'],
  [['ls', '--server', 'http://x', '--data', 'y'], 'are two ways to the same'],
])('taylord token %j is refused: %s', async (args, message) => {
  expect(await taylord(['token', ...args])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) as string })
})

test('on an address that others can reach it does not start without a token, and says both ways out', async () => {
  const data = join(tempDir(), 'data')
  const { code, message } = await startInVain({ data, args: ['--host', '0.0.0.0'] })
  expect(code).toBe(1)
  expect(message).toContain(`taylord token create admin --role admin --data ${data}`)
  expect(message).toContain('TAYLORD_ALLOW_ANONYMOUS=1')
  await taylord(['token', 'create', 'admin', '--role', 'admin', '--data', data])
  const daemon = await startDaemon({ data, args: ['--host', '0.0.0.0'] })
  const near = daemon.url.replace('0.0.0.0', '127.0.0.1')
  expect((await fetch(`${near}/v1/bosses`)).status).toBe(401)
  expect((await fetch(`${near}/livez`)).status).toBe(200)
  // with the last one revoked nobody comes in
  await taylord(['token', 'revoke', 'admin', '--data', data])
  expect((await fetch(`${near}/v1/bosses`)).status).toBe(401)
  expect((await taylord(['token', 'ls', '--data', data])).code).toBe(0)
})

test('--allow-anonymous lets everybody in on any address, and the log warns of it', async () => {
  const daemon = await startDaemon({ args: ['--host', '0.0.0.0', '--allow-anonymous'] })
  expect((await fetch(`${daemon.url.replace('0.0.0.0', '127.0.0.1')}/v1/bosses`)).status).toBe(200)
  expect(daemon.log).toContain('everybody who reaches this address can run programs here')
})

test('--first-token writes the token of an admin to a file of its owner alone, once, and the log tells where but not what', async () => {
  const dir = tempDir()
  const file = join(dir, 'admin.token')
  const start = { data: join(dir, 'data'), args: ['--host', '0.0.0.0', '--first-token', file] }
  const first = await startDaemon(start)
  const secret = readFileSync(file, 'utf8').trim()
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const listens = (daemon: Daemon) => fetch(`${daemon.url.replace('0.0.0.0', '127.0.0.1')}/v1/tokens`, { headers: bearer(secret) })
  expect((await listens(first)).status).toBe(200)
  await until(() => first.log.includes(file), 'the log says where it is')
  expect(first.log).not.toContain(secret)
  await first.stop()
  const second = await startDaemon(start)
  expect(readFileSync(file, 'utf8').trim()).toBe(secret)
  expect((await listens(second)).status).toBe(200)
  await second.stop()
  // a file that is there is never taken for the token of an empty database
  writeFileSync(join(dir, 'other.token'), 'guess\n')
  const { code, message } = await startInVain({
    data: join(dir, 'other'),
    args: ['--host', '0.0.0.0', '--first-token', join(dir, 'other.token')],
  })
  expect({ code, message }).toMatchObject({ code: 1, message: expect.stringContaining('move the file away') as string })
})
