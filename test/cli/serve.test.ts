import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { tempDir, until } from '../support/temp.js'
import { daemon, root, taylord } from './taylord.js'

/** A port of 127.0.0.1 that somebody listens on. */
async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

test('--port 0 takes a free port, says so first, and SIGTERM ends it with 0', async () => {
  const { firstLine, url, pid, stop } = await daemon(['--port', '0', '--data', tempDir()])
  expect(firstLine).toMatch(/^taylord listening on http:\/\/127\.0\.0\.1:[1-9]\d*$/)
  expect((await fetch(`${url}/livez`)).status).toBe(200)
  // one process: the shell script became Node.js
  const [program, ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  expect(program).toMatch(/node$/)
  expect(args.slice(1, 3)).toEqual([expect.stringMatching(/dist\/main\.js$/), 'serve'])
  expect(await stop()).toBe(0)
})

test('when nobody reads its first line and its log any more, it serves and goes down as ever', async () => {
  const dir = tempDir()
  const socket = join(dir, 'socket')
  const child = spawn(`${root}bin/taylord`, ['serve', '--socket', socket, '--data', join(dir, 'data')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  for (const stream of [child.stdout, child.stderr]) stream.destroy()
  const ended = once(child, 'exit')
  await until(async () => (await taylord(['ls', '--server', `unix:${socket}`])).code === 0, 'it serves')
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
})

test('a second daemon on the same --data is told who holds it', async () => {
  const data = tempDir()
  const first = await daemon(['--port', '0', '--data', data])
  const { code, stdout, stderr } = await taylord(['serve', '--port', '0', '--data', data])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain(`taylord: cannot start with --data ${data}`)
  expect(stderr).toContain(`is held by taylord with pid ${first.pid}`)
  expect(stderr).toContain('start with another --data directory')
  expect((await fetch(`${first.url}/readyz`)).status).toBe(200)
})

test('a port in use is said, with what to do', async () => {
  const port = await takenPort()
  const { code, stdout, stderr } = await taylord(['serve', '--port', String(port), '--data', tempDir()])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain(`port ${port} of 127.0.0.1 is in use`)
  expect(stderr).toContain('give another --port')
})

test('a --data that cannot be a directory, and --plugins that is none', async () => {
  const file = `${tempDir()}/a-file`
  writeFileSync(file, '')
  const inFile = await taylord(['serve', '--port', '0', '--data', `${file}/data`])
  expect(inFile).toMatchObject({ code: 1, stderr: expect.stringContaining(`cannot start with --data ${file}/data: ENOTDIR`) as string })
  // there is no directory to be made there; the kernel's answer made mkdir of Node.js try for ever
  const inProc = await taylord(['serve', '--port', '0', '--data', '/proc/x/y'])
  expect(inProc).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot start with --data /proc/x/y: ENOENT') as string })
  expect(inProc.stderr).toContain('give a directory that can be made and written to')
  const data = tempDir()
  const noPlugins = await taylord(['serve', '--port', '0', '--data', data, '--plugins', `${file}/plugins`])
  expect(noPlugins).toMatchObject({ code: 1, stderr: expect.stringContaining('give --plugins a directory') as string })
  expect(readdirSync(data)).not.toContain('taylord.db.new')
})
