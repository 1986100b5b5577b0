import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { childrenOf } from '../../dist/processes.js'
import { startCluster, type Cluster } from '../slurm/mini.ts'
import { hostOf, stepDaemonOf } from '../slurm/processes.ts'
import { mostOverlap, slurmArgs, type SlurmWorker } from '../slurm/settings.ts'
import { Stamps } from '../slurm/stamps.ts'
import type { Outcome, Part, Soak } from './part.ts'
import { Random } from './random.ts'
import { Taylord } from './taylord.ts'

const ofFault = 30
/** A host that is killed takes what it carries out along, as a local one does; whatever else happens to it is tried again unasked. */
const killed = { attempts: 4, backoff: 0.1, on: ['signal'] }
const nodes = 6
const threads = 4
/** What can go wrong, each at a host or a node that works. */
const faults = {
  'a job is cancelled': ({ cluster, job }: Site) => cluster.run('scancel', job),
  'a host is killed': async ({ cluster, job }: Site) => signal([hostOf(cluster, job)], 'SIGKILL'),
  'a step daemon is killed': async ({ cluster, job }: Site) => signal([stepDaemonOf(cluster, job)], 'SIGKILL'),
  'both sruns are killed': async ({ pid }: Site) => signal([pid, ...childrenOf(pid)], 'SIGKILL'),
  'srun is stopped': async ({ pid }: Site) => signal([pid, ...childrenOf(pid)], 'SIGSTOP'),
  'slurmd is away for a second': async ({ cluster, node }: Site) => {
    await cluster.act('stop-slurmd', node)
    await sleep(1_000)
    await cluster.act('start-node', node)
  },
  'a node loses its power for a moment': async ({ cluster, node }: Site) => {
    await cluster.act('kill-node', node)
    await cluster.act('start-node', node)
  },
  'slurmctld is away': async ({ cluster }: Site) => {
    await cluster.act('stop-ctld')
    await sleep(2_000)
    await cluster.act('start-ctld')
  },
  'the daemon is killed': (site: Site) => site.restart([]),
  'the daemon is killed with all sruns': (site: Site) => site.restart(site.sruns),
} satisfies Record<string, (site: Site) => Promise<unknown>>

/** Where a fault strikes. */
interface Site extends SlurmWorker {
  readonly cluster: Cluster
  readonly sruns: readonly number[]
  /** Kills the daemon and these, and starts another one. */
  restart(others: readonly number[]): Promise<void>
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      if (pid > 0) process.kill(pid, name)
    } catch {
      // gone meanwhile
    }
  }
}

/** Instructions on a cluster through faults by chance: each is carried out to its end, and reported once. */
async function run({ seed, size, dir, say }: Soak): Promise<Outcome> {
  const random = new Random(seed)
  const breaches: string[] = []
  const cluster = await startCluster(nodes, { MINI_SLURM_CPUS: '1', MINI_SLURM_MEM: '1000' })
  const start = async () => {
    const started = new Taylord(join(dir, 'data'), undefined, slurmArgs, cluster.env)
    await started.listening
    return started
  }
  let daemon: Taylord | undefined
  try {
    daemon = await start()
    const stamps = new Stamps(dir)
    const names = Array.from({ length: size * ofFault }, (_, i) => `row-${i}`)
    const instructions = names.map((name) => ({ ...stamps.row(name, random.next()), retry: killed }))
    const scheduler = { limit: 'threads', max_threads: threads }
    const { id } = await daemon.ask<{ id: number }>('POST', '/v1/bosses', { json: { crew: 'slurm', scheduler, instructions, end: true } })
    const struck: Record<string, number> = {}
    for (let fault = 0; fault < size; fault++) {
      const workers = async () =>
        (await daemon?.ask<{ items: SlurmWorker[] }>('GET', '/v1/workers'))?.items.filter(({ name }) => name !== undefined) ?? []
      const due = names.length * ((fault + random.next()) / size)
      let working: SlurmWorker[] = []
      for (const end = Date.now() + 120_000; Date.now() < end; await sleep(50)) {
        working = await workers()
        if (working.length > 0 && names.filter((name) => stamps.endsOf(name) > 0).length >= due * 0.9) break
      }
      const worker = working[random.integer(0, working.length - 1)]
      if (!worker) throw new Error(`nobody works; /readyz: ${(await daemon.call('GET', '/readyz')).text}`)
      const [what, act] = random.of(Object.entries(faults).map((entry) => [1, entry] as const))
      say(`${fault + 1}: ${what}`)
      struck[what] = (struck[what] ?? 0) + 1
      const sruns = working.flatMap(({ pid }) => [pid, ...childrenOf(pid)])
      const restart = async (others: readonly number[]) => {
        signal(others, 'SIGKILL')
        await daemon?.kill()
        daemon = await start()
      }
      await act({ ...worker, cluster, sruns, restart })
    }
    await daemon.call('GET', `/v1/bosses/${id}/report?interim=false&limit=1`, { headers: { prefer: 'wait=280' } })
    const { status, text } = await daemon.call('GET', `/v1/bosses/${id}/report?interim=false`, {
      headers: { accept: 'application/x-ndjson' },
    })
    if (status !== 200) breaches.push(`the Boss is not over: ${text}`)
    const entries =
      status === 200
        ? text
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line) as { name: string; outcome: string; attempt: number })
        : []
    const told = new Map(entries.map((entry) => [entry.name, entry]))
    for (const name of names) {
      if (told.get(name)?.outcome !== 'succeeded') breaches.push(`${name} is not done: ${JSON.stringify(told.get(name))}`)
      if (stamps.endsOf(name) === 0) breaches.push(`${name} never came to its end`)
    }
    if (entries.length !== names.length) breaches.push(`${entries.length} reports of ${names.length} instructions`)
    const overlaps = Object.entries(stamps.overlaps)
    for (const [name, seconds] of overlaps)
      if (seconds > mostOverlap) breaches.push(`two copies of ${name} ran at once for ${seconds.toFixed(2)} s`)
    await daemon.stop()
    for (const end = Date.now() + 60_000; (await cluster.jobs()).length > 0; await sleep(100))
      if (Date.now() > end) throw new Error(`jobs are left: ${(await cluster.jobs()).join(', ')}`)
    return {
      breaches,
      figures: {
        instructions: names.length,
        ...struck,
        'carried out more than once': names.filter((name) => stamps.attemptsOf(name).length > 1).length,
        'two copies at once': overlaps.length,
        'for s at most': Math.max(0, ...overlaps.map(([, seconds]) => seconds)).toFixed(2),
      },
    }
  } finally {
    await daemon?.kill()
    await cluster.stop()
  }
}

export const slurm: Part = {
  help: `${ofFault} instructions each on a Slurm cluster through faults by chance: none lost`,
  unit: 'faults',
  size: 10,
  run,
}
