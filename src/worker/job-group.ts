import { Cgroup, groupsOf } from '../cgroup.js'
import { tenths, watched, type Hold } from './fence.js'

/**
 * The group that Slurm has put this host in, where the site's Slurm limits memory by groups. The kernel ends what goes beyond the job, one
 * process of it, and only the group's count tells that it was for the memory.
 */
export class JobGroup {
  /** @param memory MiB of the job that instructions have. */
  constructor(
    private readonly group: Cgroup,
    private readonly memory: number,
  ) {}

  /** How often the kernel has ended something of this job for its memory. */
  get kills(): number {
    return this.group.kills
  }

  /** For a program that starts now. @param limit MiB that it has declared; 0 for none. */
  hold(limit: number): Hold {
    const { group } = this
    const { kills, usedMiB } = group
    const most = limit || this.memory
    const declared = limit > 0 ? watched(limit) : undefined
    return {
      limit: most,
      over: () => declared?.over() ?? (group.kills > kills ? tenths(Math.max(most, group.peakMiB - usedMiB)) : undefined),
    }
  }
}

/** @param memory as JobGroup has it. @returns undefined where Slurm makes no groups: others may be ended in that which this host is in. */
export function jobGroupOf(job: string, memory: number): JobGroup | undefined {
  for (const version of [2, 1] as const) {
    const [dir = ''] = groupsOf(version, 'memory')
    const group = new Cgroup(dir, version)
    if (dir.includes(`/job_${job}/`) && group.exists) return new JobGroup(group, memory)
  }
  return undefined
}
