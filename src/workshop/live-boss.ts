import { labelOf, mayLaunch, type Boss } from '../boss/boss.js'
import type { BossError } from '../boss/boss-document.js'
import { Refusal } from '../boss/errors.js'
import { isUniform, type Rows } from '../boss/fact.js'
import type { RetryPolicy } from '../boss/terms.js'
import { waitsForTicket } from '../boss/instruction.js'
import type { Pending } from '../scheduler/pending.js'
import type { Entry, Scheduler } from '../scheduler/scheduler.js'
import { Consultation } from './consultation.js'
import type { KindBook } from './kinds.js'
import type { Deadline, Deadlines } from './deadlines.js'
import type { Site } from './site.js'
import { TermBook } from './term-book.js'
import type { Doom } from './unbegun.js'
import type { Worker } from './worker.js'

/** Entries that are queued in one turn when a large append has come in: few milliseconds. */
const queuedAtOnce = 4_000

/** An instruction that waits for the moment of its next attempt. */
export interface Delayed {
  readonly entry: Entry
  /** ms since 1970 */
  readonly notBefore: number
}

/** A Boss that is not over, with everything the workshop keeps of it in memory. */
export class LiveBoss {
  /** What waits and no worker holds. */
  queue: Pending
  /** Workers that carry out its instructions; some may be unheard once it is over. */
  readonly workers = new Set<Worker>()
  /** Hashes of the names that users gave to instructions that have not ended. */
  names = new Set<number>()
  /** The number of the next attempt where it is not the first. */
  attempts = new Map<number, number>()
  /** What the rows say of time limits and retries. */
  terms = new TermBook()
  /** What waits for the moment of its next attempt. */
  delayed = new Map<number, Delayed>()
  /** What shall end and is with a worker. */
  readonly doomed = new Map<number, Doom>()
  /** How often a worker died, with nothing to blame, that had not reported this. It is sent alone. */
  readonly suspects = new Map<number, number>()
  /** Priorities that were changed while a worker had the instruction. */
  readonly priorities = new Map<number, number>()
  /** Who is told when an instruction has ended, by its id. */
  readonly awaited = new Map<number, Set<() => void>>()
  /** That it is there was committed. */
  onDisk = true
  /** The id that the next append begins with. */
  nextId = 1
  /** ms of core time that its workers used, for the fair division; set forward when it joins the others. */
  servedMs = 0
  /** It has workers or could use some, and takes part in the division. */
  shares = false
  /** It could use more workers and got none for want of room. */
  starved = false
  /** STOP_LISTENING was heard: what may start does so once more (`launched`), and when it has begun the Boss is over. */
  deaf: 'heard' | 'launched' | undefined
  /** Something of it could not be written, so it fails; when not even that can be written it stays as it is. */
  unwritable: 'fails' | 'stays' | undefined
  /** Of a user's policy; undefined under the program's own ones. */
  readonly consultation: Consultation | undefined
  private arriving: Pending[] = []
  private readonly alarms = new Set<Deadline>()

  constructor(
    public boss: Boss,
    readonly scheduler: Scheduler,
    /** Where its workers are. */
    readonly site: Site,
    /** Why it cannot go on as it was loaded; undefined when it can. */
    readonly fault?: BossError,
  ) {
    this.queue = scheduler.queue()
    this.consultation = scheduler.policy && new Consultation()
  }

  get id(): number {
    return this.boss.id
  }

  get label(): string {
    return labelOf(this.boss)
  }

  /** CPUs or slots that its workers hold. */
  get cores(): number {
    let cores = 0
    for (const worker of this.workers) cores += worker.grant.cores
    return cores
  }

  /** Whether something could start if there were room. */
  get hungry(): boolean {
    return this.couldHire && (this.consultation?.wants ?? true)
  }

  /** Whether the policy may let something start. */
  get couldHire(): boolean {
    return (
      this.queue.size > 0 && this.deaf !== 'launched' && mayLaunch(this.boss) && this.workers.size < (this.scheduler.maxWorkers ?? Infinity)
    )
  }

  /** Whether a user's policy, when it was last asked, let none of what waits start. */
  get choseNothing(): boolean {
    return this.couldHire && (this.consultation?.choseNothing ?? false)
  }

  /** Takes over what was loaded from the store, after a turn that could not be committed. */
  become(loaded: LiveBoss): void {
    this.boss = loaded.boss
    this.queue = loaded.queue
    this.names = loaded.names
    this.attempts = loaded.attempts
    this.delayed = loaded.delayed
    this.terms = loaded.terms
    this.arriving = []
    this.consultation?.arrived()
    this.nextId = Math.max(this.nextId, loaded.nextId) // ids may have been set aside for appends that are on their way
  }

  /** A finished append joins what waits; a large one in parts, see `settleIn`. */
  join(rows: Pending): void {
    this.arriving.push(rows)
    this.settleIn()
  }

  /** Few instructions join what waits at once. @param add queues them. */
  joinNow(add: (queue: Pending) => void): void {
    add(this.queue)
    this.consultation?.arrived()
  }

