import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

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
    if (!this.ready) mkdirSync(this.path, { recursive: true, mode: 0o700 })
    this.ready = false
    return this.path
  }

  /** Removes what a program left there; most leave nothing, then this costs one look. */
  clear(): void {
    try {
      this.ready = readdirSync(this.path).length === 0
      if (!this.ready) rmSync(this.path, { recursive: true, force: true })
    } catch {
      this.path = join(this.dir, String(++this.no)) // gone, or not to be removed by us: the next program gets another
    }
  }
}
