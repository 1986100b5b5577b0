import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { processesWith, untilGone } from '../support/processes.js'
import { tempDir, until } from '../support/temp.js'

const demo = fileURLToPath(new URL('../../examples/demo.mjs', import.meta.url))

/** Starts the demo as the leader of a process group, as a terminal does; by `tmp` whatever it leaves behind is found. */
function start(...args: readonly string[]) {
  const tmp = tempDir()
  const child = spawn(process.execPath, [demo, ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: tmp },
  })
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (output.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output.err += chunk.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { tmp, output, ended, group: -(child.pid ?? 0), stopReading: () => child.stdout.destroy() }
}

async function assertNothingLeft(tmp: string): Promise<void> {
  await untilGone(tmp)
  expect(readdirSync(tmp)).toEqual([])
}

test('the demo compresses, compares the digests, tells what it came to, and leaves nothing behind', async () => {
  const { tmp, output, ended } = start('--megabytes', '2')
  expect(await ended, output.err).toBe(0)
  const { out } = output
  for (const row of ['files', 'bytes', 'wall time', 'sum of CPU time', 'speed-up over one core'])
    expect(out).toMatch(new RegExp(`^${row} +\\d`, 'm'))
  expect(out).toMatch(/the five longest:\n(?: +\d+\.\d+ s  .*\n){5}/)
  expect(out).toMatch(/both digests agree for each of the \d+ files/)
  expect(out).toMatch(/^ {2}curl http:\/\/127\.0\.0\.1:\d+\/v1\/bosses --json /m)
  await assertNothingLeft(tmp)
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('the demo ends with all that it started when its process group gets %s', async (signal, code) => {
  const { tmp, output, ended, group } = start()
  // a worker's process is there: the work has begun
  await until(() => processesWith(tmp).some(({ command }) => command.includes('worker/main.js')), `a worker\n${output.err}`)
  process.kill(group, signal)
  expect(await ended, output.err).toBe(code)
  await assertNothingLeft(tmp)
})

test('the demo ends with all that it started when it is interrupted before the daemon listens', async () => {
  const { tmp, output, ended, group } = start()
  await until(() => readdirSync(tmp).length > 0, 'a data directory')
  process.kill(group, 'SIGINT')
  expect(await ended, output.err).toBe(130)
  await assertNothingLeft(tmp)
})

test('the demo ends with all that it started when nobody reads its output any more', async () => {
  const { tmp, output, ended, stopReading } = start('--megabytes', '2')
  await until(() => output.out.includes('files of'), 'the first line')
  stopReading()
  expect(await ended, output.err).toBe(141)
  await assertNothingLeft(tmp)
})

test('the demo refuses a number of megabytes that is none', async () => {
  const { tmp, output, ended } = start('--megabytes', 'many')
  expect(await ended).toBe(2)
  expect(output.err).toBe('--megabytes must be a number above 0; it is "many"\n')
  await assertNothingLeft(tmp)
})
