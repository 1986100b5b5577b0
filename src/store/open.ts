import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { UnusableDatabase } from './unusable.js'

/** 'tayl': tells our files from other SQLite files. */
export const applicationId = 0x7461796c
const migrationsDir = new URL('../../migrations/', import.meta.url)

/** A file up to this size is looked through at every start; it takes a fraction of a second. */
const smallBytes = 64 * 1024 * 1024

/**
 * Opens the file for writing, WAL and `synchronous=FULL`, and brings it to this program's version.
 * @throws {UnusableDatabase} when it is not ours, damaged, or of a newer version.
 */
export function openForWriting(file: string): Database.Database {
  let db: Database.Database | undefined
  try {
    if (!existsSync(file)) create(file)
    db = new Database(file, { fileMustExist: true })
    checkOwner(db, file)
    if (statSync(file).size <= smallBytes) checkPages(db)
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.pragma('wal_autocheckpoint = 1000')
    db.pragma('journal_size_limit = 67108864')
    migrate(db, file)
    return db
  } catch (error) {
    db?.close()
    if (error instanceof UnusableDatabase) throw error
    throw new UnusableDatabase(
      `cannot use ${file}: ${(error as Error).message}. Nothing was changed. Restore a backup (taylord check tells what is damaged), or start with another --data directory`,
    )
  }
}

/** Opens the file for reading only. Readers page by cursor and hold no transaction between two pages. */
export function openForReading(file: string): Database.Database {
  const db = new Database(file, { readonly: true })
  db.pragma('query_only = ON')
  return db
}

/**
 * Makes a database beside and moves it to its place once it is whole: so a file that is there and has nothing in it was damaged, and is not
 * taken for a new one.
 */
function create(file: string) {
  if (existsSync(`${file}-wal`)) {
    throw new UnusableDatabase(
      `${file} is gone, but what was last written to it is there in ${file}-wal; restore both from a backup, or move that one away to begin with an empty database`,
    )
  }
  const made = `${file}.new`
  for (const path of [made, `${made}-wal`, `${made}-shm`, `${made}-journal`]) rmSync(path, { force: true })
  const db = new Database(made)
  db.pragma('auto_vacuum = INCREMENTAL') // before the first page is written, else it has no effect
  db.pragma('synchronous = FULL')
  migrate(db, made)
  db.close()
  renameSync(made, file)
}

/** @throws Error that names what is wrong with the first of its pages that is. */
function checkPages(db: Database.Database) {
  const found = db.pragma('quick_check(1)', { simple: true })
  if (found !== 'ok') throw new Error(String(found))
}

function checkOwner(db: Database.Database, file: string) {
  const id = db.pragma('application_id', { simple: true })
  const tables = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM sqlite_schema').get()?.n ?? 0
  if (id === applicationId) return
  if (tables > 0) throw new UnusableDatabase(`${file} is a database of another program; start with another --data directory`)
  throw new Error('it is empty, which a database of ours never is')
}

/**
 * Opens a file to look at it while a daemon may be writing to it, or none runs.
 * @throws {UnusableDatabase} when it is not there, not ours, or of a newer version.
 */
export function openToLook(file: string): Database.Database {
  if (!existsSync(file)) throw new UnusableDatabase(`there is no ${file}; --data DIR says where the daemon has its data`)
  const db = openForReading(file)
  try {
    checkOwner(db, file)
    checkVersion(db, file)
    return db
  } catch (error) {
    db.close()
    throw error instanceof UnusableDatabase ? error : new UnusableDatabase(`${file} cannot be read: ${(error as Error).message}`)
  }
}

const migrations = () =>
  readdirSync(migrationsDir)
    .filter((name) => /^\d{3}_\w+\.sql$/.test(name))
    .toSorted()

/** @returns the file's version. @throws {UnusableDatabase} when it is newer than this program's. */
function checkVersion(db: Database.Database, file: string): number {
  const known = migrations().length
  const found = Number(db.pragma('user_version', { simple: true }))
  if (found <= known) return found
  throw new UnusableDatabase(
    `${file} has version ${found}, this taylord knows versions up to ${known}; run the taylord that wrote it or a newer one, or start with another --data directory`,
  )
}

function migrate(db: Database.Database, file: string) {
  const names = migrations()
  const known = names.length
  const found = checkVersion(db, file)
  if (found === known) return
  db.exec('BEGIN IMMEDIATE')
  try {
    for (const name of names.slice(found)) db.exec(readFileSync(new URL(name, migrationsDir), 'utf8'))
    db.pragma(`application_id = ${applicationId}`)
    db.pragma(`user_version = ${known}`)
    db.exec('COMMIT')
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK')
    throw error
  }
}
