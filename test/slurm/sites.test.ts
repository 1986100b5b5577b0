import { accessSync, constants, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { BossDocument } from '../../src/boss/boss-document.js'
import { lineTestWith, startDaemon } from '../support/daemon.js'
import { tempDir, until } from '../support/temp.js'
import { clusterOfFile, clusterOfTest } from './cluster.js'
import { untilBegun, untilTold, workersOf } from './hands.js'
import { slurmArgs } from './settings.js'
import { Stamps } from './stamps.ts'

/** Most sites have the kernel limit jobs. Slurm does so here where it finds version 1 of the kernel's groups and may change them. */
const hasGroups = (() => {
  try {
    for (const controller of ['memory', 'cpuset', 'freezer']) accessSync(`/sys/fs/cgroup/${controller}`, constants.W_OK)
    return process.getuid?.() === 0
  } catch {
    return false
  }
})()
const patienceMs = 60_000
const cluster = await clusterOfFile(2, {
  MINI_SLURM_CPUS: '2',
  MINI_SLURM_MEM: '1600',
  MINI_SLURM_CGROUP: hasGroups ? '1' : '0',
  MINI_SLURM_CONF_EXTRA: 'PartitionName=short Nodes=ALL MaxTime=1 State=UP',
})
const args = [...slurmArgs, '--slurm-lease', '60', '--slurm-idle', '1', '--slurm-partition', 'short']
const test = lineTestWith({ args, env: cluster.env })
const sh = (script: string, more: object = {}) => ({ kind: 'command', program: 'sh', args: ['-c', script], ...more })
const hog = 'x=$(head -c 400000000 /dev/zero | tr "\\\\0" x); sleep 20'

let late: BossDocument

test('a job may take no longer than its partition allows, whatever is usual', async ({ daemon }) => {
  const rows = [sh('sleep 300', { name: 'long' }), sh('true', { name: 'behind it' })]
  late = await daemon.hire({ crew: 'slurm', end: true, scheduler: { limit: 'threads', max_threads: 1 }, instructions: rows })
  const { job } = await until(async () => (await workersOf(daemon)).find(({ name }) => name === 'long'), 'it runs', patienceMs)
  expect(await cluster.run('squeue', '-h', '-j', job, '-o', '%P %l')).toBe('short 1:00\n')
  // Slurm looks each half minute whose time is over
  await cluster.run('scontrol', 'update', `JobId=${job}`, 'EndTime=now+5')
})

test.runIf(hasGroups)(
  'a task or a program that takes more memory than its job has was ended by the kernel, and is told so',
  { timeout: 120_000 },
  async ({ daemon }) => {
    const boss = await daemon.hire({
      crew: 'slurm',
      end: true,
      scheduler: { limit: 'threads', max_threads: 2 },
      instructions: [{ kind: 'hoarding', MiB: 400, name: 'task' }, sh(hog, { name: 'program' })],
    })
    const { workers_report: entries } = await daemon.reportOnceOver(boss)
    expect(Object.fromEntries(entries.map(({ name, cause, limit }) => [name, [cause, limit]]))).toEqual({
      task: ['oom', 50],
      program: ['oom', 50],
    })
  },
)

test.runIf(hasGroups).for([
  { as: 'a program', row: sh(hog), told: ['failed', 'oom'] },
  { as: 'what a task started', row: { kind: 'shell', script: hog }, told: ['succeeded', undefined] },
])(
  'what runs behind $as that took too much is judged by what becomes of itself',
  { timeout: 120_000 },
  async ({ row, told }, { daemon }) => {
    const stamps = new Stamps(tempDir())
    const boss = await daemon.hire({
      crew: 'slurm',
      end: true,
      scheduler: { limit: 'threads', max_threads: 1 },
      instructions: [{ ...row, name: 'hog' }, stamps.row('next')],
    })
    await untilBegun(stamps, ['next'], 1, patienceMs)
    const { job = '' } = (await workersOf(daemon)).find(({ name }) => name === 'next') ?? {}
    await cluster.run('scancel', job)
    await untilBegun(stamps, ['next'], 2, patienceMs)
    await cluster.run('touch', stamps.gate)
    const { workers_report: entries } = await daemon.reportOnceOver(boss)
    expect(entries.map(({ name, outcome, cause, attempt }) => [name, outcome, cause, attempt])).toEqual([
      ['hog', ...told, 1],
      ['next', 'succeeded', undefined, 2],
    ])
  },
)

test('a daemon that is itself a job asks for jobs of its own, which end with it, and the next one carries on', {
  timeout: 120_000,
}, async () => {
  const data = join(tempDir(), 'data')
  const stamps = new Stamps(tempDir())
  const inside = await startDaemon({
    data,
    // behind KillWait Slurm would kill it, and all its sruns with it
    args: [...args, '--grace', '1'],
    env: cluster.env,
    under: ['srun', '--job-name=inside', '--ntasks=1', '--mem=400M'],
  })
  const own = (await cluster.run('squeue', '-h', '-n', 'inside', '-o', '%i')).trim()
  const boss = await inside.hire({
    crew: 'slurm',
    end: true,
    scheduler: { limit: 'threads', max_threads: 2 },
    instructions: ['a', 'b'].map((name) => stamps.row(name)),
  })
  await untilBegun(stamps, ['a', 'b'], 1, patienceMs)
  await untilTold(inside, boss, 2)
  const jobs = (await workersOf(inside)).map(({ job }) => job)
  expect(new Set([...jobs, own]).size).toBe(3)
  await cluster.run('scancel', own)
  await inside.ended
  await until(async () => (await cluster.jobs()).every((job) => job !== own && !jobs.includes(job)), 'they are gone', patienceMs)

  const daemon = await startDaemon({ data, args, env: cluster.env })
  await untilBegun(stamps, ['a', 'b'], 2, patienceMs)
  await cluster.run('touch', stamps.gate)
  const { workers_report: entries } = await daemon.reportOnceOver(boss)
  expect(entries.map(({ outcome, attempt }) => [outcome, attempt])).toEqual([
    ['succeeded', 2],
    ['succeeded', 2],
  ])
  expect(stamps.overlaps).toEqual({})
  await daemon.stop()
})

test.runIf(process.getuid?.() === 0).each(['no such directory', 'a directory of its own'])(
  'a node that has %s where the data of the daemon should be is named, and works once it sees them',
  { timeout: 120_000 },
  async (what) => {
    const [shared, bin, tmp] = [tempDir(), tempDir(), tempDir()]
    const data = join(shared, 'data')
    const hidden = what === 'no such directory' ? shared : data
    const mounts = `mount -t tmpfs none ${hidden} && exec "$(PATH=/usr/sbin:/sbin:/usr/bin command -v slurmd)" "$@"`
    mkdirSync(data)
    writeFileSync(join(bin, 'slurmd'), `#!/bin/sh\nexec unshare --mount sh -c '${mounts}' sh "$@"\n`, { mode: 0o755 })
    const cluster = await clusterOfTest(1, { PATH: `${bin}:${process.env['PATH']}` })
    const daemon = await startDaemon({ data, args: slurmArgs, env: { ...cluster.env, TMPDIR: tmp } })
    const boss = await daemon.hire({ crew: 'slurm', end: true, instructions: [sh('seq 1 5000')] })
    const { waiting_for } = await until(
      async () => {
        const instruction = await daemon.instruction(boss, 1)
        expect(instruction.status).toBe('pending')
        return instruction.waiting_for?.includes(data) ? instruction : undefined
      },
      'it is said what it waits for',
      patienceMs,
    )
    expect(waiting_for).toMatch(/^Slurm, which starts no host: n1 does not see the daemon's data in /)
    const slurmd = readFileSync(join(cluster.dir, 'run/n1.pid'), 'utf8').split(' ')[0] ?? ''
    await cluster.run('nsenter', '--mount', '--target', slurmd, 'umount', '--lazy', hidden)
    const { workers_report: entries } = await daemon.reportOnceOver(boss)
    expect(entries).toMatchObject([{ outcome: 'succeeded', attempt: 1 }])
    const { body } = await daemon.get<Buffer>(`/v1/bosses/${boss.id}/instructions/1/output?stream=stdout`)
    expect(String(body)).toMatch(/^1\n[^]*\n5000\n$/)
    await daemon.stop()
  },
)

test('what its job had no time for ended with it, and what was to follow is carried out elsewhere', { timeout: 150_000 }, async ({
  daemon,
}) => {
  await until(async () => (await daemon.boss(late)).status === 'finished', 'its time is over', 120_000)
  const { workers_report: entries } = await daemon.reportOnceOver(late)
  expect(entries).toMatchObject([
    { name: 'long', outcome: 'failed', cause: 'timeout', limit: 60, attempt: 1 },
    { name: 'behind it', outcome: 'succeeded' },
  ])
})
