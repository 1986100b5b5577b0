import { mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'

/** The modification time of a directory in which nothing was made or removed since it was empty, s: no clock shows it any more. */
const untouched = 271_828_182

/** Where a program runs that names no directory: empty when it starts, emptied when it has ended. */
export class Scratch {
  private no = 0
  private path: string
  /** The directory is there, and empty. */
  private ready = false

  /** @param dir of this host alone; made when it is first needed, removed by the daemon when the host has gone. */
  constructor(private readonly dir: string) {
    this.path = join(dir, '0')
  }

  /** Makes the directory. @returns its path. @throws Error when it cannot be made, as on a full disk. */
  make(): string {
    if (!this.ready) {
      mkdirSync(this.path, { recursive: true, mode: 0o700 })
      utimesSync(this.path, untouched, untouched)
    }
    this.ready = false
    return this.path
  }

  /** Removes what a program left there; most leave nothing, then this costs one look. */
  clear(): void {
    try {
      this.ready = statSync(this.path).mtimeMs === untouched * 1000
      if (this.ready) return
      if (readdirSync(this.path).length > 0) rmSync(this.path, { recursive: true, force: true })
    } catch {
      this.path = join(this.dir, String(++this.no)) // gone, or not to be removed by us: the next program gets another
    }
  }
}
