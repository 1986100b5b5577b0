import type { Readable } from 'node:stream'
import type { BossDocument, CrewName } from '../boss/boss-document.js'
import type { ArrayRow } from '../boss/fact.js'
import type { IgnoredAttribute } from '../boss/ignored.js'
import type { InstructionDocument, InstructionStatus } from '../boss/instruction-document.js'
import type { Row } from '../boss/instruction.js'
import type { Cause } from '../boss/report.js'
import type { RetryPolicy } from '../boss/terms.js'
import type { Trace } from '../boss/trace.js'
import type { KeptAnswer } from '../store/answers.js'
import type { FailureGroup } from './failures.js'
import type { HouseFigures } from './figures.js'
import type { Once } from './once.js'
import type { BossQuery } from './roster.js'

export type { ArrayRow, Row }

/** What `POST /v1/bosses` asks for, already checked by its schema; `rows` are gathered from columns or rows. */
export interface NewBoss {
  name?: string
  scheduler?: Readonly<Record<string, unknown>>
  start?: boolean
  end?: boolean
  on_error?: 'continue' | 'stop'
  verbose?: boolean
  maxlenreport?: number
  retry?: RetryPolicy
  /** local when absent */
  crew?: CrewName
  /** Their files are there; they are the caller's again when the call is refused. */
  arrays?: readonly ArrayRow[]
  rows: readonly Row[]
  /** that the rows belong to */
  trace?: Trace | undefined
}
export interface Page<T> {
  items: T[]
  next?: string
}
/** One page of a report. `lines` holds n report entries, NDJSON, as they lie in the store. */
export interface ReportPage {
  boss: number
  status: 'interim' | 'finished' | 'pending' | 'workers exception'
  pending: number
  lines: Uint8Array
  n: number
  /** the last `seq` of this page, present exactly when more is committed now */
  next?: number
}
export interface InstructionFilter {
  status?: InstructionStatus
  kind?: string
  name?: string
  cause?: Cause
  limit: number
  after?: string
}

/** Which Bosses that are over shall go: those beyond any of the limits given, beyond the daemon's own when none is. */
export interface PruneQuery {
  /** s since they were over */
  older_than?: number
  /** the newest that stay */
  keep?: number
  /** of the database and of what programs wrote; the oldest go until it is no more */
  max_bytes?: number
  /** only say what would go */
  dry_run?: boolean
}
export interface PrunedDocument {
  dry_run: boolean
  /** how many were removed */
  bosses: number
  /** estimated */
  bytes: number
  /** the first 1,000 of them, the oldest first */
  items: { id: number; name?: string; status: 'finished' | 'stopped' | 'failed'; over_at: string; bytes: number }[]
}

export interface OutputQuery {
  stream: 'stdout' | 'stderr'
  /** the newest when undefined */
  attempt: number | undefined
  /** go on until the attempt ends; of an instruction that waits, begin when it begins */
  follow: boolean
  /** nobody follows any more */
  signal: AbortSignal
}
export interface Output {
  readonly bytes: Readable
  /** Bytes that were written and that were kept, when these are less. Not known of what runs. */
  readonly cut?: { readonly written: number; readonly kept: number }
}

