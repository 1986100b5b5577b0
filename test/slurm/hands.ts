import { readFileSync } from 'node:fs'
import type { Daemon } from '../support/daemon.js'
import { processesWith } from '../support/processes.js'
import { until } from '../support/temp.js'
import type { Cluster } from './mini.ts'
import type { Stamps } from './stamps.ts'

/** What a daemon of these tests is started with: short times, small hosts. */
export const slurmArgs = ['--slurm', '--slurm-ping', '1', '--slurm-lease', '5', '--slurm-memory', '50', '--slurm-overhead', '100']
/** s that two copies of an instruction may run at once where nothing but the lease ends the first: what `scancel` may take, and a beat. */
export const mostOverlap = 1.5

/** A worker as `GET /v1/workers` tells it. */
export interface SlurmWorker {
  readonly pid: number
  readonly node: string
  readonly job: string
  readonly name?: string
  readonly reason?: string
}

export async function workersOf(daemon: Daemon): Promise<SlurmWorker[]> {
  return (await daemon.get<{ items: SlurmWorker[] }>('/v1/workers')).body.items
}

/** Pid of the host of a job. */
export const hostOf = (job: string): number =>
  processesWith(`SLURM_JOB_ID=${job}\0`).find(({ command }) => command.includes('/worker/main.js'))?.pid ?? 0

export const parentOf = (pid: number) => Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])

/** Holds that nothing of a daemon is in Slurm's queue any more. */
export async function untilNoJob(cluster: Cluster): Promise<void> {
  await until(async () => (await cluster.jobs()).length === 0, 'no job is left', 60_000)
}

export async function untilBegun(stamps: Stamps, names: readonly string[], attempt: number, withinMs = 90_000): Promise<void> {
  await until(
    () => names.every((name) => stamps.attemptsOf(name).includes(attempt)),
    `${names.join(', ')} begin for the ${attempt}. time`,
    withinMs,
  )
}
