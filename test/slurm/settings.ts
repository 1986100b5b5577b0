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
