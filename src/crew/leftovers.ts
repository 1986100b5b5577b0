import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseRunFile, tokenVariable } from '../frames.js'

/**
 * Ends what hosts of an earlier daemon left behind, and waits until it is gone. A process is ended only if its environment carries the token
 * of a run file: a pid alone may be anybody's by now.
 * @param runDir where the run files of an earlier daemon are; they are removed.
 */
export async function reapLeftovers(runDir: string): Promise<void> {
  const files = readdirSync(runDir)
  const tokens = files.flatMap((file) => {
    if (file.endsWith('.d')) return []
    const token = parseRunFile(readFileSync(join(runDir, file)))?.token
    return token ? [`${tokenVariable}=${token}`] : []
  })
  if (tokens.length > 0) {
    for (let left; (left = carriersOf(new Set(tokens))).length > 0; await sleep(10)) {
      for (const pid of left) {
        try {
          process.kill(pid, 'SIGKILL')
        } catch {
          // gone meanwhile
        }
      }
    }
  }
  for (const file of files) rmSync(join(runDir, file), { recursive: true, force: true })
}

/** Pids of processes that carry one of these variables. A zombie has no environment any more and is not among them. */
function carriersOf(tokens: ReadonlySet<string>): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1')
          .split('\0')
          .some((variable) => tokens.has(variable))
      } catch {
        return false
      }
    })
    .map(Number)
}
