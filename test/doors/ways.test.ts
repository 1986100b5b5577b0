import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { request, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { daemon, root, taylord } from '../cli/taylord.js'
import { startDaemon, startInVain } from '../support/daemon.js'
import { tempDir } from '../support/temp.js'

interface Said {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** Asks as curl does. */
async function ask(url: string, options: RequestOptions & { ca?: string; body?: string } = {}): Promise<Said> {
  const sent = (url.startsWith('https') ? tlsRequest : request)(url, options)
  sent.end(options.body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) }
}

test('on a Unix socket only its owner comes in; the first line says where, and it is gone at the end', async () => {
  const dir = tempDir()
  const path = join(dir, 's.sock')
  const up = await daemon(['--socket', path, '--data', join(dir, 'data')])
  expect(up.firstLine).toBe(`taylord listening on unix:${path}`)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(await ask('http://localhost/livez', { socketPath: path })).toMatchObject({ status: 200 })
  // a live one is refused, and goes on
  const second = await startInVain({ data: join(dir, 'other'), args: ['--socket', path] })
  expect(second).toMatchObject({ code: 1, message: expect.stringContaining(`somebody listens on ${path}`) as string })
  expect(await ask('http://localhost/livez', { socketPath: path })).toMatchObject({ status: 200 })
  // the owner of the data directory reaches it
  const made = await taylord(['token', 'create', 'me', '--role', 'admin', '--data', join(dir, 'data')])
  expect(made.code, made.stderr).toBe(0)
  expect(await ask('http://localhost/v1/bosses', { socketPath: path })).toMatchObject({ status: 401 })
  expect(await up.stop()).toBe(0)
  expect(existsSync(path)).toBe(false)
  expect(existsSync(join(dir, 'data', 'operator.json'))).toBe(false)
})

test('a socket that a killed daemon left is replaced; what is no socket is not', async () => {
  const dir = tempDir()
  const path = join(dir, 's.sock')
  const first = spawn(`${root}bin/taylord`, ['serve', '--socket', path, '--data', join(dir, 'data')], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  onTestFinished(() => void first.kill('SIGKILL'))
  await once(first.stdout, 'data')
  first.kill('SIGKILL')
  await once(first, 'exit')
  expect(existsSync(path)).toBe(true)
  const second = await daemon(['--socket', path, '--data', join(dir, 'data')])
  expect(await ask('http://localhost/livez', { socketPath: path })).toMatchObject({ status: 200 })
  await second.stop()
  writeFileSync(path, 'mine')
  const third = await startInVain({ data: join(dir, 'data'), args: ['--socket', path] })
  expect(third.message).toContain(`${path} is there and is no socket`)
  expect(readFileSync(path, 'utf8')).toBe('mine')
})

test('with a certificate it speaks https, to sockets too, and says so to browsers for later', async () => {
  const dir = tempDir()
  const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')]
  const subject = ['-subj', '/CN=big.example', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-days', '2']
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert, ...subject],
    { stdio: 'ignore' },
  )
  const up = await daemon(['--port', '0', '--tls-cert', cert, '--tls-key', key, '--data', join(dir, 'data')])
  const [, url = ''] = /^taylord listening on (https:\/\/127\.0\.0\.1:\d+)$/.exec(up.firstLine) ?? []
  const ca = readFileSync(cert, 'utf8')
  const answer = await ask(`${url}/v1/bosses`, { ca })
  expect(answer.status).toBe(200)
  expect(answer.headers['strict-transport-security']).toBe('max-age=15552000')
  const socket = new WebSocket(`${url.replace('https', 'wss')}/v1/events`, { ca })
  await once(socket, 'open')
  socket.terminate()
  await expect(ask(`${url}/livez`)).rejects.toThrow('self-signed')
  await expect(ask(`${url.replace('https', 'http')}/livez`)).rejects.toThrow()
  const made = await taylord(['token', 'create', 'me', '--role', 'admin', '--data', join(dir, 'data')])
  expect(made.code, made.stderr).toBe(0)
  expect((await ask(`${url}/v1/bosses`, { ca, headers: { authorization: `Bearer ${made.stdout.trim()}` } })).status).toBe(200)
  await up.stop()
})

test('a certificate that cannot be read keeps it from starting, by its name', async () => {
  const dir = tempDir()
  const { code, message } = await startInVain({
    data: join(dir, 'data'),
    args: ['--tls-cert', join(dir, 'no.pem'), '--tls-key', join(dir, 'no.key')],
  })
  expect(code).toBe(1)
  expect(message).toContain(join(dir, 'no.pem'))
})

test('under the path of a proxy every address that it gives is one of the proxy', async () => {
  const up = await startDaemon({ args: ['--base-path', '/batch/taylord'] })
  const at = `${up.url}/batch/taylord`
  const made = await ask(`${at}/v1/bosses`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })
  expect(made).toMatchObject({ status: 201, headers: { location: '/batch/taylord/v1/bosses/1' } })
  expect((await ask(`${up.url}${made.headers.location}`)).status).toBe(200)
  await ask(`${at}/v1/bosses`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })
  const page = await ask(`${at}/v1/bosses?limit=1`)
  const [, next = ''] = /^<([^>]+)>; rel="next"$/.exec(String(page.headers.link)) ?? []
  expect(next).toMatch(/^\/batch\/taylord\/v1\/bosses\?/)
  expect((await ask(`${up.url}${next}`)).status).toBe(200)
  expect((await ask(`${at}/openapi.yaml`)).body).toContain('- url: /batch/taylord')
  const socket = new WebSocket(`${at.replace('http', 'ws')}/v1/events`)
  await once(socket, 'open')
  socket.terminate()
  // a proxy may take the path off itself, and probes come past it
  expect((await ask(`${up.url}/livez`)).status).toBe(200)
  expect((await ask(`${up.url}/batch/taylordx/livez`)).status).toBe(404)
})

test('a port in use is refused as before', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void other.close())
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const { message } = await startInVain({ data: join(tempDir(), 'data'), args: ['--port', String(port)] })
  expect(message).toContain(`port ${port} of 127.0.0.1 is in use`)
})
