import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseRunFile, tokenVariable } from '../frames.js'
import { carriersOf, signalAll } from '../processes.js'

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
    for (let left; (left = carriersOf(new Set(tokens))).length > 0; await sleep(10)) signalAll(left, 'SIGKILL')
  }
  for (const file of files) rmSync(join(runDir, file), { recursive: true, force: true })
}
