import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const taylord = fileURLToPath(new URL('../../bin/taylord', import.meta.url))
const plugins = fileURLToPath(new URL('../plugins', import.meta.url))

/**
 * Starts a daemon for this run alone: a free port of the loopback address, its data in a temporary directory.
 * @param crew that Bosses will ask for; with `slurm` TMPDIR must be a directory that all nodes see.
 * @returns `listening`, the daemon's URL or an Error with the end of its log when it does not listen; and `end`, which resolves when the
 * daemon has ended and its directory is removed.
 */
export function startDaemon(crew = 'local') {
  const data = mkdtempSync(join(tmpdir(), 'taylord-demo-'))
  // --grace 0: whoever stops the demo does not want to wait for the tasks that run
  const args = [
    'serve',
    '--port',
    '0',
    '--data',
    data,
    '--plugins',
    plugins,
    '--grace',
    '0',
    '--log',
    'warn',
    ...(crew === 'slurm' ? ['--slurm'] : []),
  ]
  const daemon = spawn(taylord, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise((resolve) => daemon.once('error', resolve).once('close', resolve))
  let log = ''
  daemon.stderr.on('data', (chunk) => {
    log = (log + chunk).slice(-4096)
  })
  const listen = async () => {
    const [line] = await Promise.race([once(createInterface({ input: daemon.stdout }), 'line'), ended.then(() => [])])
    const url = /^taylord listening on (http:\S+)$/.exec(line ?? '')?.[1]
    if (url === undefined) throw new Error(`the daemon did not start: ${line ?? log}`)
    return url
  }
  const end = async () => {
    daemon.kill()
    await ended
    // arrays outlive a daemon, and no other one will use this directory
    const { dev, ino } = statSync(data)
    rmSync(`/dev/shm/taylord-${dev}-${ino}`, { recursive: true, force: true })
    rmSync(data, { recursive: true, force: true })
  }
  return { listening: listen(), end }
}