  /** Instructions that have arrived and are not queued yet. */
  get arrivingSize(): number {
    return this.arriving.reduce((sum, { size }) => sum + size, 0)
  }

  /** Queues a part of what has arrived. @returns false when there is more. */
  settleIn(): boolean {
    const next = this.arriving[0]
    if (!next) return true
    if (this.queue.absorb(next, queuedAtOnce)) this.arriving.shift()
    this.consultation?.arrived()
    return this.arriving.length === 0
  }

  /** Puts instructions that came back from a worker where they belong. */
  requeue(entries: readonly Entry[]): void {
    for (const entry of entries) this.queue.add({ ...entry, priority: this.priorities.get(entry.id) ?? entry.priority })
    this.consultation?.arrived()
  }

  /** An instruction waits, and not before a moment. @param notBefore ms since 1970. */
  comeBack(entry: Entry, notBefore: number): void {
    if (notBefore > Date.now()) this.delayed.set(entry.id, { entry, notBefore })
    else this.requeue([entry])
  }

  /** Takes an instruction away from what waits. @returns false when it does not wait here. */
  withdraw(given: Entry): boolean {
    const { id } = given
    const entry = { ...given, priority: this.priorities.get(id) ?? given.priority }
    const waited = this.delayed.delete(id) || this.queue.remove(entry) || this.arriving.some((rows) => rows.remove(entry))
    if (waited) this.consultation?.drop(id)
    return waited
  }

  /** Calls `act` at a moment, unless the Boss is over by then. @param at ms since 1970. */
  alarm(deadlines: Deadlines, at: number, act: () => void): void {
    const deadline = deadlines.set(at, () => {
      this.alarms.delete(deadline)
      act()
    })
    this.alarms.add(deadline)
  }

  /** It is over: nothing that was to come happens. */
  leave(): void {
    for (const deadline of this.alarms) deadline.act = undefined
    this.alarms.clear()
  }

  /** Whether there is anything that is tried again when it fails. */
  get mayRetry(): boolean {
    return this.boss.settings.retry !== undefined || this.terms.size > 0
  }

  /** When what fails of an instruction is tried again; undefined for never. */
  retryOf(id: number): RetryPolicy | undefined {
    const terms = this.terms.of(id)
    return terms?.at_most_once ? undefined : (terms?.retry ?? this.boss.settings.retry)
  }

  attemptOf(id: number): number {
    return this.attempts.get(id) ?? 1
  }

  /** An instruction has ended: its name is free again, and nothing is kept of it. */
  ended({ id, nameHash }: Entry): void {
    if (nameHash !== 0) this.names.delete(nameHash)
    this.terms.forget(id)
    for (const kept of [this.attempts, this.doomed, this.suspects, this.priorities]) if (kept.size > 0) kept.delete(id)
    if (this.awaited.size > 0) this.awaited.get(id)?.forEach((tell) => tell())
  }
}

/** What a queue needs of rows, one entry a row. */
export function entriesOf(rows: Omit<Rows, 'attributes' | 'terms'>, kinds: KindBook): Entry[] {
  return Array.from({ length: rows.n }, (_, row) => ({
    id: rows.first + row,
    kind: kinds.named(rows.kind[row] ?? '').no,
    nameHash: hashOf(rows.name[row] ?? null),
    priority: rows.priority[row] ?? 0,
    memory: rows.memory[row] ?? undefined,
    expectedTime: rows.expectedTime[row] ?? undefined,
    cores: rows.cores[row] ?? 1,
    fileA: rows.fileA[row] ?? undefined,
    fileB: rows.fileB[row] ?? undefined,
  }))
}

/** The first of the entries of rows that differ by their ids only and have no names, files or terms; undefined when they are not of that sort. */
export function runOf(rows: Rows, kinds: KindBook): Entry | undefined {
  const { kind, name, priority, memory, expectedTime, cores, fileA, fileB, terms } = rows
  for (const column of [name, fileA, fileB, terms, kind, priority, memory, expectedTime, cores]) if (!isUniform(column)) return undefined
  if ([name, fileA, fileB, terms].some(([first = null]) => first !== null)) return undefined
  return entriesOf({ ...rows, n: Math.min(1, rows.n) }, kinds)[0]
}

/**
 * A name as a number of 53 bits, 0 for none: two names of a Boss share one about once in ten thousand Bosses of a million names. One that
 * waits for its ticket is none yet, and once it has it, it differs from those that run.
 */
export function hashOf(name: string | null): number {
  if (name === null || waitsForTicket(name)) return 0
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at)
    high = Math.imul(high ^ code, 2654435761)
    low = Math.imul(low ^ code, 1597334677)
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  return 4294967296 * (2097151 & low) + (high >>> 0) || 1
}

/** Two unfinished instructions of a Boss may not wear one name. */
export const nameTaken = (by: string, name: string, row: number, again?: number) =>
  new Refusal(
    'name-taken',
    again === undefined
      ? `row ${row}: ${by} is already named "${name}"; give each one a name of its own`
      : `instruction ${again} cannot be given again now: ${by} has its name, "${name}" (was it given again already?); wait until that has ended, or cancel it`,
    { name, row },
  )
