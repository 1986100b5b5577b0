/** What daemon and worker host say to each other: NDJSON on two pipes of their own. `docs/frames.md` tells the rules. */

/** Raised when the two do not speak the same language; each refuses another number. */
export const frameVersion = 1

/** File descriptors of a host: it reads frames from the first and writes them to the second. */
export const pipes = { toHost: 3, fromHost: 4 } as const

/** Exit code of a host that leaves by itself after it reported everything it began: no instruction is to blame. */
export const leaveCode = 75

/** Variable in the environment of a host and of all it starts; what carries a host's token belongs to that host. */
export const tokenVariable = 'TAYLORD_HOST_TOKEN'

/** Variable in the environment of a host: pid of the daemon that it must not outlive. */
export const daemonVariable = 'TAYLORD_DAEMON_PID'

/** Variable in the environment of a host, `1`: it is on another machine, where it knows its daemon by the pipes alone. */
export const remoteVariable = 'TAYLORD_REMOTE'

/** What programs a host may start, and with which secrets. */
export interface CommandRules {
  /** Texts that a row may give as its program, and the file that each is, without symbolic links; absent: any. */
  programs?: Readonly<Record<string, string>>
  /** Where, or below which, a directory must be that a row gives, as they were told and without symbolic links; absent: anywhere. */
  directories?: readonly string[]
  /** With `programs`: variables that a row may give. */
  variables: readonly string[]
  /** Directory of files that `from_file` may name, without symbolic links; absent: none. */
  secrets_dir?: string
  /** What `from_env` may name. */
  secrets: Readonly<Record<string, string>>
}

