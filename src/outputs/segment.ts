import { open, readdir, readFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * What programs wrote lies in segments: of each Boss one directory, in it for each host that writes at the same time, numbered from 0, the
 * files `N.stdout` and `N.stderr`, which are only ever appended to, and `N.index`, which says whose bytes lie where. So the number of files
 * depends on how many run at once, never on how many have run.
 */
export const streams = ['stdout', 'stderr'] as const
export type StreamName = (typeof streams)[number]

/** The bytes of one stream of one attempt: `kept` of them from `from` on, in the file of that stream. */
export interface Extent {
  /** 0: nobody's any more */
  readonly instruction: number
  readonly attempt: number
  readonly stream: StreamName
  readonly from: number
  readonly kept: number
  /** what the program wrote, whether it was kept or not */
  readonly written: number
}

/** Length of an index's record, one an extent. Numbers are little-endian. */
export const recordBytes = 40

export function encode({ instruction, attempt, stream, from, kept, written }: Extent): Buffer {
  const record = Buffer.alloc(recordBytes)
  record.writeDoubleLE(instruction, 0)
  record.writeUInt32LE(attempt, 8)
  record.writeUInt8(streams.indexOf(stream), 12)
  record.writeDoubleLE(from, 16)
  record.writeDoubleLE(kept, 24)
  record.writeDoubleLE(written, 32)
  return record
}

function decode(index: Buffer, at: number): Extent {
  return {
    instruction: index.readDoubleLE(at),
    attempt: index.readUInt32LE(at + 8),
    stream: streams[index.readUInt8(at + 12)] ?? 'stdout',
    from: index.readDoubleLE(at + 16),
    kept: index.readDoubleLE(at + 24),
    written: index.readDoubleLE(at + 32),
  }
}

/** Directory of a Boss's segments. */
export const segmentsOf = (outputs: string, boss: number) => join(outputs, String(boss))

/** One stream of one attempt, as its reader finds it. It may still grow, and go when all of it fits into the report. */
export class Found {
  private constructor(
    private readonly path: string,
    private readonly at: number,
    private readonly wanted: Pick<Extent, 'instruction' | 'attempt' | 'stream'>,
  ) {}

  /** @param dir of the Boss. @returns undefined when nothing of it was kept. */
  static async find(dir: string, wanted: Pick<Extent, 'instruction' | 'attempt' | 'stream'>): Promise<Found | undefined> {
    const names = await readdir(dir).catch(() => [])
    for (const name of names) {
      if (!name.endsWith('.index')) continue
      const path = join(dir, name.slice(0, -'.index'.length))
      const index = await readFile(`${path}.index`).catch(() => Buffer.alloc(0))
      for (let at = 0; at + recordBytes <= index.length; at += recordBytes)
        if (isOf(decode(index, at), wanted)) return new Found(path, at, wanted)
    }
    return undefined
  }

  /** As its writer says now; undefined when it is not there any more. */
  async extent(): Promise<Extent | undefined> {
    const record = await readAt(`${this.path}.index`, this.at, recordBytes)
    if (record.length < recordBytes) return undefined
    const extent = decode(record, 0)
    return isOf(extent, this.wanted) ? extent : undefined
  }

  /** At most `most` bytes from `position` of the stream on, none when there are no more yet; undefined when it is not there any more. */
  async read(position: number, most: number): Promise<Buffer | undefined> {
    const extent = await this.extent()
    if (!extent) return undefined
    const length = Math.min(most, extent.kept - position)
    if (length <= 0) return Buffer.alloc(0)
    const bytes = await readAt(`${this.path}.${extent.stream}`, extent.from + position, length)
    // what came after it may lie there by now: its record is written before
    return (await this.extent()) ? bytes : undefined
  }
}

const isOf = (extent: Extent, wanted: Pick<Extent, 'instruction' | 'attempt' | 'stream'>) =>
  extent.instruction === wanted.instruction && extent.attempt === wanted.attempt && extent.stream === wanted.stream

async function readAt(path: string, position: number, length: number): Promise<Buffer> {
  let file: FileHandle | undefined
  try {
    file = await open(path, 'r')
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position)
    return buffer.subarray(0, bytesRead)
  } catch {
    return Buffer.alloc(0) // its Boss was removed
  } finally {
    await file?.close()
  }
}
