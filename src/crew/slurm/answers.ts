import type { NodeInfo } from '../crew.js'

/** What sinfo knows. */
export interface Survey {
  readonly nodes: readonly NodeInfo[]
  /** Minutes that a job may take there at most; undefined: without limit. */
  readonly minutes: number | undefined
}

/** What squeue says of a job. */
export interface JobState {
  /** Such as `RUNNING`. */
  readonly state: string
  readonly node: string | undefined
  /** Why it waits, or ended. */
  readonly reason: string
  /** Of ours, whose job it is. */
  readonly host: number | undefined
}

const unusable = /^(?:down|drain|fail|error|unknown|maint|inval|reboot|not_responding|no_respond|powered_down|powering_down)/
const living = new Set(
  'PENDING CONFIGURING RUNNING SUSPENDED COMPLETING STOPPED SIGNALING STAGE_OUT RESIZING REQUEUED REQUEUE_HOLD REQUEUE_FED SPECIAL_EXIT'.split(
    ' ',
  ),
)

/** Whether a job has ended, in whatever way. @param job undefined: Slurm does not know it any more. */
export const hasEnded = (job: JobState | undefined): boolean => !job || !living.has(job.state)

/**
 * Lines of `sinfo -N -o '%N|%P|%c|%m|%l|%T'`.
 * @param partition that is used; the one marked as the default when undefined. @param overhead MiB that a host takes itself.
 */
export function parseNodes(text: string, partition: string | undefined, overhead: number): Survey {
  const nodes = new Map<string, NodeInfo>()
  let minutes: number | undefined
  const hasDefault = /^[^|]*\|[^|]*\*\|/m.test(text)
  for (const line of text.split('\n')) {
    const [node = '', name = '', cores = '', memory = '', limit = '', state = ''] = line.trim().split('|')
    if (node === '' || (partition === undefined ? hasDefault && !name.endsWith('*') : name.replace(/\*$/, '') !== partition)) continue
    minutes = minutesOf(limit)
    // a star says that it does not answer, other signs that it saves power
    const usable = !state.includes('*') && !unusable.test(state)
    nodes.set(node, { node, cores: Number(cores), memory: Math.max(0, Number(memory) - overhead), state, usable })
  }
  return { nodes: [...nodes.values()], minutes }
}

/** Lines of `squeue -o '%i|%T|%N|%r|%k'`, by the job's id. */
export function parseJobs(text: string): Map<string, JobState> {
  const jobs = new Map<string, JobState>()
  for (const line of text.split('\n')) {
    const [id = '', state = '', node = '', reason = '', ...comment] = line.trim().split('|')
    if (id === '') continue
    const [, host] = /host=(\d+)/.exec(comment.join('|')) ?? []
    jobs.set(id, { state, node: node === '' ? undefined : node, reason, host: host === undefined ? undefined : Number(host) })
  }
  return jobs
}

/** A time limit of Slurm's (`infinite`, `1-00:00:00`, `2:00:00`, `30:00`, `30`) in minutes; undefined for none. */
export function minutesOf(text: string): number | undefined {
  const [, days = 0, clock = ''] = /^(?:(\d+)-)?(\d+(?::\d+){0,2})$/.exec(text) ?? []
  if (clock === '') return undefined
  const parts = clock.split(':').map(Number)
  const [hours = 0, mins = 0, seconds = 0] = days || parts.length === 3 ? parts : [0, ...parts]
  return Number(days) * 1440 + hours * 60 + mins + Math.floor(seconds / 60)
}

/** Whether Slurm will never start a job that waits for this reason. */
export const refuses = (reason: string) => /^(?:PartitionConfig|BadConstraints|PartitionTimeLimit|PartitionNodeLimit)$/.test(reason)

/** Whether srun was told that there can be no such job. @param said what it wrote. */
export const isRefused = (said: string) =>
  /Requested node configuration is not available|Memory specification can not be satisfied|Requested time limit is invalid|More processors requested than permitted/i.test(
    said,
  )
