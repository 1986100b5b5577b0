import type { CrewName } from '../boss/boss-document.js'
import type { StopOrder } from '../boss/ending.js'
import type { Trace } from '../boss/trace.js'
import type { ReportFrame } from '../frames.js'

/** Which sort of host carries a kind out: `js` runs modules of users, `program` only starts programs. */
export type Role = 'js' | 'program'

/** Where a worker may run: what the workshop's ledger granted. One instruction at a time runs at a place. */
export interface Place {
  /** Unique among the places in use. */
  readonly id: number
  /** CPUs it is bound to; empty: not bound. Hosts are bound before exec. */
  readonly cpus: readonly number[]
  /** 1 when absent. */
  readonly cores?: number
  /** MiB that were declared for it when it was granted; 0 or absent for none. */
  readonly memory?: number
}

/** Instructions of one Boss and one kind for one place, carried out one after the other. */
export interface Batch {
  /** Frame number, unique in the life of the daemon. */
  readonly f: number
  readonly boss: number
  readonly ids: readonly number[]
  readonly attempts: readonly number[]
  readonly names: readonly string[]
  readonly kind: string
  readonly scheduler_ticket: number | null
  /** The host says at once of each row that it begins. */
  readonly prompt?: true | undefined
  /** s that the longest of its rows is expected to take; undefined when one does not say, or the crew has no use for it. */
  readonly expectedTime?: number | undefined
  /** Path of each shared array of the Boss, by name; undefined when it has none. */
  readonly arrays?: Readonly<Record<string, string>> | undefined
  /** The trace that each row belongs to, null for none; absent when none does. */
  readonly traces?: readonly (Trace | null)[] | undefined
  /** Each row's attributes as JSON text; the daemon never parses them on the way. */
  readonly attributes: readonly string[]
}

/** The end of a host, by the kernel's word. Every report that it wrote has been handed over before. */
export interface HostEnd {
  /** Frames that it had not finished, in the order in which they were sent. */
  readonly frames: readonly number[]
  /**
   * The row that ended with it: the one that was being carried out, or the first it was sent if it could not begin at all. Undefined when no
   * row is to blame. Rows before it that were not reported had finished untold.
   */
  readonly guilty: { readonly f: number; readonly row: number } | undefined
  /** It went by itself, to make room for a fresh one. */
  readonly left?: true
  /**
   * `start`: it could not begin to work (no program, a module that ends the process); `oom`: it took more memory than it may; `timeout`: more
   * time; `lost`: nobody knows how it ended, only that it has, and no row is to blame; else how it ended.
   */
  readonly cause: 'start' | 'exit' | 'signal' | 'oom' | 'timeout' | 'lost'
  /** It ended while it loaded the module of the guilty row's kind. */
  readonly loading?: boolean
  /** MiB that the row had declared, and what it took, where that is why it was ended. */
  readonly limit?: number
  readonly measured?: number
  /** Highest memory of the process in MiB, where it was looked at. */
  readonly maxRss?: number
  readonly exitCode?: number
  readonly signal?: string
  readonly message: string
  /** Last lines that it wrote to stderr. */
  readonly stderrTail: string
  /** Where it was, when that is not the daemon's machine and the place that it was granted. */
  readonly at?: Whereabouts
}

/** Where a host is. */
export interface Whereabouts {
  readonly node: string | undefined
  readonly cpus: readonly number[]
}

/** What a crew tells the workshop. Each call is quick and never throws. */
export interface CrewListener {
  /** Report frame `head.r` of host `host`; `lines` holds head.bytes bytes, head.n lines. It is acknowledged by `crew.acknowledge(host, r)`. */
  reported(host: number, head: ReportFrame, lines: Uint8Array): void
  /** @param at where, when that is not the place that was granted. */
  started(f: number, row: number, at?: Whereabouts): void
  /** Rows of f from `row` on came back unbegun. */
  kept(f: number, row: number): void
  /** How far the task of this row says it is. */
  progress(f: number, row: number, value: unknown): void
  ended(end: HostEnd): void
  /** These are the machines that the crew has, and how long (s) anything may take there; told by crews that have others than the daemon's own. */
  surveyed?(nodes: readonly NodeInfo[], longest: number | undefined): void
}

/** A machine of a cluster. */
export interface NodeInfo {
  readonly node: string
  readonly cores: number
  /** MiB that an instruction can have there. */
  readonly memory: number
  /** As the cluster calls it, such as `idle`. */
  readonly state: string
  /** Whether anything can run there now. */
  readonly usable: boolean
}

/** One worker host, for `GET /v1/workers`. */
export interface HostInfo {
  readonly host: number
  readonly pid: number | null
  readonly role: Role
  readonly cpus: readonly number[]
  /** The frames it holds, the one being carried out first. */
  readonly frames: readonly number[]
  /** Where it runs, if that is known and is not the daemon's machine. */
  readonly node?: string | undefined
  /** The job that it is to the cluster's scheduler. */
  readonly job?: string | undefined
  /** `waiting`: the cluster has not started it; `lost`: nothing is heard of it, and it is made sure that it has ended. */
  readonly state?: 'waiting' | 'ready' | 'lost'
  /** Why it waits. */
  readonly reason?: string | undefined
}

/** Where workers run. Limits and "can never fit" are asked of the crew, not of the machine. */
export interface Crew {
  readonly name: CrewName
  /** Must be called once, before anything is sent. */
  listen(listener: CrewListener): void
  /** Sends a batch to the warm host of that place and role, or starts one. Never throws: what goes wrong is told by `ended`. */
  send(place: Place, role: Role, batch: Batch): void
  /** Asks for rows from `row` on back; answered by `kept`, or by `ended`. */
  takeBack(f: number, row: number): void
  /**
   * Ends row `row` of f; one that has not begun does not begin. If it is the one that runs: SIGTERM to a program's group, or AbortSignal in a JS task and SIGTERM to all that it
   * started; after graceMs SIGKILL to the group of the program or of the JS host. Ends in `reported`, as `order` says unless the row had ended by itself before, or in `ended`.
   */
  stop(f: number, row: number, graceMs: number, order: StopOrder): void
  /** Report frame r of this host, and all before it, are on disk. */
  acknowledge(host: number, r: number): void
  /** The place is free: its hosts stay warm for the next grant with the same CPU set, a bounded number of them. */
  release(place: Place): void
  hosts(): HostInfo[]
  /** Whether its host has the memory (MiB) and the time (s) for an instruction behind those that it holds; absent when it always has. */
  mayFollow?(place: Place, need: { readonly memory: number | undefined; readonly expectedTime: number | undefined }): boolean
  /** Why it starts nothing at all, for `/readyz`; undefined when it does, as it always does on one's own machine. */
  readonly notReady?: string | undefined
  /** What instructions that could start wait for; undefined when it is not the crew. */
  readonly waitingFor?: string | undefined
  /** Ends every host and its programs: SIGTERM, then SIGKILL after graceMs. Resolves when all are gone. */
  close(graceMs: number): Promise<void>
}
