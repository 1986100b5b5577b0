import { hash } from 'node:crypto'
import type { Event } from '../soak/follow.ts'

/** A table that was sent, and what is known of it. */
export interface Sent {
  readonly boss: number
  /** Names of its rows, in order; of a retry the ids that it was to give again. */
  readonly names?: readonly string[]
  readonly retryOf?: readonly number[]
  /** Ids that were acknowledged; undefined: the answer was lost, so it is there as a whole or not at all. */
  first?: number
}

interface Entry {
  readonly instruction: number
  readonly outcome: string
}
const digest = (text: string) => hash('sha1', text, 'base64')
/** One instruction of one Boss. */
export const keyOf = (boss: number, instruction: number) => `${boss}:${instruction}`

/** What a client was told, across all deaths of the daemon, and where it was told something else later. */
export class Book {
  readonly breaches: string[] = []
  readonly sent: Sent[] = []
  /** Bosses by id; false: told nothing more. */
  readonly bosses = new Map<number, { readonly kept: boolean; halted: boolean | undefined }>()
  /** Hires without an answer, by the name of the Boss. */
  readonly lostHires = new Map<string, readonly string[]>()
  /** Cancelled for good. */
  readonly cancelled = new Set<string>()
  /** Cancelled while a worker had it: the last attempt that there may be. */
  readonly doomed = new Map<string, number>()
  /** Reasons of cancels of many, and how many they were answered to be. */
  readonly cancelledMany = new Map<string, number>()
  readonly priorities = new Map<string, number | undefined>()
  /** Attempts of which a follower saw the start. */
  readonly started = new Map<string, Set<number>>()
  readonly retrying = new Map<string, Set<number>>()
  /** Final reports, by instruction. */
  private readonly reports = new Map<string, string>()
  readonly failed: [boss: number, instruction: number][] = []
  private readonly events = new Map<number, string>()
  /** Bosses that a follower heard to be over. */
  readonly over = new Set<number>()
  /** Events of cancels, by their reason. */
  readonly cancelEvents = new Map<string, number>()
  rows = 0
  lastSeq = 0

  breach(what: string): void {
    if (this.breaches.length < 50) this.breaches.push(what)
  }

  get seenReports(): number {
    return this.reports.size
  }
  get seenEvents(): number {
    return this.events.size
  }

  /** A line of a report was read. */
  line(boss: number, line: string): void {
    const { instruction, outcome } = JSON.parse(line) as Entry
    const key = keyOf(boss, instruction)
    const now = digest(line)
    const before = this.reports.get(key)
    if (before === undefined) {
      this.reports.set(key, now)
      if (outcome === 'failed') this.failed.push([boss, instruction])
    } else if (before !== now) this.breach(`the report of ${key} was another one before; it is ${line}`)
  }

  /** @param last seq of the event before it on the same socket. */
  event(event: Event, last: number): void {
    const { seq, type, boss = 0, instruction = 0, attempt = 0 } = event
    if (seq === undefined) return
    if (seq <= last) this.breach(`a follower got seq ${seq} after ${last}`)
    const now = digest(JSON.stringify(event))
    const before = this.events.get(seq)
    if (before !== undefined) {
      if (before !== now) this.breach(`the event ${seq} was another one before; it is ${JSON.stringify(event)}`)
      return
    }
    this.events.set(seq, now)
    this.lastSeq = Math.max(this.lastSeq, seq)
    if (type === 'boss.over') this.over.add(boss)
    if (type === 'instruction.started') this.attempt(this.started, 'began', boss, instruction, attempt)
    if (type === 'instruction.retrying') this.attempt(this.retrying, 'came to nothing', boss, instruction, attempt)
    if (type === 'instruction.cancelled') {
      const { reason } = event as unknown as { reason: string }
      this.cancelEvents.set(reason, (this.cancelEvents.get(reason) ?? 0) + 1)
    }
  }

  private attempt(attempts: Map<string, Set<number>>, what: string, boss: number, instruction: number, attempt: number): void {
    const key = keyOf(boss, instruction)
    const known = attempts.get(key) ?? new Set()
    if (known.has(attempt)) this.breach(`two events say that attempt ${attempt} of ${key} ${what}`)
    attempts.set(key, known.add(attempt))
  }
}
