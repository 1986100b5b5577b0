import { BadSetting } from './bad-setting.js'
import { anything, integer, onOrOff, type Setting } from './doors.js'

/** Settings of the crew `slurm`. */
export const slurmSettings = {
  slurm: { flag: 'slurm', unit: '', standard: undefined, check: onOrOff, help: 'let Bosses ask for "crew": "slurm"' },
  slurmPartition: { flag: 'slurm-partition', unit: 'NAME', standard: undefined, check: anything, help: 'partition of its jobs' },
  slurmAccount: { flag: 'slurm-account', unit: 'NAME', standard: undefined, check: anything, help: 'account that they are charged to' },
  slurmQos: { flag: 'slurm-qos', unit: 'NAME', standard: undefined, check: anything, help: 'quality of service of its jobs' },
  slurmConstraint: { flag: 'slurm-constraint', unit: 'FEATURES', standard: undefined, check: anything, help: 'what its nodes must have' },
  slurmMaxHosts: {
    flag: 'slurm-max-hosts',
    unit: 'N',
    standard: '32',
    check: integer(1, 4_096),
    help: 'jobs at once; each is one worker process and keeps an srun here',
  },
  slurmBacklog: { flag: 'slurm-backlog', unit: 'N', standard: '2', check: integer(1, 256), help: 'of these, jobs that wait in the queue' },
  slurmMinutes: {
    flag: 'slurm-minutes',
    unit: 'MINUTES',
    standard: '60',
    check: integer(1, 525_600),
    help: 'time that a job is asked for, unless an instruction is expected to need more',
  },
  slurmIdle: {
    flag: 'slurm-idle',
    unit: 'SECONDS',
    standard: '60',
    check: integer(0, 86_400),
    help: 'how long a job may have nothing to do',
  },
  slurmMemory: {
    flag: 'slurm-memory',
    unit: 'MIB',
    standard: '512',
    check: integer(1, 1_000_000_000),
    help: 'memory that is asked for an instruction that declares none',
  },
  slurmOverhead: {
    flag: 'slurm-overhead',
    unit: 'MIB',
    standard: '200',
    check: integer(0, 1_000_000),
    help: 'memory that is asked for the worker process itself',
  },
  slurmPing: {
    flag: 'slurm-ping',
    unit: 'SECONDS',
    standard: '5',
    check: integer(1, 3_600),
    help: 'how often daemon and job hear of each other',
  },
  slurmLease: {
    flag: 'slurm-lease',
    unit: 'SECONDS',
    standard: '30',
    check: integer(2, 86_400),
    help: 'after which either takes the other for lost',
  },
  slurmArrays: {
    flag: 'slurm-arrays',
    unit: 'DIR',
    standard: undefined,
    check: (text: string) => (text.startsWith('/') ? undefined : 'must be an absolute path'),
    help: 'directory that all nodes see, for shared arrays of Bosses with "crew": "slurm"',
  },
} satisfies Record<string, Setting>

/** How worker processes are asked of Slurm. */
export interface Slurm {
  readonly partition: string | undefined
  readonly account: string | undefined
  readonly qos: string | undefined
  readonly constraint: string | undefined
  /** jobs */
  readonly maxHosts: number
  readonly backlog: number
  readonly minutes: number
  /** s, as in the next two */
  readonly idle: number
  readonly ping: number
  readonly lease: number
  /** MiB, as in the next one */
  readonly memory: number
  readonly overhead: number
  /** Directory for shared arrays that all nodes see; undefined: there are none */
  readonly arrays: string | undefined
}

/**
 * @param value of a setting. @param number the same as a number.
 * @throws {BadSetting} when they do not go together.
 */
export function slurmOf(
  value: (name: keyof typeof slurmSettings) => string | undefined,
  number: (name: keyof typeof slurmSettings) => number | undefined,
): Slurm {
  const [ping, lease] = [number('slurmPing') ?? 0, number('slurmLease') ?? 0]
  if (lease < 2 * ping) throw new BadSetting(`--slurm-lease (${lease}) must be at least twice --slurm-ping (${ping})`)
  return Object.freeze({
    partition: value('slurmPartition'),
    account: value('slurmAccount'),
    qos: value('slurmQos'),
    constraint: value('slurmConstraint'),
    maxHosts: number('slurmMaxHosts') ?? 0,
    backlog: number('slurmBacklog') ?? 0,
    minutes: number('slurmMinutes') ?? 0,
    idle: number('slurmIdle') ?? 0,
    ping,
    lease,
    memory: number('slurmMemory') ?? 0,
    overhead: number('slurmOverhead') ?? 0,
    arrays: value('slurmArrays'),
  })
}
