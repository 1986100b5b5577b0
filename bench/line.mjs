// How fast instructions go through the whole line: one NDJSON append over HTTP to a fresh daemon, two workers, every report read back.
// No-ops by a JS kind, and /bin/true by the kind `command`, the latter against `xargs -P2` in the same run.
//
//   node bench/line.mjs [runs]        5 runs, medians with the least and the most
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const runs = Number(process.argv[2] ?? 5)

/** Starts a daemon of its own, measures `n` rows through it, ends it. @returns rows a second, from the POST to the last report. */
async function through(n, rowOf) {
  const data = mkdtempSync(join(tmpdir(), 'taylord-bench-'))
  const args = ['serve', '--port', '0', '--data', data, '--plugins', here('kinds'), '--log', 'warn']
  const daemon = spawn(here('../bin/taylord'), args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(daemon.stdout, 'data')
  const url = `${/http:\S+/.exec(String(line))?.[0]}/v1/bosses`
  try {
    const boss = await post(url, 'application/json', JSON.stringify({ scheduler: { limit: 'threads', max_threads: 2 } }))
    const rows = Array.from({ length: n }, (_, i) => JSON.stringify(rowOf(i))).join('\n')
    const start = performance.now()
    await post(`${url}/${boss.id}/instructions`, 'application/x-ndjson', rows)
    await post(`${url}/${boss.id}/end`, 'application/json', '{}')
    const report = await fetch(`${url}/${boss.id}/report?interim=false`, {
      headers: { accept: 'application/x-ndjson', prefer: 'wait=600' },
    })
    const entries = (await report.text()).trim().split('\n')
    const seconds = (performance.now() - start) / 1000
    const good = entries.filter((entry) => JSON.parse(entry).outcome === 'succeeded').length
    if (good !== n) throw new Error(`${good} of ${n} succeeded`)
    return n / seconds
  } finally {
    daemon.kill('SIGTERM')
    await once(daemon, 'exit')
    rmSync(data, { recursive: true, force: true })
  }
}

async function post(url, type, body) {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body })
  if (!response.ok) throw new Error(await response.text())
  return response.json()
}

function xargs(n) {
  const start = performance.now()
  const { status } = spawnSync('xargs', ['-P2', '-n1', '/bin/true'], { input: `${'x\n'.repeat(n)}` })
  if (status !== 0) throw new Error('xargs failed')
  return n / ((performance.now() - start) / 1000)
}

async function measure(name, once) {
  const rates = []
  for (let run = 0; run < runs; run++) rates.push(await once())
  rates.sort((a, b) => a - b)
  const show = (rate) => rate.toFixed(rate < 10 ? 2 : 0)
  console.log(`${name.padEnd(44)} ${show(rates[Math.floor(runs / 2)]).padStart(8)}   (${show(rates[0])} … ${show(rates.at(-1))})`)
}

console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}, synchronous=FULL, ${runs} runs: median (least … most)`)
await measure('20,000 no-ops, a second', () => through(20_000, (i) => ({ kind: 'noop', i })))
await measure('100,000 no-ops, a second', () => through(100_000, (i) => ({ kind: 'noop', i })))
const command = () => through(2_000, () => ({ kind: 'command', program: '/bin/true' }))
await measure('2,000 × /bin/true, a second', command)
await measure('2,000 × /bin/true, ratio to xargs -P2', async () => {
  const before = xargs(2_000)
  const ours = await command()
  return (2 * ours) / (before + xargs(2_000))
})
