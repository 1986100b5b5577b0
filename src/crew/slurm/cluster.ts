import { execFile } from 'node:child_process'
import type { NodeInfo } from '../crew.js'
import { slurmEnvironment } from '../environment.js'
import { parseJobs, parseNodes, type JobState, type Survey } from './answers.js'

/** Slurm's own commands give up after 9 s when nobody answers. */
const patienceMs = 20_000

/** What `srun`, `squeue`, `scancel` and `sinfo` are asked, as the jobs of one tag. */
export class Cluster {
  private asking: Promise<Map<string, JobState>> | undefined

  /** @param tag name of all jobs. @param partition that is used; the cluster's own choice when undefined. @param overhead MiB of each host that no instruction gets. */
  constructor(
    readonly tag: string,
    private readonly partition: string | undefined,
    private readonly overhead: number,
  ) {}

  /** Which machines there are. @throws Error when Slurm does not answer. */
  async survey(): Promise<Survey> {
    const chosen = this.partition === undefined ? [] : ['--partition', this.partition]
    const text = await ask('sinfo', ['--noheader', '--Node', ...chosen, '--format=%N|%P|%c|%m|%l|%T'])
    return parseNodes(text, this.partition, this.overhead)
  }

  /** What becomes of each job of this tag, those that ended in the last minutes included, by its id; several who ask at once get one answer. @throws as survey. */
  jobs(): Promise<Map<string, JobState>> {
    this.asking ??= ask('squeue', ['--noheader', '--me', '--name', this.tag, '--states=all', '--format=%i|%T|%N|%r|%k'])
      .then(parseJobs)
      .finally(() => (this.asking = undefined))
    return this.asking
  }

  /** Ends a job, or all of this tag. It may take its time. @throws as survey. */
  async cancel(job?: string): Promise<void> {
    await ask('scancel', job === undefined ? ['--me', '--name', this.tag] : [job])
  }
}

export type { JobState, NodeInfo, Survey }

function ask(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      command,
      args,
      { env: slurmEnvironment(), timeout: patienceMs, maxBuffer: 64 * 1024 * 1024 },
      (error: Error | null, out, complaint) => {
        if (!error) resolve(out)
        else reject(new Error(`${command}: ${complaint.trim().split('\n').at(-1) || error.message}`))
      },
    )
  })
}
