import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { daemonVariable, frameVersion, pipes } from '../../dist/frames.js'

const main = fileURLToPath(new URL('../../dist/worker/main.js', import.meta.url))

function aHost(parent: number) {
  const host = spawn(process.execPath, [main], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, [daemonVariable]: String(parent) },
  })
  let stderr = ''
  host.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) => host.once('close', (code) => resolve({ code, stderr })))
  return { host, ended, toHost: host.stdio[pipes.toHost] as NodeJS.WritableStream }
}

test('a host refuses another version of the frames and names both', async () => {
  const { ended, toHost } = aHost(process.pid)
  toHost.write(`${JSON.stringify({ hello: { version: 99, role: 'js', kinds: {}, outputs: '/', run: '/' } })}\n`)
  const { code, stderr } = await ended
  expect(code).not.toBe(0)
  expect(stderr).toContain(`version ${frameVersion}`)
  expect(stderr).toContain('99')
})

test('a host whose daemon is gone before it begins leaves at once', async () => {
  const { ended } = aHost(1)
  expect((await ended).code).toBe(1)
})

test('a host leaves when its pipe closes', async () => {
  const { ended, toHost } = aHost(process.pid)
  toHost.end()
  expect((await ended).code).toBe(0)
})
