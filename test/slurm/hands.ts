import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { BossDocument } from '../../src/boss/boss-document.js'
import type { Daemon } from '../support/daemon.js'
import { until } from '../support/temp.js'
import type { Cluster } from './mini.ts'
import type { SlurmWorker } from './settings.ts'
import type { Stamps } from './stamps.ts'

export async function workersOf(daemon: Daemon): Promise<SlurmWorker[]> {
  return (await daemon.get<{ items: SlurmWorker[] }>('/v1/workers')).body.items
}

/** Holds that nothing of a daemon is in Slurm's queue any more. */
export async function untilNoJob(cluster: Cluster): Promise<void> {
  await until(async () => (await cluster.jobs()).length === 0, 'no job is left', 60_000)
}

export async function untilBegun(stamps: Stamps, names: readonly string[], attempt: number, withinMs = 90_000): Promise<void> {
  const missing = () => names.filter((name) => !stamps.attemptsOf(name).includes(attempt))
  await until(
    () => missing().length === 0,
    () => `${missing().join(', ')} begin for the ${attempt}. time`,
    withinMs,
  )
}

/** Holds that a daemon was told that all of a Boss have begun: of what began untold, the next one does not know. */
export async function untilTold(daemon: Daemon, boss: BossDocument, n: number): Promise<void> {
  await until(async () => (await daemon.boss(boss)).counts.working === n, 'the daemon knows that they have begun')
}

/** slurmctld writes down what changed 5 s later at most. */
const savedMs = 6_000

/** Kills slurmctld once it has written down the jobs that there are: one that forgets jobs gives their numbers to others. */
export async function killSlurmctld(cluster: Cluster): Promise<void> {
  const since = Date.now()
  const savedAt = () => statSync(join(cluster.dir, 'state/job_state'), { throwIfNoEntry: false })?.mtimeMs ?? 0
  await until(() => savedAt() >= since || Date.now() > since + savedMs, 'slurmctld has written down its jobs')
  await cluster.act('stop-ctld')
}
