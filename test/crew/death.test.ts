import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { reapLeftovers } from '../../dist/crew/local.js'
import { daemonVariable, pipes, runFile, tokenVariable } from '../../src/frames.js'
import { modules, TestCrew, unbound } from '../support/crew.js'
import { Logbook } from '../support/logbook.js'
import { processesWith, untilGone } from '../support/processes.js'
import { tempDir, until } from '../support/temp.js'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const hostMain = here('../../dist/worker/main.js')

test('when the process of a crew is killed, its hosts, guards, programs and what left their group are gone', async () => {
  const dir = tempDir()
  const log = new Logbook(dir)
  const module = fileURLToPath(modules['busy'] ?? '')
  // whatever is started carries the directory in TMPDIR, or among its arguments
  const crew = spawn(process.execPath, [here('../support/crew-alone.mjs'), dir, log.file, log.gate('never'), module], {
    stdio: 'inherit',
    env: { ...process.env, TMPDIR: dir },
  })
  onTestFinished(() => void crew.kill('SIGKILL'))
  for (const line of ['+ program', '+ grandchild', '+ busy']) await log.untilWritten(line)
  await until(() => processesWith('taylord-guard').some(({ command }) => command.includes(dir)), 'its hosts have guards')
  crew.kill('SIGKILL')
  await untilGone(dir)
})

test('a guard ends what is left of a host that is killed while its daemon lives', async () => {
  const crew = new TestCrew()
  const log = new Logbook(tempDir())
  const { kind: _kind, ...row } = log.program(
    'program',
    'never',
    `trap '' TERM HUP
setsid sh -c 'trap "" TERM HUP; echo "+ grandchild" >> "$0"; until [ -e "$1" ]; do sleep 0.05; done' "$1" "$2" &`,
  )
  const f = crew.send(unbound(1), 'command', [row])
  for (const line of ['+ program', '+ grandchild']) await log.untilWritten(line)
  process.kill(await crew.pidOf(f), 'SIGKILL')
  expect(await crew.ended()).toMatchObject({ guilty: { f, row: 0 }, cause: 'signal', signal: 'SIGKILL' })
  await untilGone(log.gate('never'))
})

test('a start ends what carries the token of a run file, and nothing else', async () => {
  const dir = tempDir()
  const runDir = join(dir, 'run')
  mkdirSync(runDir)
  const page = Buffer.alloc(runFile.bytes)
  page.write(`${'0'.padEnd(15)}\n${'1'.padEnd(15)}\n${'a'.repeat(32)}\n`, 'latin1')
  writeFileSync(join(runDir, '1-1'), page)
  const start = (token: string) => spawn('sleep', ['600'], { env: { ...process.env, [tokenVariable]: token } })
  const [marked, other] = [start('a'.repeat(32)), start('b'.repeat(32))]
  onTestFinished(() => void other.kill('SIGKILL'))
  const ended = new Promise((resolve) => marked.once('exit', (_code, signal) => resolve(signal)))
  await until(() => processesWith('a'.repeat(32)).length > 0 && processesWith('b'.repeat(32)).length > 0, 'both run')
  await reapLeftovers(runDir)
  expect(await ended).toBe('SIGKILL')
  expect(other.exitCode ?? other.signalCode).toBeNull()
  expect(readdirSync(runDir)).toEqual([])
})

test('a host that cannot be started fails the first row with what is wrong, again and again', async () => {
  const crew = new TestCrew()
  const f = crew.send({ id: 1, cpus: [4095] }, 'noop', [{ value: 1 }, { value: 2 }])
  expect(await crew.ended()).toMatchObject({ frames: [f], guilty: { f, row: 0 }, cause: 'start' })
  const g = crew.send({ id: 1, cpus: [4095] }, 'noop', [{ value: 1 }])
  await until(() => crew.told.some((told) => told.type === 'ended' && told.frames.includes(g)), 'the next one ends as well')
})

test('a host refuses a daemon that speaks another version of the frames, and says both', async () => {
  const run = join(tempDir(), 'run')
  writeFileSync(run, Buffer.alloc(runFile.bytes))
  const host = spawn(process.execPath, [hostMain], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, [daemonVariable]: String(process.pid), [tokenVariable]: 'c'.repeat(32) },
  })
  let message = ''
  host.stderr?.on('data', (chunk: Buffer) => (message += chunk.toString()))
  const ended = new Promise((resolve) => host.once('close', resolve))
  const toHost = host.stdio[pipes.toHost] as NodeJS.WritableStream
  toHost.on('error', () => undefined)
  toHost.write(`${JSON.stringify({ hello: { version: 4711, role: 'js', kinds: {}, outputs: '/tmp', run } })}\n`)
  expect(await ended).toBe(1)
  expect(message).toMatch(/version 1 of the frames, the daemon 4711/)
})

test('a host without its daemon ends by itself', async () => {
  const host = spawn(process.execPath, [hostMain], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, [daemonVariable]: '1', [tokenVariable]: 'd'.repeat(32) },
  })
  expect(await new Promise((resolve) => host.once('exit', resolve))).toBe(1)
})
