import { Cgroup } from '../cgroup.js'
import type { Hello } from '../frames.js'
import { ownMiB } from '../processes.js'
import { company } from './company.js'

/** What a program may hold in memory. */
export interface Hold {
  /** MiB */
  readonly limit: number
  /** MiB that it took, once that is more than it may; undefined before. */
  over(): number | undefined
}

/** For how long what was looked at holds while rows follow each other closely: a limit that was set for one like it, and how much is files. */
const lastingMs = 50
/** Between a row and the one that follows it at once. */
const momentMs = 1

/**
 * The kernel's hold on what a host carries out: one group for the host itself and its tasks, another for programs that have a limit. A host
 * joins before it carries out anything, so what it holds until then is counted elsewhere.
 */
export class Fence {
  private readonly own: Cgroup
  private readonly programs: Cgroup
  private set: { limit: number; base: number; at: number } | undefined
  private files = { MiB: 0, used: 0, at: -Infinity }
  private kills = { count: 0, at: -Infinity }

  /** @throws Error when the kernel does not let this process in. */
  constructor({ dir, version }: NonNullable<Hello['hello']['cgroup']>) {
    this.own = new Cgroup(dir, version)
    this.programs = new Cgroup(`${dir}.programs`, version)
    this.own.join(process.pid)
  }

  /** Starts a program within a limit: for that moment this host is in its group, so that nothing of the program is outside. */
  launch<T>(limit: number, start: () => T): { started: T; hold: Hold } {
    const { programs } = this
    programs.limit(limit)
    programs.forgetPeak()
    const before = programs.kills
    programs.join(process.pid)
    try {
      return { started: start(), hold: { limit, over: () => (programs.kills > before ? tenths(programs.peakMiB) : undefined) } }
    } finally {
      this.own.join(process.pid)
    }
  }

  /** The next row may take this much more than there is now. @returns MiB that there is; undefined when the kernel does not take the limit. */
  begin(limit: number, now: number): number | undefined {
    if (this.set?.limit === limit && now - this.set.at < lastingMs) return this.set.base
    try {
      const used = this.own.usedMiB
      // what it holds less of may be files that the kernel took back: they would be counted as room that is not there
      if (now - this.files.at >= lastingMs || used < this.files.used) this.files = { MiB: this.own.filesMiB, used, at: now }
      const base = Math.max(0, used - this.files.MiB)
      this.own.limit(base + limit)
      this.set = { limit, base, at: now }
      return base
    } catch {
      this.lift()
      return undefined
    }
  }

  /** The next row has no limit. */
  lift(): void {
    this.own.limit(undefined)
    this.set = undefined
  }

  get isSet(): boolean {
    return this.set !== undefined
  }

  /** MiB that the row with the limit took at most. */
  get takenMiB(): number {
    const { limit = 0, base = 0 } = this.set ?? {}
    return tenths(Math.min(this.own.peakMiB - base, limit))
  }

  /** How often the kernel has ended something of this host for its memory. @param now as the clock of `performance` says. */
  countKills(now: number): number {
    this.kills = { count: this.own.kills, at: now }
    return this.kills.count
  }

  /** The same for a row that begins: when the one before it has just counted, that holds for it, and for it alone. */
  lastKills(now: number): number {
    const { count, at } = this.kills
    this.kills.at = -Infinity
    return now - at < momentMs ? count : this.own.kills
  }
}

/** Joins the group that the daemon has made; undefined when there is none, or it cannot be joined. */
export function fenceOf(cgroup: Hello['hello']['cgroup']): Fence | undefined {
  try {
    return cgroup && new Fence(cgroup)
  } catch {
    return undefined
  }
}

/** A limit that the kernel does not hold: what is below this host is looked at. */
export const watched = (limit: number): Hold => ({
  limit,
  over: () => {
    const measured = ownMiB(company(), limit)
    return measured > limit ? measured : undefined
  },
})

/** MiB as they are shown. */
export const tenths = (amount: number) => Math.round(amount * 10) / 10
