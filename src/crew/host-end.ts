import type { RunningRow } from '../frames.js'
import { outOfMemory } from '../boss/ending.js'
import type { HostEnd } from './crew.js'

/** Why a host was killed for the memory of its row. */
export interface Overdrawn {
  readonly row: RunningRow
  /** MiB */
  readonly measured: number
  /** Highest memory of its process, MiB. */
  readonly maxRss: number | null
}

/** What is known of a host that is gone. */
export interface Remains {
  readonly frames: readonly number[]
  /** The first row that it had not reported. */
  readonly first: { readonly f: number; readonly row: number } | undefined
  readonly wasReady: boolean
  /** It went by itself, with nothing to blame. */
  readonly left: boolean
  readonly running: RunningRow | undefined
  readonly code: number | null
  readonly signal: string | null
  /** What went wrong if there never was a process. */
  readonly reason: string | undefined
  readonly overdrawn: Overdrawn | undefined
  readonly stderrTail: string
}

/** How V8 ends a process whose heap is full. */
const heapFull = /JavaScript heap out of memory/
const aborts: readonly unknown[] = ['SIGABRT', 'SIGTRAP', 'SIGILL', 134, 133]

/** What becomes of the rows of a host that is gone. */
export function hostEndOf(remains: Remains): HostEnd {
  const { frames, first, wasReady, left, running, code, signal, overdrawn, stderrTail } = remains
  const begun = running && { f: running.f, row: running.row }
  const facts = { frames, ...(code !== null && { exitCode: code }), ...(signal !== null && { signal }), stderrTail }
  if (overdrawn) {
    // the row that took too much may have ended before the kill: what had begun meanwhile is not to blame, and is tried again
    const isGuilty = begun && begun.f === overdrawn.row.f && begun.row === overdrawn.row.row
    const { limit } = overdrawn.row
    const { measured, maxRss } = overdrawn
    const { message } = outOfMemory({ limit, measured })
    return { ...facts, guilty: isGuilty ? begun : undefined, cause: 'oom', limit, measured, ...(maxRss !== null && { maxRss }), message }
  }
  const how = remains.reason ?? (signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`)
  const isHeapFull = begun && heapFull.test(stderrTail) && aborts.includes(signal ?? code)
  const cause = isHeapFull ? 'oom' : !wasReady || running?.loading ? 'start' : signal === null ? 'exit' : 'signal'
  const what = {
    start: `the worker's process could not begin: ${how}`,
    oom: `the JavaScript heap of the worker's process is full: ${how}; let the task hold less at once, or hold it in buffers`,
    exit: `the worker's process is gone: ${how}`,
    signal: `the worker's process is gone: ${how}`,
  }
  const loading = running?.loading === true && { loading: true }
  return {
    ...facts,
    ...loading,
    ...(left && { left }),
    guilty: left ? undefined : (begun ?? (wasReady ? undefined : first)),
    cause,
    message: what[cause],
  }
}
