import { taylord, root, type Ran } from './taylord.js'

/** Runs a script of the shell in a directory, with taylord in PATH and the daemon in TAYLORD_URL. */
export function shell(daemon: { readonly url: string }, dir: string, script: string, env: Record<string, string> = {}): Promise<Ran> {
  const path = `${root}bin:${process.env['PATH']}`
  return taylord(['-c', `cd "$0" && ${script}`, dir], { PATH: path, TAYLORD_URL: daemon.url, ...env }, '/bin/bash')
}
