import { constants } from 'node:os'
import type { HostEnd } from '../crew.js'
import { hostEndOf } from '../host-end.js'
import type { JobState } from './answers.js'
import type { SrunHost } from './srun-host.js'

/** What is known of a host whose srun is gone, or that was given up. */
export interface Witness {
  readonly code: number | null
  readonly signal: string | null
  /** What Slurm says of its job; undefined when it does not know it, or does not answer. */
  readonly job: JobState | undefined
  /** Why it was given up, when it was. */
  readonly lost: string | undefined
}

const overMemory = /Out Of Memory|oom[-_ ]kill|Exceeded job memory limit/i
const overTime = /DUE TO TIME LIMIT/
const lostStates = ['NODE_FAIL', 'BOOT_FAIL', 'PREEMPTED', 'CANCELLED', 'DEADLINE', 'REVOKED']
const lostWords = /Node failure|DUE TO (?:PREEMPTION|NODE FAILURE)|CANCELLED AT|Timed out waiting/i

/**
 * How a host ended that had begun to work. srun's exit code is believed last: it is 0 also when the machine is gone. What was reported before
 * counts as it was reported.
 */
export function srunEndOf(host: SrunHost, { code, signal, job, lost }: Witness): HostEnd {
  const { running, its, stderrTail } = host
  const frames = host.talk.held.map(({ f }) => f)
  const where = `${host.node ?? 'its node'}${host.job === undefined ? '' : `, job ${host.job}`}`
  const guilty = running && { f: running.f, row: running.row }
  const at = { node: host.node, cpus: host.cpus }
  const facts = { frames, guilty, at, stderrTail, ...(code !== null && { exitCode: code }) }
  const state = job?.state ?? ''
  if (lost !== undefined) return { ...facts, guilty: undefined, cause: 'lost', message: `its host is lost (${where}): ${lost}` }
  if (state === 'OUT_OF_MEMORY' || (code !== 0 && overMemory.test(stderrTail)))
    return {
      ...facts,
      cause: 'oom',
      limit: its.memory,
      message: `Slurm ended its host (${where}): it took more than ${its.memory} MiB; give it more "memory", or let it take less`,
    }
  if (state === 'TIMEOUT' || overTime.test(stderrTail))
    return {
      ...facts,
      cause: 'timeout',
      limit: its.minutes * 60,
      message: `Slurm ended its host (${where}) after ${its.minutes} minutes; give it an "expected_time", which is how long hosts are asked for`,
    }
  if (lostStates.includes(state) || lostWords.test(stderrTail) || code === null || (code === 0 && !job))
    return { ...facts, guilty: undefined, cause: 'lost', message: `its host is lost (${where}): ${whyLost(job, signal)}` }
  const own = code >= 128 ? nameOfSignal(code - 128) : undefined
  const end = hostEndOf({
    frames,
    first: undefined,
    wasReady: true,
    left: false,
    running: running && { ...running, limit: 0, base: 0, fence: 0 },
    code: own === undefined ? code : null,
    signal: own ?? null,
    reason: undefined,
    overdrawn: undefined,
    stderrTail,
  })
  return { ...end, at }
}

function whyLost(job: JobState | undefined, signal: string | null): string {
  if (job && lostStates.includes(job.state)) return `Slurm says ${job.state}${job.reason === 'None' ? '' : ` (${job.reason})`}`
  return signal === null ? 'it said nothing more' : `its srun was ended by ${signal}`
}

const nameOfSignal = (number: number) => Object.entries(constants.signals).find(([, value]) => value === number)?.[0]
