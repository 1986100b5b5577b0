import { afterAll } from 'vitest'
import { startCluster, type Cluster } from './mini.ts'

export type { Cluster }

/** A Slurm for all tests of a file, stopped behind the last. */
export async function clusterOfFile(nodes?: number, settings?: Readonly<Record<string, string>>): Promise<Cluster> {
  const cluster = await startCluster(nodes, settings)
  afterAll(() => cluster.stop(), 60_000)
  return cluster
}
