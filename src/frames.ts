/** What daemon and worker host say to each other: NDJSON on a pipe of their own. `docs/frames.md` tells the rules. */

/** Raised when the two do not speak the same language; each refuses another number. */
export const frameVersion = 1

/** Daemon → host, first of all. */
export interface Hello {
  hello: {
    version: number
    /** `js` runs kinds of modules, `program` only starts programs. */
    role: 'js' | 'program'
    /** Module that defines each kind, as a file URL; built-in ones included. */
    kinds: Record<string, string>
    /** Directory for output too long for a report. */
    outputs: string
  }
}
/** Daemon → host: carry these out, one after the other. Position in the lists is the row. */
export interface WorkFrame {
  f: number
  boss: number
  ids: number[]
  attempts: number[]
  names: string[]
  kind: string
  scheduler_ticket: number | null
  cpus: number[]
  /** Attributes of each row. */
  a: Record<string, unknown>[]
}
/** Daemon → host: rows from `keep` on are wanted back. */
export interface KeepFrame {
  f: number
  keep: number
}
/** Daemon → host: end row `stop` of frame f if it runs: SIGTERM or AbortSignal, grace, SIGKILL. `o` is what it shall be reported as. */
export interface StopFrame {
  f: number
  stop: number
  grace_ms: number
  o: string
}
/** Daemon → host: report frame `ack` is on disk; the host may forget it. */
export interface AckFrame {
  ack: number
}
export type ToHost = Hello | WorkFrame | KeepFrame | StopFrame | AckFrame

/** Host → daemon, first of all, once it can work. */
export interface Ready {
  ready: { version: number; pid: number; cpus: number[] }
}
/** Host → daemon: row `started` of frame f begins now. */
export interface StartedFrame {
  f: number
  started: number
}
/** Host → daemon: rows before `kept` stay (done, running or begun), rows from it on are given back. Answers a KeepFrame, always. */
export interface KeptFrame {
  f: number
  kept: number
}
/**
 * Host → daemon: the header of a report; `n` lines of `bytes` bytes in all follow it, one for each of the rows at…at+n-1, each as
 * `renderEnding` makes it. `o` has one character a row (`OutcomeCode`), `ms` the time that the rows took together.
 */
export interface ReportFrame {
  r: number
  f: number
  at: number
  n: number
  o: string
  ms: number
  bytes: number
}
export type FromHost = Ready | StartedFrame | KeptFrame | ReportFrame
