import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished } from 'vitest'
import { lineTestWith, type Problem } from '../support/daemon.js'
import { tempDir, until } from '../support/temp.js'
import { clusterOfFile } from './cluster.js'
import { workersOf } from './hands.js'
import { slurmArgs } from './settings.js'
import { Stamps } from './stamps.ts'

const cluster = await clusterOfFile(2, { MINI_SLURM_CPUS: '2', MINI_SLURM_MEM: '1600' })
const patienceMs = 60_000
// a daemon may itself run in a job of Slurm's: nothing of that may reach the jobs that it asks for
const allocation = await cluster.run('salloc', '--no-shell', '-n1', '--mem=60M', '--time=10', '-J', 'outer').then(() => cluster.jobs())
const outer = {
  SLURM_JOB_ID: allocation[0] ?? '',
  SLURM_JOBID: allocation[0] ?? '',
  SLURM_NTASKS: '4',
  SLURM_CPUS_PER_TASK: '2',
  SRUN_CPUS_PER_TASK: '2',
}
// nothing is to be lost here, however busy the machine is
const test = lineTestWith({ args: [...slurmArgs, '--slurm-lease', '60', '--slurm-idle', '3'], env: { ...cluster.env, ...outer } })
const sh = (script: string, more: object = {}) => ({ kind: 'command', program: 'sh', args: ['-c', script], ...more })

test('200 instructions are carried out on both nodes, each once, in jobs of their own, on the cores and within the memory asked for', {
  timeout: 120_000,
}, async ({ daemon }) => {
  const rows = Array.from({ length: 200 }, (_, i) => ({ ...sh('grep Cpus_allowed_list /proc/self/status; sleep 0.02'), name: `row-${i}` }))
  const boss = await daemon.hire({ crew: 'slurm', end: true, scheduler: { limit: 'threads', max_threads: 3 }, instructions: rows })
  const { workers_report: entries } = await daemon.reportOnceOver(boss)
  expect(new Set(entries.map(({ name }) => name)).size).toBe(200)
  expect(entries).toHaveLength(200)
  expect(entries.filter(({ outcome, attempt }) => outcome !== 'succeeded' || attempt !== 1)).toEqual([])
  expect(new Set(entries.map(({ node }) => node))).toEqual(new Set(['n1', 'n2']))
  for (const { cpus, report } of entries) expect((report as { stdout: string }).stdout).toBe(`Cpus_allowed_list:\t${cpus.join(',')}\n`)
  const jobs = (await workersOf(daemon)).map(({ job }) => job)
  expect(jobs).not.toContain(outer.SLURM_JOB_ID)

  const wide = await daemon.hire({
    crew: 'slurm',
    end: true,
    instructions: [sh('grep Cpus_allowed_list /proc/self/status', { cores: 2, memory: 300 })],
  })
  const [entry] = (await daemon.reportOnceOver(wide)).workers_report
  expect(entry).toMatchObject({ cpus: [0, 1], report: { stdout: 'Cpus_allowed_list:\t0-1\n' } })
  expect(await cluster.run('scontrol', '-o', 'show', 'job')).toMatch(/NumCPUs=2 .*mem=500M/)
})

test('the job that the daemon is in is none of its hosts', async () => {
  await cluster.run('scancel', outer.SLURM_JOB_ID)
  await until(async () => !(await cluster.jobs()).includes(outer.SLURM_JOB_ID), 'it ends', patienceMs)
})

test('what goes wrong is told as it is of local workers, and where it was', { timeout: 120_000 }, async ({ daemon, dir }) => {
  const hog = 'x=$(head -c 300000000 /dev/zero | tr "\\\\0" x); sleep 20'
  const cases = {
    exit: sh('exit 3'),
    signal: sh('kill -SEGV $$'),
    exception: { kind: 'throwing' },
    start: sh('true', { cwd: join(dir, 'missing') }),
    timeout: sh('sleep 60', { timeout: 0.3 }),
    oom: sh(hog, { memory: 60 }),
    gone: { kind: 'exiting' },
  }
  const boss = await daemon.hire({
    crew: 'slurm',
    scheduler: { limit: 'threads', max_threads: 4 },
    instructions: Object.entries(cases).map(([name, row]) => ({ name, ...row })),
  })
  const stopped = await daemon.append(boss, { instructions: [sh('sleep 60', { name: 'stopped' })] })
  await until(async () => (await workersOf(daemon)).some(({ name }) => name === 'stopped'), 'it runs', patienceMs)
  await daemon.call('DELETE', `/v1/bosses/${boss.id}/instructions/${stopped.first}`)
  await daemon.tell(boss, 'end')
  const { workers_report: entries } = await daemon.reportOnceOver(boss)
  const causes = Object.fromEntries(entries.map(({ name, cause }) => [name, cause]))
  expect(causes).toEqual({
    exit: 'exit',
    signal: 'signal',
    exception: 'exception',
    start: 'start',
    timeout: 'timeout',
    oom: 'oom',
    gone: 'exit',
    stopped: 'requested',
  })
  for (const { node } of entries) expect(['n1', 'n2']).toContain(node)
})

