import { execFile, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const miniCluster = fileURLToPath(new URL('./mini-cluster', import.meta.url))
/** Stops the cluster when whoever started it goes, however it goes. It may have gone before there is a cluster, and hears nothing then. */
const keeper = `if "$0" start "$1" "$2" 3<&-; then (echo started); read -r _ <&3; fi
"$0" stop "$1"
rm -rf "$1"`

/** A Slurm of its own. */
export interface Cluster {
  readonly dir: string
  /** For whoever is to use it. */
  readonly env: Readonly<Record<string, string>>
  /** Does what `mini-cluster` calls so: `kill-node n1`. */
  act(action: string, ...args: string[]): Promise<string>
  /** A command of Slurm's; what it wrote. */
  run(command: string, ...args: string[]): Promise<string>
  /** Ids of jobs that are in the queue, those that are completing too. */
  jobs(): Promise<string[]>
  stop(): Promise<void>
}

/**
 * Starts a cluster of real daemons on loopback, in a directory of its own.
 * @param settings of `mini-cluster`, as MINI_SLURM_CPUS.
 */
export async function startCluster(nodes = 2, settings: Readonly<Record<string, string>> = {}): Promise<Cluster> {
  const dir = mkdtempSync(join(tmpdir(), 'tl-slurm-'))
  // a test may itself run in a job
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:SLURM|SBATCH|SALLOC|SRUN)_/.test(name)))
  const env = { ...own, PATH: `${own['PATH']}:/usr/sbin:/sbin` }
  // no child of this process: who ends all of those when it goes would end the one that stops the cluster
  const kept = spawn('setsid', ['--fork', 'sh', '-c', keeper, miniCluster, dir, String(nodes)], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...env, ...settings },
  })
  const ended = new Promise<number | null>((resolve) => kept.once('close', resolve))
  let said = ''
  for (const stream of kept.stdio.slice(1, 3) as Readable[]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  let over = false
  void ended.then(() => (over = true))
  while (!over && !said.includes('started\n')) await sleep(20)
  if (over) throw new Error(`no cluster: ${said}`)
  const SLURM_CONF = join(dir, 'slurm.conf')
  const run = async (command: string, args: readonly string[]) =>
    (await promisify(execFile)(command, args, { env: { ...env, SLURM_CONF }, timeout: 60_000 })).stdout
  return {
    dir,
    env: { SLURM_CONF },
    act: (action, ...args) => run(miniCluster, [action, dir, ...args]),
    run: (command, ...args) => run(command, args),
    jobs: async () => (await run('squeue', ['-h', '-o', '%i'])).split('\n').filter(Boolean),
    async stop() {
      ;(kept.stdio[3] as Writable).end()
      await ended
    },
  }
}
