import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The time of a case, in s: it stands still unless it is set, and workers of the kind `act` go by it. */
export class Clock {
  /** @param dir for the file `now`, and one for each worker that goes by it, of its instruction's id and the time when it ends. */
  constructor(readonly dir: string) {
    mkdirSync(dir)
    this.now = 0
  }

  private time = 0
  get now(): number {
    return this.time
  }

  set now(time: number) {
    this.time = time
    const file = join(this.dir, 'now')
    writeFileSync(`${file}.next`, String(time))
    renameSync(`${file}.next`, file) // whoever reads it reads all of it
  }

  /** When the workers of instructions end. */
  get ends(): { readonly id: number; readonly at: number }[] {
    const files = readdirSync(this.dir).filter((file) => file.includes(' '))
    return files.map((file) => {
      const [id = 0, at = 0] = file.split(' ').map(Number)
      return { id, at }
    })
  }
}