/** What HTTP asks of the workshop. Every promise may be refused with a `Refusal`; answers show committed state only. */
export interface Workshop {
  create(boss: NewBoss): Promise<BossDocument>
  /** What its rows would become; makes nothing. Refuses what `create` would refuse. */
  tryOut(boss: NewBoss): Promise<DryRun>
  bosses(query: BossQuery): Promise<Page<BossDocument>>
  /** @param boss id or name. */
  boss(boss: string): Promise<BossDocument>
  remove(boss: string): Promise<void>
  instructions(boss: string, filter: InstructionFilter): Promise<Page<InstructionDocument>>
  instruction(boss: string, id: number): Promise<InstructionDocument>
  work(boss: string, options: { terminate?: boolean; stop_listening?: boolean }): Promise<BossDocument>
  halt(boss: string): Promise<BossDocument>
  end(boss: string): Promise<BossDocument>
  stop(boss: string, options: { now?: boolean }): Promise<BossDocument>
  /** Resolves with true when the Boss is over, with false after `seconds` or when `signal` aborts. @throws Refusal boss-halted when it can never be over as it stands. */
  waitTillOver(boss: string, seconds: number, signal: AbortSignal): Promise<boolean>
  /** @throws Refusal boss-not-over for `interim: false` too early. */
  report(boss: string, page: { after: number; limit: number; interim: boolean }): Promise<ReportPage>
  /** What failed, by cause and kind, the largest group first. */
  failures(boss: string): Promise<FailureGroup[]>
  /** What an attempt wrote. @throws Refusal not-found when there is no such attempt. */
  output(boss: string, id: number, query: OutputQuery): Promise<Output>
  /** Removes Bosses that are over. */
  prune(query: PruneQuery): Promise<PrunedDocument>
  readonly arrays: Arrays
  readonly appends: Appends
  readonly orders: Orders
  readonly answers: Answers
  workers(): Promise<WorkerDocument[]>
  kinds(): KindsDocument
  resources(): Promise<ResourcesDocument>
  /** What does not agree with itself or with the store; empty when everything does, which is always. */
  consistency(): Promise<string[]>
  /** What there is and what was counted, as of the last turn. */
  figures(): Promise<Figures>
  /** Reasons why the daemon should get no new work; empty when it is ready. */
  notReady(): string[]
}
/** What there is now, and what was counted since the daemon started. */
export interface Figures extends HouseFigures {
  readonly databaseBytes: number
  readonly walBytes: number
}
/** What an append stored: ids from `first` to `last`, all of it this append's. */
export interface Stored {
  count: number
  first: number
  last: number
  ignored?: IgnoredAttribute[]
}
/** What rows would become. */
export interface DryRun {
  instructions: { name?: string; kind: string; attributes: Readonly<Record<string, unknown>> }[]
  ignored?: IgnoredAttribute[]
}
/** How Bosses get instructions. @param boss id or name. */
export interface Appends {
  /** Rows arrive in slices of some hundreds, for each is resolved at once; the next slice is asked for when this one may be taken (backpressure). All or nothing: a throw of the iterable leaves nothing. */
  append(
    boss: string,
    slices: AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>,
    options?: { fatal?: boolean; trace?: Trace | undefined },
  ): Promise<Stored>
  /** What each row would become; stores nothing. */
  dryRun(boss: string, rows: readonly Row[]): Promise<DryRun>
  /**
   * Appends what failed as new instructions: by default every failure that was not given again yet.
   * @param options `causes` and `kinds` to take; `ids` to take, given again or not; `into` another Boss; `trace` in place of the one that each belonged to.
   */
  retry(
    boss: string,
    options: { causes?: readonly Cause[]; kinds?: readonly string[]; ids?: readonly number[]; into?: string; trace?: Trace | undefined },
  ): Promise<Stored>
}
/** What was answered to calls that shall be carried out only once. @param key of the call. */
export interface Answers {
  /** @returns undefined when none was given in the last 24 hours. */
  kept(key: string): Promise<KeptAnswer | undefined>
  /** Keeps the answer of a call that no turn has answered. @param answer JSON text. */
  keep(call: Once, status: number, answer: string): Promise<void>
}
/** Which of the instructions that have not ended. */
export type UnendedFilter = { status?: 'pending' | 'working'; kind?: string; name?: string }
/** What can be done to instructions that have not ended. @param boss id or name. */
export interface Orders {
  /** @param reason for a person. Resolves with whether it has ended by now; one that runs ends later. @throws Refusal not-found, already-done. */
  cancel(boss: string, id: number, reason: string): Promise<boolean>
  /** @returns how many were cancelled; those that run end later. */
  cancelMatching(boss: string, filter: UnendedFilter, reason: string): Promise<{ cancelled: number; working: number }>
  /** @throws Refusal not-found, already-done. */
  prioritise(boss: string, id: number, priority: number): Promise<void>
  /** @returns how many got that priority. */
  prioritiseMatching(boss: string, filter: UnendedFilter, priority: number): Promise<number>
}
/** The shared arrays of Bosses. @param boss id or name. */
export interface Arrays {
  list(boss: string): Promise<readonly ArrayRow[]>
  /** @throws Refusal not-found. */
  one(boss: string, name: string): Promise<ArrayRow>
  /** Resolves with who would use it. @throws Refusal when a Boss would not take an array of this name now. */
  mayPut(boss: string, name: string): Promise<CrewName>
  /** The file is there; it is the caller's again when the call is refused. Resolves with whether it replaced another of this name. */
  put(boss: string, array: ArrayRow): Promise<boolean>
  /** @throws Refusal not-found, array-in-use. */
  remove(boss: string, name: string): Promise<void>
}
export interface WorkerDocument {
  /** unique in its crew */
  host: number
  /** of its process, or of its srun */
  pid: number | null
  crew: CrewName
  /** null while nobody knows where it will be */
  node: string | null
  cpus: number[]
  /** Slurm's id of it */
  job?: string
  /** `waiting` for Slurm to start it, `lost`: it is made sure that it has ended */
  state?: 'waiting' | 'ready' | 'lost'
  /** why it waits or is lost */
  reason?: string
  /** place, Boss and the rest while it holds work */
  place?: number
  boss?: number
  instruction?: number
  name?: string
  kind?: string
  scheduler_ticket?: number | null
  /** instructions sent ahead to it, not begun */
  ahead: number
}
export interface KindDocument {
  kind: string
  /** plugin file, absent for built-in kinds */
  file?: string
  footprint: Record<string, unknown>
  schema: Record<string, unknown>
  /** why workers cannot load it, as far as that has come up; with `retry_at` its instructions fail at once until then */
  fault?: { type: string; message: string; since: string; retry_at?: string }
}
export interface KindsDocument {
  items: KindDocument[]
  /** plugin files or definitions that were left out, with the reason */
  refused: { file: string; reason: string }[]
}
export interface ResourcesDocument {
  cores: { total: number; cpus: number[]; order: number[] }
  /** MiB */
  memory: { total: number; granted: number }
  /** how declared memory is enforced; the reason says why not better */
  memory_enforcement: 'cgroup2' | 'cgroup1' | 'rss'
  memory_enforcement_reason?: string
  slots: { total: number; used: number }
  places: { place: number; cpus: number[]; boss: number; cores: number; memory: number }[]
  /** the cluster; absent without --slurm */
  slurm?: {
    ready: boolean
    reason?: string
    /** of the nodes that can be used now */
    cores: { total: number; granted: number }
    /** MiB */
    memory: { total: number; granted: number }
    /** worker processes, those of them that Slurm has not started, and how many there may be */
    hosts: { total: number; waiting: number; most: number }
    nodes: { node: string; cores: number; memory: number; state: string; usable: boolean }[]
  }
  store: { file: string; ready: boolean; reason?: string }
}
