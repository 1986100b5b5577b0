import { randomBytes } from 'node:crypto'
import { lstatSync, mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs'
import { open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { BadArray, bytesOf, checkLayout, parseHeader, renderHeader, type Layout } from './npy.js'

const memoryDir = '/dev/shm'
const blockBytes = 1024 * 1024
const zeros = Buffer.alloc(blockBytes)

/** There is not enough room for an array. */
export class NoRoom extends Error {
  /**
   * @param needed bytes of the array; undefined when the room ran out while it was written.
   * @param room bytes that there are.
   * @param dir where.
   */
  constructor(
    readonly needed: number | undefined,
    readonly room: number,
    dir: string,
  ) {
    super(
      needed === undefined
        ? `${dir} is full; remove arrays that are not needed any more, or give it more room`
        : `the array needs ${needed} bytes and ${dir} has room for ${room}; remove arrays that are not needed any more, or give it more room`,
    )
  }
}

/** Where an array can stand: in the memory of this machine, or where all machines of a cluster see it. */
export type Stand = 'memory' | 'shared'
/** Places of shared files begin so. */
const sharedMark = 'shared-'

/** A file that is there: what it holds and where it stands. */
export interface Shelved extends Layout {
  readonly name: string
  /** Directory of this one file; another one for each time that an array is put. */
  readonly place: string
}

/**
 * Where the shared arrays of one data directory lie: /dev/shm/taylord-…/PLACE/NAME.npy, and the same in a directory that a cluster shares. A file never changes its place or its size, and no place
 * is used twice, so who has mapped one is never surprised. Everything but its elements is written once.
 */
export class Shelf {
  readonly dir: string
  private readonly sharedDir: string | undefined

  /**
   * @param data directory that the arrays belong to. It is known by its inode: a copy or another container's has a shelf of its own.
   * @param shared directory that all machines of a cluster see.
   */
  constructor(data: string, shared?: string) {
    const { dev, ino } = statSync(data)
    this.dir = join(memoryDir, `taylord-${dev}-${ino}`)
    this.sharedDir = shared && join(shared, `taylord-${dev}-${ino}`)
  }

  /** Whether arrays can stand there. */
  offers(stand: Stand): boolean {
    return stand === 'memory' || this.sharedDir !== undefined
  }

  /** Path of an array's file. */
  pathOf({ name, place }: Pick<Shelved, 'name' | 'place'>): string {
    return join(this.dirOf(place), place, `${name}.npy`)
  }

  /**
   * Makes an array of zeros.
   * @throws {NoRoom} and {BadArray}.
   */
  async zeros(name: string, layout: Layout, stand: Stand): Promise<Shelved> {
    checkLayout(layout)
    return this.make(name, layout, zerosOf(bytesOf(layout)), stand)
  }

  /**
   * Puts a .npy file on the shelf while it comes in; none of it is kept if it is not whole.
   * @param body the file, in pieces of any size.
   * @param length its bytes, if they are known.
   * @param stand where it shall be.
   * @throws {NoRoom} and {BadArray}. What `body` throws passes through.
   */
  async take(name: string, body: AsyncIterable<Buffer>, length: number | undefined, stand: Stand): Promise<Shelved> {
    const pieces = body[Symbol.asyncIterator]()
    let start = Buffer.alloc(0)
    let header
    while (!(header = parseHeader(start))) {
      const { value, done } = await pieces.next()
      if (done) throw new BadArray(`the body ends after ${start.length} bytes, within the header; send a whole .npy file`)
      start = Buffer.concat([start, value])
    }
    const [expected, { offset, ...layout }] = [bytesOf(header), header]
    if (length !== undefined && length !== offset + expected) throw wrongLength(expected, length - offset)
    return this.make(name, layout, exactly(expected, start.subarray(offset), pieces), stand)
  }

  /** Removes an array's file; who has it mapped keeps it until he lets go. */
  async discard(place: string): Promise<void> {
    const dir = this.dirOf(place)
    await rm(join(dir, place), { recursive: true, force: true })
    try {
      rmdirSync(dir) // at once, so that nobody can make a place in it meanwhile
    } catch {
      // others are in it
    }
  }

  /** Removes what an earlier daemon left on the shelf. @param places that are kept. */
  async sweep(places: ReadonlySet<string>): Promise<void> {
    for (const place of this.places()) if (!places.has(place)) await this.discard(place)
  }

  /** Whether an array's file is there; not so after a restart of the machine. */
  has(shelved: Pick<Shelved, 'name' | 'place'>): boolean {
    return statSync(this.pathOf(shelved), { throwIfNoEntry: false }) !== undefined
  }

  private places(): string[] {
    const dirs = [this.dir, ...(this.sharedDir === undefined ? [] : [this.sharedDir])]
    return dirs.flatMap((dir) => (statSync(dir, { throwIfNoEntry: false }) ? readdirSync(dir) : []))
  }

  /** The directory in which a place is. Without a shared one those there are nowhere. */
  private dirOf(place: string): string {
    return place.startsWith(sharedMark) ? (this.sharedDir ?? join(this.dir, 'nowhere')) : this.dir
  }

  private async make(name: string, layout: Layout, elements: AsyncIterable<Buffer>, stand: Stand): Promise<Shelved> {
    const header = renderHeader(layout)
    const needed = header.length + bytesOf(layout)
    const place = `${stand === 'shared' ? sharedMark : ''}${randomBytes(8).toString('hex')}`
    const dir = this.dirOf(place)
    this.makeDir(dir, place)
    const fileSystem = stand === 'shared' ? dir : memoryDir
    const shelved = { name, dtype: layout.dtype, shape: layout.shape, place }
    const room = await roomIn(fileSystem)
    if (needed > room) {
      await this.discard(place)
      throw new NoRoom(needed, room, fileSystem)
    }
    try {
      const file = await open(this.pathOf(shelved), 'wx', 0o600)
      try {
        // every byte is written: a page that is only promised would end the process that touches it when there is no room by then
        await file.writeFile(header)
        for await (const piece of elements) await file.writeFile(piece)
      } finally {
        await file.close()
      }
      return shelved
    } catch (error) {
      await this.discard(shelved.place)
      throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? new NoRoom(undefined, await roomIn(fileSystem), fileSystem) : error
    }
  }

  private makeDir(dir: string, place: string): void {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    const found = lstatSync(dir)
    // anybody may make directories in /dev/shm: one that is not ours could be changed under our feet
    if (!found.isDirectory() || found.uid !== process.getuid?.()) throw new Error(`${dir} belongs to somebody else; remove it`)
    mkdirSync(join(dir, place), { mode: 0o700 })
  }
}

/** Bytes that can be written there before it is full, or the memory of this machine or container if it is that. */
async function roomIn(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir)
  return Math.min(bavail * bsize, dir === memoryDir ? process.availableMemory() : Infinity)
}

async function* zerosOf(bytes: number): AsyncGenerator<Buffer> {
  for (let left = bytes; left > 0; left -= blockBytes) yield zeros.subarray(0, left)
}

/** Hands on exactly so many bytes. @throws {BadArray} when there are more or fewer. */
async function* exactly(expected: number, first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0
  for (let piece: Buffer | undefined = first; piece; ) {
    bytes += piece.length
    if (bytes > expected) throw wrongLength(expected, bytes)
    yield piece
    const { value, done } = await rest.next()
    piece = done ? undefined : value
  }
  if (bytes < expected) throw wrongLength(expected, bytes)
}

const wrongLength = (expected: number, found: number) =>
  new BadArray(`its header promises ${expected} bytes of elements, and ${found} follow it; send a whole .npy file`)
