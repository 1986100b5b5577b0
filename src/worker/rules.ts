import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import type { CommandRules } from '../frames.js'
import { CannotStart } from './find-program.js'
import { isWithin } from './within.js'

/** Where the value of a variable is. */
export type Secret = { readonly from_file: string } | { readonly from_env: string }

/** A variable has room for so many bytes. */
const mostBytes = 128 * 1024

/**
 * The file that is started. @param program as the row gave it. @param found where that is.
 * @throws {CannotStart} when it is not, or not any more, the one that was allowed.
 */
export function fileOf(program: string, found: string, { programs }: CommandRules): string {
  if (!programs) return found
  const file = real(found)
  if (Object.hasOwn(programs, program) && programs[program] === file) return file
  throw new CannotStart(
    `${found} is not the program that this daemon may run (--allow-programs); if it was replaced, start the daemon again`,
  )
}

/** The directory that a program runs in. @throws {CannotStart} when links lead it out of those that are allowed. */
export function directoryOf(cwd: string, { directories }: CommandRules): string {
  if (!directories) return cwd
  const directory = real(cwd)
  if (directories.some((allowed) => isWithin(directory, allowed))) return directory
  throw new CannotStart(`its directory ${cwd} is ${directory}, which is in none of those that this daemon allows (--allow-cwd)`)
}

/** The value of a variable. @throws {CannotStart} that tells nothing of the secret. */
export function secretOf(value: string | Secret, { secrets, secrets_dir: dir }: CommandRules): string {
  if (typeof value === 'string') return value
  if ('from_env' in value) {
    const secret = Object.hasOwn(secrets, value.from_env) ? secrets[value.from_env] : undefined
    if (secret !== undefined) return secret
    throw new CannotStart(`this daemon has no secret ${value.from_env} (--secret-env)`)
  }
  const file = dir === undefined ? undefined : real(resolve(dir, value.from_file))
  if (dir === undefined || file === undefined || !isWithin(file, dir))
    throw new CannotStart(`${value.from_file} is no secret of this daemon (--secrets-dir)`)
  return contentOf(file, value.from_file)
}

/** Without the newline that editors put at the end. */
function contentOf(file: string, name: string): string {
  let fd
  try {
    // it may be a pipe that nobody writes to
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
    const stat = fstatSync(fd)
    if (!stat.isFile() || stat.size >= mostBytes) throw new CannotStart(`the secret ${name} is no file of less than 128 KiB`)
    const content = readFileSync(fd, 'utf8').replace(/\r?\n$/, '')
    if (content.includes('\0')) throw new CannotStart(`the secret ${name} has a zero character, which no variable can hold`)
    return content
  } catch (error) {
    throw error instanceof CannotStart
      ? error
      : new CannotStart(`the secret ${name} cannot be read: ${(error as NodeJS.ErrnoException).code}`)
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

function real(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    throw new CannotStart(`${path} cannot be used: ${(error as NodeJS.ErrnoException).code}`)
  }
}
