import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Shelf } from '../arrays/shelf.js'
import { Unreachable } from '../client/client.js'

/** A daemon for one run. */
export interface OwnDaemon {
  readonly url: string
  /** Rejects when the daemon ends before `end`. */
  readonly lost: Promise<never>
  /** Resolves when the daemon has ended and its data is removed. */
  end(): Promise<void>
}

const main = fileURLToPath(new URL('../main.js', import.meta.url))

/**
 * Runs a daemon until its standard input ends, and removes its directory and its shared arrays: so nothing stays behind either when this
 * process is killed.
 * Its output closes when the daemon has ended, for the shell lets go of it.
 */
const guard =
  'shelf=$1; shift; "$@" </dev/null & daemon=$!; exec >&-; cat >/dev/null; kill $daemon 2>/dev/null; wait $daemon; rm -rf "$0" "$shelf"'

/** By what way others reach the daemon that these variables are for is nothing to one that only this process uses. */
const withoutDoors = (env: NodeJS.ProcessEnv) =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^TAYLORD_(?:SOCKET|TLS_CERT|TLS_KEY|BASE_PATH|RATE_LIMIT)$/.test(name)))

/**
 * Starts a daemon on a free port of the loopback address, its data in a temporary directory. What it logs goes to stderr.
 * @param plugins directory of worker kinds.
 * @param log least level of its log.
 * @param crew that its Boss asks for; with `slurm` TMPDIR must be a directory that all nodes see.
 * @throws {Unreachable} when it does not start.
 */
export async function startOwnDaemon(plugins: string | undefined, log: string, crew: unknown): Promise<OwnDaemon> {
  const data = mkdtempSync(join(tmpdir(), 'taylord-run-'))
  // --grace 0: when it is told to end, its Boss is over or nobody wants to wait for it
  const settings = [
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--data',
    data,
    '--grace',
    '0',
    '--log',
    log,
    ...(crew === 'slurm' ? ['--slurm'] : []),
  ]
  const args = [process.execPath, ...process.execArgv, main, 'serve', ...settings, ...(plugins === undefined ? [] : ['--plugins', plugins])]
  // in a session of its own: Ctrl-C is for this process, which ends the Boss first
  const child = spawn('/bin/sh', ['-c', guard, data, new Shelf(data).dir, ...args], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: withoutDoors(process.env),
  })
  const closed = once(child, 'close')
  const ended = once(child.stdout, 'close')
  const end = async () => {
    child.stdin.end()
    await closed
  }
  const [line] = (await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended.then(() => [])])) as [string?]
  const url = /^taylord listening on (http:\S+)$/.exec(line ?? '')?.[1]
  if (url === undefined) {
    await end()
    throw new Unreachable('a daemon for this run did not start')
  }
  const lost = ended.then(() => {
    throw new Unreachable('the daemon of this run has ended')
  })
  lost.catch(() => undefined) // nobody may be waiting for it when it is told to end
  return { url, lost, end }
}
