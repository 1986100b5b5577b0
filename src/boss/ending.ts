import type { Outcome, ReportEntry } from './report.js'

/** Why an instruction did not succeed: the first seven when it failed, the last three when it was cancelled. */
export const causes = ['exception', 'exit', 'signal', 'oom', 'timeout', 'lost', 'start', 'requested', 'stopped', 'expired'] as const
export type Cause = (typeof causes)[number]

/** One character for outcome and cause, as report frames and the store carry it: `.` is success. */
export type OutcomeCode = '.' | 'e' | 'x' | 's' | 'm' | 't' | 'l' | 'b' | 'r' | 'p' | 'q'

const codeOfCause: Readonly<Record<Cause, OutcomeCode>> = {
  exception: 'e',
  exit: 'x',
  signal: 's',
  oom: 'm',
  timeout: 't',
  lost: 'l',
  start: 'b',
  requested: 'r',
  stopped: 'p',
  expired: 'q',
}
const causeOfCode = new Map(causes.map((cause) => [codeOfCause[cause], cause]))
const cancelledCodes = 'rpq'

/** The character for an end: `.` without a cause. */
export const codeOf = (cause: Cause | undefined): OutcomeCode => (cause === undefined ? '.' : codeOfCause[cause])

/** Outcome and cause that a character stands for; an unknown character is undefined. */
export function meaningOf(code: string): { outcome: Outcome; cause?: Cause } | undefined {
  if (code === '.') return { outcome: 'succeeded' }
  const cause = causeOfCode.get(code as OutcomeCode)
  return cause && { outcome: cancelledCodes.includes(code) ? 'cancelled' : 'failed', cause }
}

/** What an instruction is told that took more memory than it had declared. Both in MiB. */
export const outOfMemory = ({ limit, measured }: { readonly limit: number; readonly measured: number }) => ({
  type: 'OutOfMemory',
  message: `it took ${measured} MiB and had declared ${limit} MiB of memory; give it more "memory", or let it take less`,
})

/** How an instruction is to be reported that is asked to end, unless it has ended by itself before. */
export interface StopOrder {
  readonly o: OutcomeCode
  /** For a person; what a task throws when it is asked to end is told instead where there is none. */
  readonly error?: { readonly type: string; readonly message: string }
  /** The limit in s that it ran into; the time that it took is told beside it. */
  readonly limit?: number
}

/** The members of an entry that an order to end decides. @param wall s that the attempt took. */
export function endedAs({ o, error, limit }: StopOrder, wall: number): Pick<Ending, 'outcome' | 'cause' | 'error' | 'limit' | 'measured'> {
  const { outcome, cause } = meaningOf(o) ?? { outcome: 'failed' as const, cause: 'lost' as const }
  return { outcome, ...(cause && { cause }), ...(error && { error }), ...(limit !== undefined && { limit, measured: wall }) }
}

/** A report entry before the store gives it `seq` and `instruction`. */
export type Ending = Omit<ReportEntry, 'seq' | 'instruction'>

/** Members that only what did not succeed has, in the order in which an entry shows them. */
const ofFailures = ['cause', 'error', 'traceback', 'exit_code', 'signal', 'limit', 'measured', 'stderr_tail'] as const

/**
 * The text of a report entry as it is stored and sent: JSON without the opening brace, so that the store may put
 * `{"seq":1,"instruction":2,` in front. The host renders what it carried out, the daemon what ended without a host.
 * @returns one line, no newline at its end. A report that JSON cannot hold (a cycle, a BigInt) throws a TypeError.
 */
export function renderEnding(ending: Ending): string {
  const {
    name,
    kind,
    outcome,
    report,
    attempt,
    scheduler_ticket: ticket,
    cpus,
    node,
    started_at: started,
    finished_at: finished,
    usage,
  } = ending
  // written out member by member: a host makes a hundred thousand of these a second
  let text = `"name":${JSON.stringify(name)},"kind":${JSON.stringify(kind)},"outcome":"${outcome}","report":${JSON.stringify(report ?? null) ?? 'null'}`
  if (outcome !== 'succeeded') {
    for (const member of ofFailures) if (ending[member] !== undefined) text += `,"${member}":${JSON.stringify(ending[member])}`
  }
  text += `,"attempt":${attempt},"scheduler_ticket":${ticket},"cpus":[${cpus.join(',')}]`
  if (node !== undefined) text += `,"node":${JSON.stringify(node)}`
  return `${text},"started_at":${started === null ? 'null' : `"${started}"`},"finished_at":"${finished}","usage":{"wall":${usage.wall},"cpu":${usage.cpu},"max_rss":${usage.max_rss}}}`
}