/** Daemon → host, first of all. */
export interface Hello {
  hello: {
    version: number
    /** `js` runs kinds of modules, `program` only starts programs. */
    role: 'js' | 'program'
    /** Module that defines each kind, as a file URL; built-in ones included. */
    kinds: Record<string, string>
    /** Directory for output too long for a report, or of programs that run. */
    outputs: string
    /** Bytes of it that are kept of each Boss. */
    output_bytes: number
    /** When it leaves to make room for a fresh host: after so many rows, or when it holds more MiB behind one; 0 never. */
    recycle: { after: number; above: number }
    /** The kernel's group for this host, with `.programs` behind it for programs; absent when there is none. */
    cgroup?: { dir: string; version: 1 | 2 }
    /** Run file of this host, see `runFile`; absent: a remote host makes one for itself. */
    run?: string
    /** A remote host that has heard nothing for so many seconds ends what it does, its job and itself; absent: it waits for ever. */
    lease?: { seconds: number }
    /** MiB that instructions have of the job that a remote host is. */
    memory?: number
    /** For the role `program`; absent: any program, no secrets. */
    commands?: CommandRules
    /**
     * CPUs that programs may be bound to: `core` counts within a socket, `node` is a position in `distances`, NUMA node to NUMA node. Absent:
     * a remote host looks for itself.
     */
    topology?: {
      cpus: readonly { cpu: number; socket: number; core: number; node: number }[]
      distances: readonly (readonly number[])[]
    }
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
  /** true: say at once of each row that it begins, and that it has ended: something depends on it. */
  prompt?: true
  /** Path of each shared array of the Boss, by name; absent when it has none. */
  arrays?: Record<string, string>
  /** W3C trace that each row belongs to, null for none; absent when none does. */
  traces?: ({ traceparent: string; tracestate?: string } | null)[]
  /** Attributes of each row. */
  a: Record<string, unknown>[]
}
/** Daemon → host: rows from `keep` on are wanted back. */
export interface KeepFrame {
  f: number
  keep: number
}
/**
 * Daemon → host: end row `stop` of frame f: SIGTERM or AbortSignal, grace, SIGKILL; a row that has not begun does not begin. `o` is what it
 * shall be reported as, with `error` and, beside the time that it took, `limit` (s) where they are given.
 */
export interface StopFrame {
  f: number
  stop: number
  grace_ms: number
  o: string
  error?: { type: string; message: string }
  limit?: number
}
/** Daemon → host: report frame `ack` and all before it are on disk; the host may forget them. */
export interface AckFrame {
  ack: number
}
/** Daemon → remote host: are you there? The answer comes at once, whatever the host is busy with. */
export interface PingFrame {
  ping: number
}
export type ToHost = Hello | WorkFrame | KeepFrame | StopFrame | AckFrame | PingFrame

/** Host → daemon, first of all, once it can work. */
export interface Ready {
  ready: {
    version: number
    pid: number
    cpus: number[]
    /** Of a remote host, where it has them: Slurm's job and node. */
    job?: string
    node?: string
    /** Of a remote host: the directory that it was started in, and whether there is one for long outputs. */
    cwd?: string
    outputs?: boolean
  }
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
 * `renderEnding` makes it. `o` has one character a row (`OutcomeCode`), `ms` the time that the rows took together, `waited` the part of it
 * in which the host waited for a CPU.
 */
export interface ReportFrame {
  r: number
  f: number
  at: number
  n: number
  o: string
  ms: number
  waited?: number
  bytes: number
}
/** Host → daemon: how far the task of row `progress` of frame f says it is; any JSON, a short one, and not more often than 10 times a second. */
export interface ProgressFrame {
  f: number
  progress: number
  value: unknown
}
export type FromHost = Ready | StartedFrame | KeptFrame | ReportFrame | ProgressFrame

/** Remote host → daemon: answers the ping of that number. */
export interface PongFrame {
  pong: number
}
/** Remote host → daemon: the module of the kind of row `loads` is being loaded; if the host ends before it says `started`, that is why. */
export interface LoadsFrame {
  f: number
  loads: number
}
export type FromRemote = FromHost | PongFrame | LoadsFrame

/**
 * The run file of a host, one page that the host maps and the daemon makes: after a host's death it says what was being carried out,
 * whatever was still unsaid on the pipe. Lines of text first, so that a shell can read them; then numbers, little-endian.
 */
export const runFile = {
  bytes: 4096,
  /** Line 1, 15 digits or spaces and a newline: pid of the program that runs, 0 for none. */
  program: 0,
  /** Line 2, the same: pid of the host. */
  host: 16,
  /** Line 3, 32 characters and a newline: the host's token. */
  token: 32,
  /** float64: frame number of the row that is being carried out. */
  frame: 256,
  /** int32: that row. */
  row: 264,
  /** int32: 0 nothing is being carried out, 1 the row's module is being loaded, 2 the row runs. */
  phase: 268,
  /** float64: MiB that the daemon lets the row have beyond `base`; 0 when it is not to watch it. */
  limit: 272,
  /** float64: MiB that were the host's own when the row began. */
  base: 280,
  /** int32: pid of the host's guard, which outlives it; 0 until it has one. */
  guard: 288,
  /** int32: 0 when the kernel does not hold that limit, else 1 and how often it had ended something of this host before. */
  fence: 292,
} as const

/** The content of a new run file. */
export function newRunFile(token: string): Buffer {
  const page = Buffer.alloc(runFile.bytes)
  page.write(`${'0'.padEnd(15)}\n${'0'.padEnd(15)}\n${token}\n`, 0, 'latin1')
  return page
}

/** The row that a host carries out. */
export interface RunningRow {
  readonly f: number
  readonly row: number
  readonly loading: boolean
  /** MiB beyond `base`; 0: not watched */
  readonly limit: number
  /** MiB */
  readonly base: number
  /** 0: the kernel does not hold the limit; else 1 and how often it had ended something before. */
  readonly fence: number
}

/** What a run file says. */
export interface RunState {
  readonly program: number
  readonly host: number
  readonly guard: number
  readonly token: string
  /** The row that is being carried out. */
  readonly running: RunningRow | undefined
}

/** Reads the content of a run file; undefined when it is none. */
export function parseRunFile(content: Buffer): RunState | undefined {
  if (content.length < runFile.bytes) return undefined
  const line = (at: number, length: number) => content.toString('latin1', at, at + length).trim()
  const phase = content.readInt32LE(runFile.phase)
  return {
    program: Number(line(runFile.program, 15)),
    host: Number(line(runFile.host, 15)),
    guard: content.readInt32LE(runFile.guard),
    token: line(runFile.token, 32),
    running:
      phase === 0
        ? undefined
        : {
            f: content.readDoubleLE(runFile.frame),
            row: content.readInt32LE(runFile.row),
            loading: phase === 1,
            limit: content.readDoubleLE(runFile.limit),
            base: content.readDoubleLE(runFile.base),
            fence: content.readInt32LE(runFile.fence),
          },
  }
}
