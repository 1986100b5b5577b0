import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'

/**
 * Schemathesis against a daemon of its own, with a token that may submit: requests made up from openapi.yaml, each answer held against it. Two on
 * each core, with seeds of their own, for to make requests up takes longer than to answer them. All that is given goes on to
 * `schemathesis run`, as in `npm run fuzz -- --max-examples 1000 --seed 7`. Ends with 1 when one of them found something, or when the daemon
 * has not come through it well.
 */
const root = fileURLToPath(new URL('../../', import.meta.url))
const shm = '/dev/shm'
const dir = mkdtempSync(join(existsSync(shm) ? shm : tmpdir(), 'taylord-fuzz-'))
const [empty, data] = [join(dir, 'empty'), join(dir, 'data')]
mkdirSync(empty)
const main = join(root, 'dist/main.js')

const { tokens } = parseArgs({ options: { seed: { type: 'string' } }, strict: false, allowPositionals: true, tokens: true })
const given = tokens.find((token) => token.kind === 'option' && token.name === 'seed')
const seed = given && 'value' in given ? Number(given.value) : Math.floor(Math.random() * 2 ** 31)

const makeToken = (name: string, role: string) =>
  execFileSync(process.execPath, [main, 'token', 'create', name, '--role', role, '--data', data], { stdio: ['ignore', 'pipe', 'ignore'] })
    .toString()
    .trim()
const admin = makeToken('admin', 'admin')

/** What a made-up instruction names is found nowhere: there is no program in PATH, and it stands in a directory without any. */
const daemon = spawn(process.execPath, [main, 'serve', '--port', '0', '--data', data, '--plugins', join(root, 'test/kinds')], {
  cwd: empty,
  env: { PATH: empty, TMPDIR: dir },
  stdio: ['ignore', 'pipe', 'pipe'],
})
let log = ''
daemon.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()))
const [line] = (await once(createInterface(daemon.stdout), 'line')) as [string]
const url = line.replace(/^.* /, '')
const submitter = makeToken('fuzzer', 'submit')

const rssMiB = () => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${daemon.pid}/status`, 'utf8'))?.[1]) / 1024
const samples: number[] = []
const began = Date.now()
const sampling = setInterval(() => samples.push(rssMiB()), 1_000)

const headers = { authorization: `Bearer ${admin}` }
/** Seconds after which a Boss is stopped, so that what follows an instruction that never begins is told of an end within the time of a call. */
const stopSeconds = 20
/** So many of the newest stay when they are over, and what is younger than that. */
const [young, oldSeconds] = [100, 120]
const ageSeconds = ({ created_at: at }: { created_at: string }) => (Date.now() - Date.parse(at)) / 1000
/** Bosses that nobody asks for any more are stopped, then removed, as by whoever looks after a daemon: what grows besides them is a leak. */
async function tidy(): Promise<void> {
  const { items } = (await (await fetch(`${url}/v1/bosses?order=newest&limit=10000`, { headers })).json()) as {
    items: { id: number; created_at: string; over_at?: string }[]
  }
  for (const [place, boss] of items.entries()) {
    const path = `${url}/v1/bosses/${boss.id}`
    if (boss.over_at === undefined && ageSeconds(boss) > stopSeconds) await fetch(`${path}/stop?now=true`, { method: 'POST', headers })
    if (boss.over_at !== undefined && place >= young && ageSeconds(boss) > oldSeconds) await fetch(path, { method: 'DELETE', headers })
  }
}
const tidying = setInterval(() => void tidy().catch((error: unknown) => console.log('could not tidy up:', error)), (stopSeconds * 1000) / 4)

/** A call that takes longer than that has hung. */
const always = ['--request-timeout', '60', '--continue-on-failure', '--warnings', 'off', '--no-color']
const config = ['--config-file', join(root, 'test/fuzz/schemathesis.toml')]

/** Resolves to the cases that it tried, and whether it found nothing. */
async function fuzz(own: number, phases: readonly string[]): Promise<{ cases: number; isWell: boolean }> {
  const args = [
    ...config,
    'run',
    join(root, 'openapi.yaml'),
    '--url',
    url,
    ...always,
    ...phases,
    ...process.argv.slice(2),
    '--seed',
    String(own),
  ]
  const fuzzer = spawn(join(root, '.venv/bin/schemathesis'), args, {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, SCHEMATHESIS_HOOKS: join(root, 'test/fuzz/hooks.py'), TAYLORD_TOKEN: submitter },
  })
  let cases = Number.NaN
  const lines = createInterface(fuzzer.stdout)
  lines.on('line', (text) => {
    console.log(`${own}: ${text}`)
    cases = Number(/([\d,]+) generated/.exec(text)?.[1]?.replaceAll(',', '') ?? cases)
  })
  const [code] = (await once(fuzzer, 'close')) as [number | null]
  return { cases, isWell: code === 0 }
}
// what is made up without chance is tried once
const tried = await Promise.all(
  Array.from({ length: 2 * availableParallelism() }, (_, i) => fuzz(seed + i, i === 0 ? [] : ['--phases', 'fuzzing,stateful'])),
)
clearInterval(sampling)
clearInterval(tidying)

const alive = daemon.exitCode === null && daemon.signalCode === null
const answer = alive ? await fetch(`${url}/v1/debug/consistency`, { headers }) : undefined
const breaches = answer ? ((await answer.json()) as { breaches: string[] }).breaches : ['the daemon is gone']
const bugs = log.split('\n').filter((entry) => entry.includes('a bug'))
const isWell = tried.every((one) => one.isWell) && breaches.length === 0 && bugs.length === 0
const rssAt = (part: number) => samples[Math.min(samples.length - 1, Math.floor(samples.length * part))]?.toFixed(0)
const cases = tried.reduce((sum, one) => sum + one.cases, 0)
console.log(
  `${cases} cases in ${((Date.now() - began) / 1000).toFixed(0)} s, seeds ${tried.map((_, i) => seed + i).join(' and ')}: ${isWell ? 'nothing found' : 'something found'}`,
)
console.log(
  `daemon: RSS in MiB at 10 % ${rssAt(0.1)}, 50 % ${rssAt(0.5)}, 100 % ${rssAt(1)}, at most ${Math.max(...samples).toFixed(0)}; ${bugs.length} bugs in its log`,
)
for (const wrong of [...breaches, ...bugs]) console.log(`wrong: ${wrong}`)
if (alive) {
  daemon.kill('SIGTERM')
  await once(daemon, 'exit')
}
rmSync(dir, { recursive: true, force: true })
process.exitCode = isWell ? 0 : 1
