import { execFile, spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { processesWith, untilGone } from '../support/processes.js'
import { tempDir, until } from '../support/temp.js'

const main = fileURLToPath(new URL('../../bench/main.ts', import.meta.url))
const bench = (...args: string[]) =>
  new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [main, ...args], (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }))
  })

const ids = [
  'w1',
  'w2',
  'l1',
  'i1',
  's1',
  's2',
  's3',
  'e1',
  'd1',
  'd2',
  'm1-2',
  'm1-8',
  'm1-64',
  'm1-idle-2',
  'm1-idle-8',
  'm1-idle-64',
  'c1',
  'n1',
]

test('--help names each part', async () => {
  const { code, stdout } = await bench('--help')
  expect(code).toBe(0)
  const named = [...stdout.matchAll(/^ {2}([a-z]\d\S*) +\S/gm)].map(([, id]) => id)
  expect(named).toEqual(ids)
})

test.each([
  [['w9'], `there is no part w9; there are ${ids.join(', ')}; npm run bench -- --help says more\n`],
  [['--runs', '0'], '--runs must be a whole number from 1 on; it is 0; npm run bench -- --help says more\n'],
])('%j is refused with what there is', async (args, stderr) => {
  expect(await bench(...args)).toEqual({ code: 2, stdout: '', stderr })
})

test('a small run shows the median, the least and the most, and whether the target is met', async () => {
  const { code, stdout, stderr } = await bench('w1', '--runs', '2', '--small', '--ours')
  expect(code, stderr).toBe(0)
  expect(stdout).toMatch(/^W1 {2}100,000 no-op/m)
  expect(stdout).toMatch(/^ {2}taylord +[\d,.]+ \/s +[\d,.]+ … [\d,.]+ +≥ 60,000 (NOT MET|met)$/m)
})

test('who ends it ends the cluster that it has started, too, and nothing is left of either', { timeout: 120_000 }, async () => {
  const TMPDIR = tempDir()
  const child = spawn(process.execPath, [main, 'n1', '--runs', '1', '--small', '--ours'], {
    stdio: 'ignore',
    env: { ...process.env, TMPDIR },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await until(() => processesWith(TMPDIR).some(({ command }) => command.startsWith('srun ')), 'its cluster is at work', 60_000)
  child.kill('SIGTERM')
  await untilGone(TMPDIR)
  await until(() => readdirSync(TMPDIR).length === 0, 'no file is left')
})
