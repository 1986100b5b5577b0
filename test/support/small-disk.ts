import { execFileSync } from 'node:child_process'
import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { tempDir } from './temp.js'

/** Whether this process may mount a disk: only root may. */
export const canMount = process.getuid?.() === 0

/** A disk of its own, in memory, that a test can fill. It is gone when the test ends. */
export class SmallDisk {
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
