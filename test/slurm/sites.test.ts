import { accessSync, constants } from 'node:fs'
import { expect } from 'vitest'
import type { BossDocument } from '../../src/boss/boss-document.js'
import { lineTestWith } from '../support/daemon.js'
import { tempDir, until } from '../support/temp.js'
import { clusterOfFile } from './cluster.js'
import { untilBegun, workersOf } from './hands.js'
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
  await until(async () => (await workersOf(daemon)).some(({ name }) => name === 'long'), 'it runs', patienceMs)
  expect(await cluster.run('squeue', '-h', '-o', '%P %l')).toBe('short 1:00\n')
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

test.runIf(hasGroups)(
  'what runs behind a program that took too much is judged by what becomes of itself',
  { timeout: 120_000 },
  async ({ daemon }) => {
    const stamps = new Stamps(tempDir())
    const boss = await daemon.hire({
      crew: 'slurm',
      end: true,
      scheduler: { limit: 'threads', max_threads: 1 },
      instructions: [sh(hog, { name: 'hog' }), stamps.row('next')],
    })
    await untilBegun(stamps, ['next'], 1, patienceMs)
    const { job = '' } = (await workersOf(daemon)).find(({ name }) => name === 'next') ?? {}
    await cluster.run('scancel', job)
    await untilBegun(stamps, ['next'], 2, patienceMs)
    await cluster.run('touch', stamps.gate)
    const { workers_report: entries } = await daemon.reportOnceOver(boss)
    expect(entries.map(({ name, outcome, cause, attempt }) => [name, outcome, cause, attempt])).toEqual([
      ['hog', 'failed', 'oom', 1],
      ['next', 'succeeded', undefined, 2],
    ])
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
