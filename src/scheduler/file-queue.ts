import { Behind, isBefore } from './behind.js'
import { ARRIVAL } from './leaf.js'
import { Pending } from './pending.js'
import type { Entry } from './scheduler.js'

type Standing = Pick<Entry, 'id' | 'priority'>
type Found = Pick<Entry, 'id' | 'priority' | 'cores' | 'expectedTime'>

const standingOf = ({ id, priority }: Entry): Standing => ({ id, priority })

/** Entries that name the same files and stand aside together. */
interface Party {
  readonly key: string
  head: Entry
  /** Those behind the head; most parties have none. */
  rest: Behind | undefined
  /** The file under which they are parked. */
  under: string
}

/**
 * A queue in order of arrival in which entries that cannot start because of a file stand aside, so that a decision
 * does not walk past them, however many they are. An entry stands **in line**, or is **parked** under one of its files, together
 * with those of the same files. It may be parked under a file that is held (open when a decision last looked), or that an entry
 * in line before it, the file's **claimant**, needs as well. So the first entry that may start is always in line.
 *
 * When a file is free again, or its claimant leaves the line, the first entry parked under it takes the line: one,
 * not all. If its other file is open, it and those of the same files are parked under that one, and the next takes the line. So a
 * decision costs O(log n) for each launch, each file that became free and each pair of files that it moves.
 */
export class FileQueue extends Pending {
  private claimants = new Map<string, Standing>()
  private parties = new Map<string, Party>()
  private partyOf = new Map<number, Party>()
  /** For each file the heads of the parties that are parked under it. */
  private parked = new Map<string, Pending>()
  private held = new Set<string>()

  constructor() {
    super(ARRIVAL)
  }

  override get size(): number {
    return super.size + this.partyOf.size
  }

  override add(entry: Entry): void {
    const files = distinct(entry)
    for (const file of files) {
      const claimant = this.claimants.get(file)
      if (this.held.has(file) || (claimant && isBefore(claimant, entry))) return this.park(entry, file)
    }
    super.add(entry)
    const standing = standingOf(entry)
    for (const file of files) if (!this.claimants.has(file)) this.claimants.set(file, standing)
  }

  override remove(entry: Found): boolean {
    const party = this.partyOf.get(entry.id)
    if (party) return this.unpark(party, entry)
    const files = distinct(this.filesOf(entry.id) ?? {})
    if (!super.remove(entry)) return false
    this.giveUp(entry, files)
    return true
  }

  /** Entries of files that are no longer open may take the line again. @param open all files that are open now. */
  wake(open: ReadonlySet<string>): void {
    const freed: string[] = []
    for (const file of this.held) if (!open.has(file)) freed.push(file)
    // all of them first, so that what one calls up is not set aside for another
    for (const file of freed) this.held.delete(file)
    for (const file of freed) this.callUp(file)
  }

  /** An entry is about to start: what waits for its files need not be called up when it leaves. */
  hold(entry: Entry): void {
    for (const file of distinct(entry)) this.held.add(file)
  }

  /**
   * The first entry that names no open file. Those that it passes are parked.
   * @param after looks only strictly behind this one.
   */
  firstClosed(open: ReadonlySet<string>, after: Entry | undefined): Entry | undefined {
    for (;;) {
      const entry = this.firstFitting({ cores: Infinity, atMostMiB: Infinity }, after)
      if (!entry) return undefined
      const files = distinct(entry)
      const blocking = files.find((file) => open.has(file))
      if (blocking === undefined) return entry
      super.remove(entry)
      this.held.add(blocking)
      this.park(entry, blocking)
      this.giveUp(entry, files)
    }
  }

  override *[Symbol.iterator](): Generator<Entry, void, undefined> {
    const aside = [...this.parties.values()].flatMap(({ head, rest }) => [head, ...(rest ?? [])]).sort((a, b) => (isBefore(a, b) ? -1 : 1))
    let next = 0
    for (const entry of super[Symbol.iterator]()) {
      for (let other; (other = aside[next]) && isBefore(other, entry); next++) yield other
      yield entry
    }
    yield* aside.slice(next)
  }

