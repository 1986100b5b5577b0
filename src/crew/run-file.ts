import { readFileSync, writeFileSync } from 'node:fs'
import { newRunFile, parseRunFile, type RunState } from '../frames.js'

/** Makes the run file of a host that is to be started. @throws Error when the disk does not take it. */
export function makeRunFile(path: string, token: string): void {
  // written in full: a page of a file with a hole could not be written to when the disk is full
  writeFileSync(path, newRunFile(token), { mode: 0o600 })
}

/** What the run file of a host says; undefined when there is none. */
export function readRunFile(path: string): RunState | undefined {
  try {
    return parseRunFile(readFileSync(path))
  } catch {
    return undefined
  }
}
