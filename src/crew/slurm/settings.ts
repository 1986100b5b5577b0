/** How hosts are asked of Slurm. */
export interface SlurmSettings {
  /** Name of all jobs of this daemon, and of no other one's. */
  readonly tag: string
  /** Directory that hosts begin in: the daemon's data, on a file system that all machines see. */
  readonly dir: string
  readonly partition: string | undefined
  readonly account: string | undefined
  readonly qos: string | undefined
  readonly constraint: string | undefined
  /** Hosts at once at most. */
  readonly maxHosts: number
  /** Of these, those that Slurm has not started. */
  readonly backlog: number
  /** Wall time of a host, unless an instruction is expected to take more. */
  readonly minutes: number
  /** After which a host that has nothing to do goes, ms. */
  readonly idleMs: number
  /** MiB for an instruction that declares none. */
  readonly memory: number
  /** MiB that a host takes itself. */
  readonly overhead: number
  readonly pingMs: number
  /** How long either side believes in the other without hearing of it, ms. */
  readonly leaseMs: number
}

/** What an instruction needs of a host. */
export interface Need {
  readonly cores: number
  /** MiB */
  readonly memory: number
  /** s that it is expected to take; undefined when it does not say: half of the usual wall time is what it is given at least. */
  readonly seconds: number | undefined
}

/** What Slurm is asked for. */
export interface HostClass {
  readonly cores: number
  /** MiB for instructions */
  readonly memory: number
  readonly minutes: number
}

/** s between the end of an instruction and that of its host's time. */
const reserve = 60

/** @param limit minutes of the partition; undefined: without limit. */
export function classFor({ cores, memory, seconds = 0 }: Need, { minutes }: SlurmSettings, limit = Infinity): HostClass {
  return { cores, memory, minutes: Math.min(limit, Math.max(minutes, Math.ceil((seconds * 1.5 + 2 * reserve) / 60))) }
}

/** Whether an instruction may begin at a host that has only so many seconds left. */
export const hasTime = (left: number, seconds: number | undefined, { minutes }: HostClass) =>
  left > (seconds === undefined ? minutes * 30 : seconds + reserve)
