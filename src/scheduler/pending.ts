import { Lane, type Place } from './lane.js'
import type { Position, Rule, Slot } from './leaf.js'
import type { Entry } from './scheduler.js'

/** What a search may take: up to `cores` CPUs, and up to `atMostMiB`; with `belowMiB` also no more than keeps the sum with `usedMiB` below it. */
export interface Fit {
  readonly cores: number
  readonly atMostMiB: number
  readonly usedMiB?: number
  readonly belowMiB?: number
}

const ANY: Fit = { cores: Infinity, atMostMiB: Infinity }

/**
 * The ordered queue of what waits: larger priority first, then the policy's key, then arrival (id). An id is in it once.
 *
 * One lane for each number of cores keeps a search for what fits cores and memory at O(core counts · log n) in every case:
 * two minima in one tree would let both pass where nothing fits both. Ten million entries are well served; a lane's list of
 * groups, about one for 65,536 entries, is the only linear part.
 *
 * 48 bytes an entry where it came in order, up to about twice that where it did not. File names lie aside, as few have them.
 */
export class Pending {
  private lanes = new Map<number, Lane>()
  private files = new Map<number, Pick<Entry, 'fileA' | 'fileB'>>()
  private entries = 0

  constructor(private readonly rule: Rule) {}

  get size(): number {
    return this.entries
  }

  /** Puts an entry where it belongs; cheapest when that is the end. */
  add(entry: Entry): void {
    const { id, cores, fileA, fileB } = entry
    this.laneOf(cores).add(slotOf(entry))
    this.entries++
    if (fileA !== undefined || fileB !== undefined) this.files.set(id, { fileA, fileB })
  }

  /** Puts n entries where they belong that differ by their ids only and name no files: `first` has the smallest, the others follow. */
  addRun(first: Entry, n: number): void {
    const lane = this.laneOf(first.cores)
    const slot = slotOf(first)
    for (let id = first.id; id < first.id + n; id++) lane.add({ ...slot, id })
    this.entries += n
  }

  /** @returns false when it is not here. It is found by its id, priority, cores and expected time. */
  remove(entry: Pick<Entry, 'id' | 'priority' | 'cores' | 'expectedTime'>): boolean {
    const lane = this.lanes.get(entry.cores)
    if (!lane?.remove(positionOf(entry))) return false
    if (lane.size === 0 && this.lanes.size > 1) this.lanes.delete(entry.cores)
    this.entries--
    if (this.files.size > 0) this.files.delete(entry.id)
    return true
  }

  /** Whether it is here. It is found as `remove` finds it. */
  has(entry: Pick<Entry, 'id' | 'priority' | 'cores' | 'expectedTime'>): boolean {
    return this.lanes.get(entry.cores)?.has(positionOf(entry)) ?? false
  }

  /** The head of the queue; undefined when nothing waits. */
  first(): Entry | undefined {
    return this.firstFitting(ANY)
  }

  /**
   * The first entry that needs no more than `fit`; undefined when none does.
   * @param after looks only strictly behind this one, which need not be here any more.
   */
  firstFitting({ cores: mostCores, atMostMiB, usedMiB = 0, belowMiB = Infinity }: Fit, after?: Entry): Entry | undefined {
    const ceiling = { atMostMiB, usedMiB, belowMiB }
    const behind = after && positionOf(after)
    let found: Slot | undefined
    let foundCores = 0
    for (const [cores, lane] of this.lanes) {
      if (cores > mostCores) continue
      const place: Place | undefined = lane.seek(ceiling, behind)
      if (!place || (found && !place.leaf.isBefore(place.slot, found))) continue
      found = place.leaf.read(place.slot)
      foundCores = cores
    }
    return found && this.entryOf(found, foundCores)
  }

  /** All entries in order. What was handed out may be removed meanwhile; an entry added behind it is met. */
  *[Symbol.iterator](): Generator<Entry, void, undefined> {
    for (let entry = this.first(); entry; entry = this.firstFitting(ANY, entry)) yield entry
  }

  /**
   * Moves up to `most` entries of `other` here; all of them at once, at no cost, when this queue is empty.
   * So a long upload is queued aside and joined in slices that hold nobody up; an entry costs about 1 µs.
   * @param other a queue of the same policy.
   * @returns whether `other` is empty.
   */
  absorb(other: Pending, most: number): boolean {
    if (this.size === 0) {
      ;[this.lanes, other.lanes] = [other.lanes, this.lanes]
      ;[this.files, other.files] = [other.files, this.files]
      ;[this.entries, other.entries] = [other.entries, this.entries]
      return true
    }
    for (let moved = 0; moved < most; moved++) {
      const entry = other.first()
      if (!entry) break
      other.remove(entry)
      this.add(entry)
    }
    return other.size === 0
  }

  /** The files of an entry that is here; undefined when it names none. */
  protected filesOf(id: number): Pick<Entry, 'fileA' | 'fileB'> | undefined {
    return this.files.get(id)
  }

  private laneOf(cores: number): Lane {
    let lane = this.lanes.get(cores)
    if (!lane) this.lanes.set(cores, (lane = new Lane(this.rule)))
    return lane
  }

  private entryOf({ id, priority, time, memory, kind, nameHash }: Slot, cores: number): Entry {
    const files = this.files.get(id)
    return {
      id,
      priority,
      memory: Number.isNaN(memory) ? undefined : memory,
      expectedTime: Number.isNaN(time) ? undefined : time,
      cores,
      fileA: files?.fileA,
      fileB: files?.fileB,
      kind,
      nameHash,
    }
  }
}

function positionOf({ priority, expectedTime, id }: Pick<Entry, 'priority' | 'expectedTime' | 'id'>): Position {
  return { priority, time: expectedTime ?? Number.NaN, id }
}

function slotOf({ priority, expectedTime, id, memory, kind, nameHash }: Entry): Slot {
  return { priority, time: expectedTime ?? Number.NaN, id, memory: memory ?? Number.NaN, kind, nameHash }
}