  override absorb(other: FileQueue, most: number): boolean {
    if (this.size > 0) return super.absorb(other, most)
    ;[this.claimants, other.claimants] = [other.claimants, this.claimants]
    ;[this.parties, other.parties] = [other.parties, this.parties]
    ;[this.partyOf, other.partyOf] = [other.partyOf, this.partyOf]
    ;[this.parked, other.parked] = [other.parked, this.parked]
    ;[this.held, other.held] = [other.held, this.held]
    return super.absorb(other, most)
  }

  private park(entry: Entry, file: string): void {
    const key = keyOf(entry)
    const party = this.parties.get(key)
    if (!party) {
      const own: Party = { key, head: entry, rest: undefined, under: file }
      this.parties.set(key, own)
      this.partyOf.set(entry.id, own)
      this.showHead(own)
      return
    }
    this.partyOf.set(entry.id, party)
    party.rest ??= new Behind()
    if (!isBefore(entry, party.head)) return party.rest.add(entry)
    // what keeps the new head aside keeps all behind it aside
    this.hideHead(party)
    party.rest.add(party.head)
    party.head = entry
    party.under = file
    this.showHead(party)
  }

  /** @returns false when it is not in this party. */
  private unpark(party: Party, entry: Found): boolean {
    const isHead = party.head.id === entry.id
    if (!isHead && !party.rest?.remove(entry)) return false
    this.partyOf.delete(entry.id)
    if (!isHead) return true
    this.hideHead(party)
    const next = party.rest?.shift()
    if (next) {
      party.head = next
      this.showHead(party)
    } else this.parties.delete(party.key)
    return true
  }

  private showHead({ head, under }: Party): void {
    let heads = this.parked.get(under)
    if (!heads) {
      heads = new Pending(ARRIVAL)
      this.parked.set(under, heads)
    }
    // the party knows the files
    heads.add({ ...head, fileA: undefined, fileB: undefined })
  }

  private hideHead({ head, under }: Party): void {
    const heads = this.parked.get(under)
    heads?.remove(head)
    if (heads?.size === 0) this.parked.delete(under)
  }

  /** An entry has left the line: those that it held back may take its place. */
  private giveUp({ id }: Standing, files: readonly string[]): void {
    for (const file of files) {
      if (this.claimants.get(file)?.id !== id) continue
      this.claimants.delete(file)
      if (!this.held.has(file)) this.callUp(file)
    }
  }

  /**
   * The first entry parked under a file that no other file keeps aside takes the line and is the file's claimant; those before it are parked
   * under what keeps them aside now, those behind it stay.
   */
  private callUp(file: string): void {
    for (;;) {
      const first = this.parked.get(file)?.first()
      const party = first && this.partyOf.get(first.id)
      if (!party) return
      const entry = party.head
      const files = distinct(entry)
      const other = files.find((own) => own !== file && this.held.has(own))
      if (other === undefined) {
        this.unpark(party, entry)
        super.add(entry)
        const standing = standingOf(entry)
        for (const own of files) if (own === file || !this.claimants.has(own)) this.claimants.set(own, standing)
        return
      }
      this.hideHead(party)
      party.under = other
      this.showHead(party)
    }
  }
}

/** The different files of an entry. */
function distinct({ fileA, fileB }: { readonly fileA?: string | undefined; readonly fileB?: string | undefined }): string[] {
  const files = fileA === undefined ? [] : [fileA]
  if (fileB !== undefined && fileB !== fileA) files.push(fileB)
  return files
}

/** The same for entries that name the same files, whichever as fileA. */
function keyOf(entry: Entry): string {
  const [first = '', second] = distinct(entry).sort()
  // its length tells where the first name ends
  return second === undefined ? `:${first}` : `${first.length}:${first}${second}`
}
