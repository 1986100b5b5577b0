import { setTimeout as sleep } from 'node:timers/promises'
import { descendantsOf } from '../../dist/processes.js'
import { startCluster, type Cluster } from '../../test/slurm/mini.ts'
import { allReports, assertSucceeded, cpuSeconds, durable, memoryMiB, newBoss, noops, warmUp, withDaemon } from '../daemon.ts'
import type { Part, Row } from '../part.ts'
import type { Taylord } from '../../test/soak/taylord.ts'

const instructions = 20_000
const hosts = 4
const many = 32
const restMs = 10_000
const scheduler = { limit: 'threads', max_threads: hosts }
const slurmArgs = ['--slurm', '--slurm-memory', '50', '--slurm-overhead', '100', '--slurm-backlog', '8']

/** Gives a Boss of this crew n no-ops. @returns s from the append to the last report. */
async function carryOut(daemon: Taylord, crew: 'local' | 'slurm', n: number): Promise<number> {
  const boss = await newBoss(daemon, scheduler, { crew })
  const start = performance.now()
  await daemon.ask('POST', `/v1/bosses/${boss}/instructions`, { ndjson: noops(n) })
  await daemon.ask('POST', `/v1/bosses/${boss}/end`)
  assertSucceeded(await allReports(daemon, boss), n)
  return (performance.now() - start) / 1000
}

/** What a daemon takes for many hosts that work for long: MiB of its own beyond those it had, of the sruns beside it, % of a CPU. */
async function ofMany(daemon: Taylord): Promise<{ own: number; sruns: number; cpu: number }> {
  const before = memoryMiB(daemon.pid)
  const instruction = { kind: 'sleeper', sleeping_time: 3_600 }
  const boss = await newBoss(daemon, { limit: 'threads', max_threads: many }, { crew: 'slurm' })
  await daemon.ask('POST', `/v1/bosses/${boss}/instructions`, { json: { instructions: Array.from({ length: many }, () => instruction) } })
  const working = async () =>
    (await daemon.ask<{ items: { name?: string; job?: string }[] }>('GET', '/v1/workers')).items.filter(({ name, job }) => name && job)
      .length
  for (const end = Date.now() + 120_000; (await working()) < many; await sleep(200))
    if (Date.now() > end) throw new Error(`only ${await working()} of ${many} hosts work`)
  await sleep(2_000)
  const used = cpuSeconds(daemon.pid)
  await sleep(restMs)
  const cpu = ((cpuSeconds(daemon.pid) - used) / (restMs / 1000)) * 100
  const own = memoryMiB(daemon.pid) - before
  const sruns = descendantsOf(daemon.pid).reduce((sum, pid) => sum + memoryMiB(pid), 0)
  await daemon.ask('POST', `/v1/bosses/${boss}/stop?now=true`)
  return { own, sruns, cpu }
}

export const n1: Part = {
  help: 'Workers that Slurm starts beside local ones: no-ops, the first instruction on an idle cluster, 32 hosts.',
  needs: [],
  notes: [
    `A cluster of its own on this machine: real daemons of Slurm, two nodes that share its CPUs. ${instructions.toLocaleString('en')} no-ops over ${hosts} workers of each crew, one crew after the other, from the first byte of the append to the last of the reports; the workers are up.`,
    'The first instruction: from its POST to its report, when no job runs: srun, the start of Node.js and the frames are in it.',
    `${many} hosts: each carries out one instruction for long and is pinged every 5 s; the CPU is that of the daemon's process for ${restMs / 1000} s. Two processes of srun stand beside the daemon for each host; what they share counts for each.`,
  ],
  async run(bench) {
    const row = (what: string, unit: string): Row => ({ what, unit, values: [] })
    const rates = {
      slurm: { ...row(`${hosts} Slurm hosts`, '/s'), durability: durable },
      local: { ...row(`${hosts} local hosts`, '/s'), durability: durable },
    }
    const ratio = row('Slurm ÷ local', '×')
    const first = row('the first instruction on an idle cluster', 'ms')
    const [own, sruns, cpu] = [
      row(`${many} hosts: memory of the daemon, more than without`, 'MiB'),
      row(`${many} hosts: RSS of all sruns`, 'MiB'),
      row(`${many} hosts: CPU of the daemon`, '%'),
    ] as const
    const n = bench.size(instructions)
    const onCluster = async <T>(
      settings: Readonly<Record<string, string>>,
      args: readonly string[],
      act: (daemon: Taylord) => Promise<T>,
    ) => {
      const cluster: Cluster = await startCluster(2, { MINI_SLURM_MEM: '8000', ...settings })
      try {
        return await withDaemon(bench, act, [...slurmArgs, ...args], cluster.env)
      } finally {
        await cluster.stop()
      }
    }
    for (let run = 0; run < bench.runs; run++) {
      bench.say(`run ${run + 1}: ${hosts} hosts`)
      await onCluster({ MINI_SLURM_CPUS: '2' }, ['--slots', String(hosts)], async (daemon) => {
        await warmUp(daemon)
        first.values.push((await carryOut(daemon, 'slurm', 1)) * 1000)
        for (const crew of ['slurm', 'local'] as const) {
          await carryOut(daemon, crew, 400)
          rates[crew].values.push(n / (await carryOut(daemon, crew, n)))
        }
        ratio.values.push((rates.slurm.values.at(-1) ?? NaN) / (rates.local.values.at(-1) ?? NaN))
      })
      bench.say(`run ${run + 1}: ${many} hosts`)
      const taken = await onCluster({ MINI_SLURM_CPUS: String(many / 2) }, ['--slots', String(many)], ofMany)
      own.values.push(taken.own)
      sruns.values.push(taken.sruns)
      cpu.values.push(taken.cpu)
    }
    return [rates.slurm, rates.local, ratio, first, own, sruns, cpu]
  },
}
