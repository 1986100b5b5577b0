import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * How whoever owns a data directory reaches the daemon that runs on it, and is let in: a token that is good as long as that daemon lives. It
 * gives nobody more than they have, for only its owner can read the file, and may change the database, too.
 */
export interface Operator {
  /** Base address. */
  readonly url: string
  /** Path of the Unix socket to go through. */
  readonly socket?: string
  /** Certificates that the daemon shows, PEM. */
  readonly cert?: string
  readonly token: string
}

const fileOf = (data: string) => join(data, 'operator.json')

/** Leaves it in the data directory. @returns what takes it away again. */
export function leaveOperator(data: string, operator: Operator): () => void {
  const file = fileOf(data)
  // a new file, for one that is there keeps its mode
  rmSync(file, { force: true })
  writeFileSync(file, `${JSON.stringify(operator)}\n`, { mode: 0o600, flag: 'wx' })
  chmodSync(file, 0o600)
  return () => rmSync(file, { force: true })
}

/** What a daemon left in its data directory; undefined when there is none that listens. */
export function findOperator(data: string): Operator | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(data), 'utf8')) as Operator
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
