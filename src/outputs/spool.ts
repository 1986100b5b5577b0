import { closeSync, constants, fstatSync, ftruncateSync, mkdirSync, openSync, readdirSync, statfsSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import koffi from 'koffi'
import { encode, recordBytes, segmentsOf, type StreamName } from './segment.js'

/** What is kept of a stream at most. */
const mostOfStream = 64 * 1024 * 1024
/** After so many bytes the room that is left is looked at again. */
const lookAfterBytes = 1024 * 1024
/** The last room of a disk is the database's. */
const spare = { share: 0.05, bytes: 256 * 1024 * 1024 }

const exclusiveNow = 2 | 4 // LOCK_EX | LOCK_NB
const flock = koffi.load('libc.so.6').func('int flock(int fd, int operation)')

/** A segment that nobody else writes to. */
interface Segment {
  /** without the endings of its files' names */
  readonly path: string
  /** descriptor */
  readonly index: number
  /** bytes of the index when it was taken */
  readonly length: number
}

/** Where a host puts what is too long for reports, and what somebody may want to read while it is being written. */
export class Spools {
  private last = 0
  private room = { dir: '', left: 0 }

  /** @param mostOfBoss bytes that are kept of all streams of a Boss. */
  constructor(
    private readonly outputs: string,
    private readonly mostOfBoss: number,
  ) {}

  /** For one attempt. Costs nothing until something is written. */
  attempt(boss: number, instruction: number, attempt: number): Spool {
    return new Spool(this, segmentsOf(this.outputs, boss), instruction, attempt)
  }

  /** Takes a segment that no other host writes to: its index, locked until it is closed. @throws Error as on a full disk. */
  take(dir: string): Segment {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    for (let i = 0, no = this.last; ; no = i++) {
      const path = join(dir, String(no))
      const index = openSync(`${path}.index`, constants.O_RDWR | constants.O_CREAT, 0o600)
      if (flock(index, exclusiveNow) === 0) {
        this.last = no
        return { path, index, length: Math.floor(fstatSync(index).size / recordBytes) * recordBytes }
      }
      closeSync(index)
    }
  }

  /** How many of these bytes may be kept. */
  grant(dir: string, bytes: number): number {
    const { room } = this
    if (room.dir !== dir || room.left < bytes) this.room = { dir, left: Math.min(lookAfterBytes + bytes, this.look(dir)) }
    const granted = Math.max(0, Math.min(bytes, this.room.left))
    this.room.left -= granted
    return granted
  }

  private look(dir: string): number {
    try {
      const { bavail, blocks, bsize } = statfsSync(dir)
      const ofDisk = bavail * bsize - Math.min(spare.bytes, spare.share * blocks * bsize)
      const data = readdirSync(dir).filter((name) => !name.endsWith('.index'))
      const used = data.reduce((sum, name) => sum + (statSync(join(dir, name), { throwIfNoEntry: false })?.size ?? 0), 0)
      return Math.floor(Math.min(ofDisk, this.mostOfBoss - used))
    } catch {
      return lookAfterBytes
    }
  }
}

/** The streams of one attempt on disk. */
export class Spool {
  readonly stdout = new SpooledStream(this, 'stdout')
  readonly stderr = new SpooledStream(this, 'stderr')
  /** Something of it stays. */
  keeps = false
  private segment: Segment | undefined

  constructor(
    private readonly spools: Spools,
    private readonly dir: string,
    readonly instruction: number,
    readonly attempt: number,
  ) {}

  /** The segment that it is written to. @throws Error as on a full disk. */
  open(): Segment {
    return (this.segment ??= this.spools.take(this.dir))
  }

  grant(bytes: number): number {
    return this.spools.grant(this.dir, bytes)
  }

  /** After both streams have ended. */
  close(): void {
    const { segment } = this
    if (!segment) return
    this.segment = undefined
    try {
      if (!this.keeps) ftruncateSync(segment.index, segment.length)
    } catch {
      // records of nobody
    }
    closeSync(segment.index)
  }
}

/** One stream of an attempt on disk. A full disk ends what is kept of it, never the program. */
class SpooledStream {
  /** Bytes that are on disk. */
  kept = 0
  private written = 0
  private place: { readonly data: number; readonly from: number; readonly index: number; readonly at: number } | undefined
  private full = false

  constructor(
    private readonly spool: Spool,
    private readonly stream: StreamName,
  ) {}

  write(chunk: Buffer): void {
    this.written += chunk.length
    if (!this.full) this.keep(chunk)
    this.note(this.spool.instruction)
  }

  /** @param keep false: nobody needs it, its room is given back. */
  end(keep: boolean): void {
    const { place } = this
    if (!place) return
    try {
      if (!keep) {
        // first the record: who reads the bytes looks at it again afterwards
        this.note(0)
        ftruncateSync(place.data, place.from)
      } else this.spool.keeps = true
    } catch {
      // nobody's bytes stay behind
    }
    closeSync(place.data)
    this.place = undefined
  }

  private keep(chunk: Buffer): void {
    const wanted = Math.min(chunk.length, mostOfStream - this.kept)
    try {
      const place = (this.place ??= this.begin())
      const part = chunk.subarray(0, this.spool.grant(wanted))
      for (let at = 0; at < part.length; ) {
        const n = writeSync(place.data, part, at, part.length - at, place.from + this.kept)
        at += n
        this.kept += n
      }
      this.full = part.length < chunk.length
    } catch {
      this.full = true
    }
  }

  private begin() {
    const { path, index } = this.spool.open()
    const data = openSync(`${path}.${this.stream}`, constants.O_RDWR | constants.O_CREAT, 0o600)
    const records = Math.floor(fstatSync(index).size / recordBytes)
    return { data, from: fstatSync(data).size, index, at: records * recordBytes }
  }

  private note(instruction: number): void {
    const { place, kept, written, stream } = this
    if (!place) return
    try {
      writeSync(
        place.index,
        encode({ instruction, attempt: this.spool.attempt, stream, from: place.from, kept, written }),
        0,
        recordBytes,
        place.at,
      )
    } catch {
      this.full = true // without a record nobody finds more of it
    }
  }
}
