// Measures taylord against what users would pick instead: docs/bench.md.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { descendantsOf, signalAll } from '../dist/processes.js'
import { median } from './figures.ts'
import { commit, thisMachine } from './machine.ts'
import type { Part, Row } from './part.ts'
import { c1 } from './parts/c1.ts'
import { d1 } from './parts/d1.ts'
import { d2 } from './parts/d2.ts'
import { e1 } from './parts/e1.ts'
import { i1 } from './parts/i1.ts'
import { l1 } from './parts/l1.ts'
import { m1, m1Idle } from './parts/m1.ts'
import { n1 } from './parts/n1.ts'
import { s1 } from './parts/s1.ts'
import { s2 } from './parts/s2.ts'
import { s3 } from './parts/s3.ts'
import { w1 } from './parts/w1.ts'
import { w2 } from './parts/w2.ts'
import { startServers } from './peers/servers.ts'
import { figure, keep, met, targetText } from './results.ts'

const parts: Readonly<Record<string, Part>> = {
  w1,
  w2,
  l1,
  i1,
  s1,
  s2,
  s3,
  e1,
  d1,
  d2,
  'm1-2': m1(2),
  'm1-8': m1(8),
  'm1-64': m1(64),
  'm1-idle-2': m1Idle(2),
  'm1-idle-8': m1Idle(8),
  'm1-idle-64': m1Idle(64),
  c1,
  n1,
}
const ids = Object.keys(parts)

const help = `Usage: npm run bench -- [PART…] [options]

Measures these parts one after the other, all of them when none is named:
${Object.entries(parts)
  .map(([id, part]) => `  ${id.padEnd(7)}  ${part.help}`)
  .join('\n')}

Options:
  --runs N  how often each is measured (5)
  --ours    without the peers; for a quick look, so nothing is kept
  --small   a hundredth of the work, to try the scripts out; nothing is kept
  --help

What it finds goes to bench/results/PART.json; bench/RESULTS.md is made from all that are there.
It ends with 1 when a part could not be measured; the others are.`

async function main(): Promise<number> {
  let given
  try {
    given = parseArgs({
      options: {
        runs: { type: 'string', default: '5' },
        ours: { type: 'boolean', default: false },
        small: { type: 'boolean', default: false },
        help: { type: 'boolean' },
      },
      allowPositionals: true,
    })
    if (!/^[1-9]\d*$/.test(given.values.runs)) throw new Error(`--runs must be a whole number from 1 on; it is ${given.values.runs}`)
    const unknown = given.positionals.find((id) => !parts[id])
    if (unknown !== undefined) throw new Error(`there is no part ${unknown}; there are ${ids.join(', ')}`)
  } catch (error) {
    console.error(`${(error as Error).message}; npm run bench -- --help says more`)
    return 2
  }
  const { values, positionals } = given
  if (values.help === true) {
    console.log(help)
    return 0
  }
  if (!values.ours) {
    const { status } = spawnSync('sh', [fileURLToPath(new URL('peers/setup', import.meta.url))], { stdio: 'inherit' })
    if (status !== 0) return 1
  }
  let failed = 0
  for (const id of positionals.length > 0 ? positionals : ids) {
    try {
      const part = parts[id]
      if (part) await measure(id, part, { ...values, runs: Number(values.runs) })
    } catch (error) {
      failed++
      console.error(error)
    }
  }
  return failed > 0 ? 1 : 0
}

interface How {
  readonly runs: number
  readonly ours: boolean
  readonly small: boolean
}

/** Directory of the part that is being measured. */
let dir = ''

// whatever ends it, servers and daemons do not stay
process.on('exit', () => {
  signalAll(descendantsOf(process.pid), 'SIGKILL')
  if (dir !== '') rmSync(dir, { recursive: true, force: true, maxRetries: 10 })
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

async function measure(id: string, part: Part, { runs, ours, small }: How): Promise<void> {
  dir = mkdtempSync(join(tmpdir(), 'taylord-bench-'))
  chmodSync(dir, 0o755) // PostgreSQL runs as another user
  const say = (progress: string) => {
    if (progress !== '' || process.stderr.isTTY) process.stderr.write(process.stderr.isTTY ? `\r  ${progress}\x1b[K` : `  ${progress}\n`)
  }
  console.log(`${id.toUpperCase()}  ${part.help}`)
  const machine = thisMachine()
  const date = new Date().toISOString()
  try {
    const servers = await startServers(ours ? [] : part.needs, dir)
    let rows: Row[]
    try {
      rows = await part.run({ runs, dir, ours, size: (n) => (small ? Math.ceil(n / 100) : n), servers, say })
    } finally {
      await servers.stop()
    }
    say('')
    for (const row of rows) console.log(lineOf(row))
    if (!ours && !small) keep({ id, help: part.help, notes: part.notes, date, commit: commit(), machine, runs, rows }, ids)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function lineOf(row: Row): string {
  const { what, unit, values, target } = row
  const spread = values.length > 1 ? `${figure(Math.min(...values))} … ${figure(Math.max(...values))}` : ''
  const wanted = target ? `${targetText(target)} ${met(row) ? 'met' : 'NOT MET'}` : ''
  return `  ${what.padEnd(52)} ${figure(median(values)).padStart(10)} ${unit.padEnd(8)} ${spread.padEnd(22)} ${wanted}`.trimEnd()
}

process.exitCode = await main()
