import { afterAll, onTestFinished } from 'vitest'
import { startCluster, type Cluster } from './mini.ts'

export type { Cluster }

/** A Slurm for all tests of a file, stopped behind the last. */
export async function clusterOfFile(nodes?: number, settings?: Readonly<Record<string, string>>): Promise<Cluster> {
  const cluster = await startCluster(nodes, settings)
  afterAll(() => cluster.stop(), 60_000)
  return cluster
}

/** A Slurm for one test, which shall not stand on what others left. */
export async function clusterOfTest(nodes?: number, settings?: Readonly<Record<string, string>>): Promise<Cluster> {
  const cluster = await startCluster(nodes, settings)
  onTestFinished(() => cluster.stop(), 60_000)
  return cluster
}