test('a task that takes more memory than its job has is told so by Slurm', { timeout: 120_000 }, async ({ daemon }) => {
  const boss = await daemon.hire({ crew: 'slurm', end: true, instructions: [{ kind: 'hoarding', MiB: 400 }] })
  const { workers_report: entries } = await daemon.reportOnceOver(boss)
  expect(entries).toMatchObject([{ outcome: 'failed', cause: 'oom', limit: 50 }])
})

test('output is kept with the daemon and can be followed', { timeout: 60_000 }, async ({ daemon, dir }) => {
  const stamps = new Stamps(dir)
  const boss = await daemon.hire({
    crew: 'slurm',
    instructions: [sh(`echo first; until [ -e ${stamps.gate} ]; do sleep 0.05; done; seq 1 5000`)],
  })
  const read = async () => String((await daemon.get<Buffer>(`/v1/bosses/${boss.id}/instructions/1/output?stream=stdout`)).body)
  await until(async () => (await read()).startsWith('first\n'), 'what runs shows what it wrote', patienceMs)
  await cluster.run('touch', stamps.gate)
  await until(async () => (await read()).endsWith('\n5000\n'), 'all of it is there', patienceMs)
  await daemon.tell(boss, 'end')
})

test('what no node can hold is refused, and what waits while others have all nodes says so by the word of Slurm, and is done', {
  timeout: 120_000,
}, async ({ daemon, dir }) => {
  const stamps = new Stamps(dir)
  const boss = await daemon.hire({ crew: 'slurm', scheduler: { limit: 'threads', max_threads: 8 } })
  for (const row of [sh('true', { cores: 3 }), sh('true', { memory: 1_450 })]) {
    const { status, body } = await daemon.post<Problem>(`/v1/bosses/${boss.id}/instructions`, { instructions: [row] })
    expect([status, body.code]).toEqual([422, 'never-fits'])
  }
  const endOthers = () => cluster.run('scancel', '-n', 'others')
  onTestFinished(async () => void (await endOthers()))
  await cluster.run('salloc', '--no-shell', '--exclusive', '-N2', '-J', 'others')
  const names = ['a', 'b', 'c', 'd', 'e']
  await daemon.append(boss, { instructions: names.map((name) => stamps.row(name)) })
  const byWord = /^Slurm, which has not started its host yet \(job \d+\): (?:Resources|Priority)$/
  await until(async () => byWord.test((await daemon.instruction(boss, 1)).waiting_for ?? ''), 'Slurm says why', patienceMs)
  await endOthers()
  await until(() => names.filter((name) => stamps.attemptsOf(name).length > 0).length === 4, 'four run', patienceMs)
  await cluster.run('touch', stamps.gate)
  await daemon.tell(boss, 'end')
  const { workers_report: entries } = await daemon.reportOnceOver(boss)
  expect(entries.map(({ outcome, attempt }) => [outcome, attempt])).toEqual(names.map(() => ['succeeded', 1]))
})

test('reports and attributes of 16 kB and of megabytes come through', { timeout: 120_000 }, async ({ daemon }) => {
  const sizes = [16_000, 10_000_000]
  const boss = await daemon.hire({
    crew: 'slurm',
    end: true,
    instructions: sizes.map((bytes) => ({ kind: 'blob', text: 'x'.repeat(bytes), size: bytes, memory: 400 })),
  })
  await daemon.reportOnceOver(boss)
  // as pages they would come one by one
  expect((await daemon.entries(boss)).map(({ report }) => String(report).length)).toEqual(sizes)
})

const demo = fileURLToPath(new URL('../../examples/demo.mjs', import.meta.url))

test('the demo on two nodes comes to the digests that it comes to locally', { timeout: 180_000 }, async () => {
  const before = await cluster.jobs()
  const child = spawn(process.execPath, [demo, '--crew', 'slurm', '--megabytes', '1'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...cluster.env, TMPDIR: tempDir() },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  expect(await new Promise((resolve) => child.once('close', resolve)), said).toBe(0)
  expect(said).toMatch(/both digests agree for each of the \d+ files/)
  // its hosts are gone with it
  await until(async () => (await cluster.jobs()).length <= before.length, 'its jobs are gone', patienceMs)
})
