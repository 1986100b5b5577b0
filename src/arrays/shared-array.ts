import { AsyncLocalStorage } from 'node:async_hooks'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { mapShared, tryLock, unlock } from './memory.js'
import { bytesOf, lengthOf, parseHeader, type Dtype, type Header } from './npy.js'

const views = {
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
  bool: Uint8Array,
}
/** A view of an array's elements. int64 and uint64 hold BigInts, bool holds 0 and 1. */
export type Elements = InstanceType<(typeof views)[Dtype]>

/** Before a lock is asked for again: at once a few times, for most hold it for microseconds, then after a rest. */
const impatience = 50
const restMs = 1
const headerBytes = 4096

/**
 * An array in shared memory, mapped: what one process writes the others see at once, without copies. It lies in a .npy file, so numpy can map
 * the same bytes with `np.load(path, mmap_mode='r+')`.
 */
export class SharedArray {
  readonly dtype: Dtype
  readonly shape: readonly number[]
  /** All elements in C order: that of row i and column j of a matrix is at `i * shape[1] + j`. */
  readonly data: Elements
  private readonly fd: number
  private readonly holding = new AsyncLocalStorage<{ held: boolean }>()
  /** Settles when the last caller of this process that asked for the lock has given it back. */
  private line: Promise<unknown> = Promise.resolve()
  private waiting = 0

  /**
   * Maps a file.
   * @param name of the array in its Boss.
   * @param path of its .npy file.
   * @throws Error when it is not there, or shorter than its header says.
   */
  constructor(
    readonly name: string,
    readonly path: string,
  ) {
    this.fd = openSync(path, 'r+')
    try {
      const header = headerOf(this.fd, path)
      this.dtype = header.dtype
      this.shape = header.shape
      const buffer = mapShared(this.fd, header.offset + bytesOf(header))
      this.data = new views[header.dtype](buffer, header.offset, lengthOf(header))
    } catch (error) {
      closeSync(this.fd)
      throw error
    }
  }

  /** Whether its file is gone: the array was replaced or removed, and only those that have it mapped keep its memory. */
  get isGone(): boolean {
    return fstatSync(this.fd).nlink === 0
  }

  /** Whether somebody in this process holds its lock, or waits for it. */
  get isLocked(): boolean {
    return this.waiting > 0
  }

  /** Where the element with these indices is in `data`. @throws RangeError when there is none. */
  at(...indices: readonly number[]): number {
    const inside = indices.length === this.shape.length && indices.every((index, axis) => index >= 0 && index < (this.shape[axis] ?? 0))
    if (!inside) throw new RangeError(`array ${this.name} of shape [${this.shape.join(', ')}] has no element [${indices.join(', ')}]`)
    return indices.reduce((place, index, axis) => place * (this.shape[axis] ?? 0) + index, 0)
  }

  /**
   * Runs `use` while no other process holds the array's lock, and nobody else in this one. A call from within `use` goes ahead, as with
   * taylorism's RLock. It is a `flock` on the file, which programs can take as well; nothing takes it by itself. The kernel gives it back when
   * its holder dies, however that happens.
   * @param signal gives up waiting when it aborts.
   * @returns what `use` returns.
   */
  async lock<T>(use: () => T | PromiseLike<T>, { signal }: { readonly signal?: AbortSignal } = {}): Promise<T> {
    if (this.holding.getStore()?.held) return use()
    this.waiting++
    const turn = this.line.then(() => this.locked(use, signal))
    this.line = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      this.waiting--
    }
  }

  /** In JSON, as in a report, an array is what it is, not what it holds. */
  toJSON(): { name: string; dtype: Dtype; shape: readonly number[] } {
    const { name, dtype, shape } = this
    return { name, dtype, shape }
  }

  private async locked<T>(use: () => T | PromiseLike<T>, signal: AbortSignal | undefined): Promise<T> {
    // asked for again and again: a thread that waits in the kernel could not be called off, and would keep the process from ending
    for (let tries = 0; !tryLock(this.fd); tries++) {
      signal?.throwIfAborted()
      if (tries < impatience) await setImmediate()
      else await setTimeout(restMs)
    }
    const holder = { held: true }
    try {
      return await this.holding.run(holder, use)
    } finally {
      holder.held = false
      unlock(this.fd)
    }
  }
}

function headerOf(fd: number, path: string): Header {
  const start = Buffer.alloc(headerBytes)
  const header = parseHeader(start.subarray(0, readSync(fd, start, 0, start.length, 0)))
  // touching a page behind the end of a mapped file ends the process
  if (!header || fstatSync(fd).size < header.offset + bytesOf(header)) throw new Error(`${path} is cut short`)
  return header
}
