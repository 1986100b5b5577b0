import { readdirSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import * as libc from './libc.js'

/** A program may start others while they are being killed: they are looked for again, so many times at most. */
const mostLooks = 20

/**
 * Kills whatever carries all of these variables in its environment, wherever it went: out of its group, its session, away from its parent.
 * @param marks as they stand there, `NAME=value`.
 */
export function killStrays(marks: readonly string[]): void {
  for (let look = 0; look < mostLooks; look++) {
    const strays = carriersOf(marks)
    if (strays.length === 0) return
    for (const pid of strays) libc.kill(pid, constants.signals.SIGKILL)
  }
}

/** What is being killed has no environment any more, so it is not found again. */
function carriersOf(marks: readonly string[]): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const environment = readFileSync(`/proc/${name}/environ`, 'latin1').split('\0')
      return marks.every((mark) => environment.includes(mark)) ? [Number(name)] : []
    } catch {
      return [] // gone meanwhile, or somebody else's
    }
  })
}
