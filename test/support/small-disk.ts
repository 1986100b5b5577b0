import { execFileSync } from 'node:child_process'
import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { tempDir } from './temp.js'

/** Whether this process may mount a disk: only root may. */
const canMount = process.getuid?.() === 0

/** What a test can keep processes from writing to. */
export interface Disk {
  readonly dir: string
  /** Nothing more can be written by these. */
  fill(pids: readonly number[]): void
  /** They can write again. */
  clear(): void
}

/** A directory in which files of the given processes do not grow: a write is an I/O error. Every user may do that. */
class LimitedDisk implements Disk {
  readonly dir = tempDir()
  private limited: readonly number[] = []

  /** @param mebibytes that a file may have nevertheless. */
  constructor(private readonly mebibytes: number) {}

  fill(pids: readonly number[]): void {
    this.limited = pids
    this.limit(String(this.mebibytes * 2 ** 20))
  }

  clear(): void {
    this.limit('unlimited')
  }

  private limit(bytes: string): void {
    for (const pid of this.limited) execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`])
  }
}

/** A disk of its own, in memory, that a test can fill. It is gone when the test ends. */
class SmallDisk implements Disk {
  readonly dir = tempDir()
  private readonly ballast = join(this.dir, 'ballast')

  constructor(mebibytes: number) {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'none', this.dir])
    // lazily: a daemon of this test may end after it
    onTestFinished(() => void execFileSync('umount', ['-l', this.dir]))
  }

  /** Nothing more can be written. */
  fill(): void {
    const { bavail, bsize } = statfsSync(this.dir)
    try {
      writeFileSync(this.ballast, Buffer.alloc(bavail * bsize, 1))
    } catch {
      // somebody else took the rest
    }
  }

  /** There is room again. */
  clear(): void {
    rmSync(this.ballast, { force: true })
  }
}

/** Disks that give trouble, each real: how it is called, and how it is made. Without root only the last one can be had. */
export const disks: [string, (of: { mebibytes: number; mostOfFile: number }) => Disk][] = [
  ...(canMount ? [['full', ({ mebibytes }) => new SmallDisk(mebibytes)] as (typeof disks)[number]] : []),
  ['failing', ({ mostOfFile }) => new LimitedDisk(mostOfFile)],
]
