import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/**
 * Schemathesis against a daemon of its own: requests made up from openapi.yaml, each answer held against it. All that is given goes on to
 * `schemathesis run`, as in `npm run fuzz -- --max-examples 1000 --seed 7`. Ends with what it ends with, or 1 when the daemon has not come
 * through it well.
 */
const root = fileURLToPath(new URL('../../', import.meta.url))
const shm = '/dev/shm'
const dir = mkdtempSync(join(existsSync(shm) ? shm : tmpdir(), 'taylord-fuzz-'))
const empty = join(dir, 'empty')
mkdirSync(empty)

/** What a made-up instruction names is found nowhere: there is no program in PATH, and it stands in a directory without any. */
const daemon = spawn(
  process.execPath,
  [join(root, 'dist/main.js'), 'serve', '--port', '0', '--data', join(dir, 'data'), '--plugins', join(root, 'test/kinds')],
  {
    cwd: empty,
    env: { PATH: empty, TMPDIR: dir },
    stdio: ['ignore', 'pipe', 'pipe'],
  },
)
let log = ''
daemon.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()))
const [line] = (await once(createInterface(daemon.stdout), 'line')) as [string]
const url = line.replace(/^.* /, '')

const rssMiB = () => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${daemon.pid}/status`, 'utf8'))?.[1]) / 1024
const samples: number[] = []
const sampling = setInterval(() => samples.push(rssMiB()), 1_000)

const python = process.env['SCHEMATHESIS'] ?? join(root, '.venv/bin/schemathesis')
const fuzzer = spawn(
  python,
  ['--config-file', join(root, 'test/fuzz/schemathesis.toml'), 'run', join(root, 'openapi.yaml'), '--url', url, ...process.argv.slice(2)],
  {
    cwd: dir,
    stdio: 'inherit',
  },
)
const [code] = (await once(fuzzer, 'exit')) as [number | null]
clearInterval(sampling)

const alive = daemon.exitCode === null && daemon.signalCode === null
const answer = alive ? await fetch(`${url}/v1/debug/consistency`) : undefined
const breaches = answer ? ((await answer.json()) as { breaches: string[] }).breaches : ['the daemon is gone']
const bugs = log.split('\n').filter((entry) => entry.includes('a bug'))
const tenth = (part: number) => samples[Math.min(samples.length - 1, Math.floor(samples.length * part))]?.toFixed(0)
console.log(
  `daemon: RSS in MiB at 10 % ${tenth(0.1)}, 50 % ${tenth(0.5)}, 100 % ${tenth(1)}, at most ${Math.max(...samples).toFixed(0)}; ${bugs.length} bugs in its log`,
)
for (const wrong of [...breaches, ...bugs]) console.log(`wrong: ${wrong}`)
if (alive) {
  daemon.kill('SIGTERM')
  await once(daemon, 'exit')
}
if (process.env['TAYLORD_FUZZ_LOG']) writeFileSync(process.env['TAYLORD_FUZZ_LOG'], log)
rmSync(dir, { recursive: true, force: true })
process.exitCode = code === 0 && breaches.length === 0 && bugs.length === 0 ? 0 : 1
