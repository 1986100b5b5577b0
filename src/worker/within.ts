import { isAbsolute, relative, resolve } from 'node:path'

/** Whether a path is a directory or something below it, as both are written. */
export function isWithin(path: string, directory: string): boolean {
  const way = relative(directory, path)
  return way !== '..' && !way.startsWith('../') && !isAbsolute(way)
}

/** Whether this text may stand for a directory of these. */
export const mayNameDirectory = (given: string, directories: readonly string[]) =>
  isAbsolute(given) && directories.some((directory) => isWithin(resolve(given), directory))

/** Whether this text may stand for a file below a directory; it may be given from there on. */
export const mayNameFile = (given: string, directory: string) =>
  resolve(directory, given) !== directory && isWithin(resolve(directory, given), directory)
