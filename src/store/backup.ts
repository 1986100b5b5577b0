import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { openToLook } from './open.js'

/** All pages in one step: copied in several, it would begin anew whenever the daemon commits between two of them. */
const allPages = 2 ** 31 - 1

/** A backup that cannot be made; the message says what to do. */
export class NoBackup extends Error {}

/**
 * Copies a database as it stands at one moment, while a daemon may be writing to it. The copy has its name only when it is whole and on disk.
 * @returns its bytes.
 * @throws {NoBackup} when there is something at `to`. @throws {UnusableDatabase}
 */
export async function backUp(from: string, to: string): Promise<number> {
  if (existsSync(to)) throw new NoBackup(`${to} is there already; name another file, or move that one away`)
  const partial = `${to}.partial`
  const source = openToLook(from)
  try {
    rmSync(partial, { force: true })
    await source.backup(partial, { progress: () => allPages })
    const copy = new Database(partial)
    copy.pragma('journal_mode = DELETE') // one file, without a log beside it
    copy.close()
    sync(partial)
    renameSync(partial, to)
    sync(dirname(to))
    return statSync(to).size
  } catch (error) {
    rmSync(partial, { force: true })
    throw new NoBackup(`${to} cannot be written: ${(error as Error).message}; nothing is left of it`)
  } finally {
    source.close()
  }
}

function sync(path: string) {
  const fd = openSync(path, 'r')
  fsyncSync(fd)
  closeSync(fd)
}
