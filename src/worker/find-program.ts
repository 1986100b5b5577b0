import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join, resolve } from 'node:path'

/** A program that could not be started; the message says why. */
export class CannotStart extends Error {}

/** Where programs are looked up when nobody says. */
export const standardPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * Finds a program as a shell would.
 * @param path directories to search, as in PATH; used for a name without a slash.
 * @param cwd directory that a relative path starts from.
 * @throws {CannotStart}
 */
export function findProgram(program: string, path: string, cwd: string): string {
  if (program.includes('/')) return isAbsolute(program) ? program : resolve(cwd, program)
  for (const dir of path.split(delimiter)) {
    const file = join(dir, program)
    try {
      accessSync(file, constants.X_OK)
      if (statSync(file).isFile()) return file
    } catch {
      continue
    }
  }
  throw new CannotStart(`there is no program "${program}" in PATH (${path}); install it, or give a path with a slash`)
}
