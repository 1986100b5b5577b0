import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { childrenOf } from '../../dist/processes.js'
import { startDaemon } from '../support/daemon.js'
import { tempDir, until } from '../support/temp.js'
import { clusterOfFile, clusterOfTest } from './cluster.js'
import { killSlurmctld, untilBegun, untilNoJob, workersOf } from './hands.js'
import { slurmArgs } from './settings.js'
import { stepDaemonOf } from './processes.js'
import { Stamps } from './stamps.ts'

/** Slurm takes a dead node for lost after some 10 s. */
const cluster = await clusterOfFile(10, {
  MINI_SLURM_CPUS: '1',
  MINI_SLURM_MEM: '1000',
  MINI_SLURM_CONF_EXTRA: 'SlurmdTimeout=5\nSlurmctldTimeout=10',
})
const patienceMs = 90_000

test('whatever happens to a node, an instruction is carried out again elsewhere, and never twice at once', {
  timeout: 180_000,
}, async () => {
  const stamps = new Stamps(tempDir())
  const daemon = await startDaemon({ args: slurmArgs, env: cluster.env })
  const names = ['node-lost', 'node-back', 'step-lost', 'srun-stopped', 'slurmd-long', 'slurmd-short', 'cancelled', 'quiet']
  const boss = await daemon.hire({ crew: 'slurm', scheduler: { limit: 'threads', max_threads: 8 } })
  await daemon.append(boss, { instructions: names.map((name) => stamps.row(name)) })
  await untilBegun(stamps, names, 1, patienceMs)
  const workers = new Map((await workersOf(daemon)).map((worker) => [worker.name ?? '', worker]))
  const workerOf = (name: string) => {
    const worker = workers.get(name)
    if (!worker) throw new Error(`nobody carries ${name} out`)
    return worker
  }
  expect(new Set([...workers.values()].map(({ node }) => node)).size).toBe(names.length)

  const { pid } = workerOf('srun-stopped')
  for (const srun of [pid, ...childrenOf(pid)]) process.kill(srun, 'SIGSTOP')
  process.kill(stepDaemonOf(cluster, workerOf('step-lost').job), 'SIGKILL')
  await cluster.run('scancel', workerOf('cancelled').job)
  for (const [action, name] of [
    ['stop-slurmd', 'slurmd-short'],
    ['start-node', 'slurmd-short'],
    ['kill-node', 'node-back'],
    ['start-node', 'node-back'],
    ['stop-slurmd', 'slurmd-long'],
    ['kill-node', 'node-lost'],
  ] as const)
    await cluster.act(action, workerOf(name).node)

  const again = names.slice(0, 5).concat('cancelled')
  await untilBegun(stamps, again.slice(0, 4).concat('cancelled'), 2, patienceMs)
  // the worker lives on without a slurmd; Slurm takes its node for lost, and its lease ends it
  await untilBegun(stamps, ['slurmd-long'], 2, patienceMs)
  writeFileSync(stamps.gate, '')
  await daemon.tell(boss, 'end')
  const { workers_report: entries } = await daemon.reportOnceOver(boss)
  const told = Object.fromEntries(entries.map(({ name, outcome, attempt }) => [name, [outcome, attempt]]))
  expect(told).toEqual(Object.fromEntries(names.map((name) => [name, ['succeeded', again.includes(name) ? 2 : 1]])))
  expect(names.map((name) => stamps.endsOf(name))).toEqual(names.map(() => 1))
  expect(stamps.overlaps).toEqual({})
  for (const name of ['node-lost', 'slurmd-long']) await cluster.act('start-node', workerOf(name).node)
  await daemon.stop()
  await untilNoJob(cluster)
})

test('while slurmctld is away, what runs goes on, and what is new waits for it', { timeout: 120_000 }, async () => {
  const cluster = await clusterOfTest()
  const stamps = new Stamps(tempDir())
  const daemon = await startDaemon({ args: slurmArgs, env: cluster.env })
  const boss = await daemon.hire({
    crew: 'slurm',
    end: true,
    instructions: [stamps.row('before')],
    scheduler: { limit: 'threads', max_threads: 1 },
  })
  await untilBegun(stamps, ['before'], 1, patienceMs)
  await killSlurmctld(cluster)
  const other = await daemon.hire({ crew: 'slurm', end: true, instructions: [{ kind: 'command', program: 'hostname' }] })
  writeFileSync(stamps.gate, '')
  await until(async () => (await daemon.boss(boss)).status === 'finished', 'it ends without slurmctld', patienceMs)
  await cluster.act('start-ctld')
  await until(async () => (await daemon.boss(other)).status === 'finished', 'the other one is done', patienceMs)
  expect((await daemon.report(boss)).workers_report).toMatchObject([{ outcome: 'succeeded', attempt: 1 }])
  expect((await daemon.report(other)).workers_report).toMatchObject([{ outcome: 'succeeded' }])
  await daemon.stop()
  await untilNoJob(cluster)
})
