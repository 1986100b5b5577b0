import { mkdtempSync, openSync, readdirSync, closeSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tryLock } from '../arrays/memory.js'
import { newRunFile } from '../frames.js'

const prefix = 'taylord-host-'

/** The directory of a remote host, on its own machine: its run file, and where its programs run. */
export interface OwnRun {
  readonly dir: string
  /** Its run file. */
  readonly file: string
}

/**
 * Makes the directory of this host, and removes those of hosts that ended with nobody left to do it: each host holds a lock in its own, which
 * the kernel gives back.
 * @throws Error when the disk does not take it.
 */
export function makeOwnRun(token: string, under = tmpdir()): OwnRun {
  const dir = mkdtempSync(join(under, prefix))
  // nobody can take this one for a leftover: it counts as one only once it has a run file
  const lock = openSync(dir, 'r')
  tryLock(lock)
  const file = join(dir, 'run')
  writeFileSync(file, newRunFile(token), { mode: 0o600 })
  for (const name of readdirSync(under)) if (name.startsWith(prefix)) sweep(join(under, name))
  return { dir, file }
}

function sweep(dir: string): void {
  try {
    if (statSync(join(dir, 'run')).uid !== process.getuid?.()) return
    const fd = openSync(dir, 'r')
    const isLeft = tryLock(fd)
    if (isLeft) rmSync(dir, { recursive: true, force: true })
    closeSync(fd)
  } catch {
    // it is being made, or removed, or is none of ours
  }
}
