import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A program that runs commands, two at once, until the exit status of each is known. */
export interface ShellPeer {
  readonly name: string
  readonly version: string
  /** @returns commands a second, of n times /bin/true. `dir` does not exist yet. */
  readonly rate: (n: number, dir: string) => number
}

/** First match of a program's own word about its version. */
function versionOf(pattern: RegExp, command: string, ...args: string[]): string {
  const { stdout } = spawnSync(command, args, { encoding: 'utf8' })
  return pattern.exec(stdout)?.[0] ?? 'of unknown version'
}

function rateOf(n: number, dir: string, script: string, prepare: () => void = () => {}, cleanUp = 'true'): number {
  mkdirSync(dir)
  const sh = (text: string) => {
    const env = { ...process.env, HOME: dir, TMPDIR: dir, TS_SOCKET: join(dir, 'socket'), TS_MAXFINISHED: String(n + 1) }
    const { status, stderr } = spawnSync('sh', ['-euc', text, 'sh', String(n)], { cwd: dir, env, encoding: 'utf8', timeout: 300_000 })
    if (status !== 0) throw new Error(`${text} ended with ${status}: ${stderr}`)
  }
  try {
    prepare()
    const start = performance.now()
    sh(script)
    return n / ((performance.now() - start) / 1000)
  } finally {
    sh(cleanUp)
    rmSync(dir, { recursive: true, force: true })
  }
}

const tsp = `tsp -S 2
for i in $(seq $1); do tsp -n /bin/true >/dev/null; done
while [ "$(tsp -l | awk '$2 == "finished" && $4 == 0' | wc -l)" -lt $1 ]; do sleep 0.02; done`

export const shellPeers: Readonly<Record<'xargs' | 'make' | 'tsp' | 'parallel', ShellPeer>> = {
  xargs: {
    name: 'xargs -P2',
    version: `findutils ${versionOf(/[\d.]+$/m, 'xargs', '--version')}`,
    rate: (n, dir) => rateOf(n, dir, 'seq $1 | xargs -P 2 -n 1 /bin/true'),
  },
  make: {
    name: 'make -j2',
    version: versionOf(/^GNU Make [\d.]+/, 'make', '--version'),
    rate: (n, dir) =>
      rateOf(n, dir, 'make -s -j 2 all', () => {
        const targets = Array.from({ length: n }, (_, i) => `j${i}`)
        writeFileSync(join(dir, 'Makefile'), `all: ${targets.join(' ')}\n.PHONY: all\nj%:\n\t@/bin/true\n`)
      }),
  },
  tsp: {
    name: 'task-spooler -S 2',
    version: `task-spooler ${versionOf(/[\d.]+/, 'tsp', '-V')}`,
    rate: (n, dir) => rateOf(n, dir, tsp, undefined, 'tsp -K'),
  },
  parallel: {
    name: 'GNU parallel -j2',
    version: versionOf(/^GNU parallel \d+/, 'parallel', '--version'),
    rate: (n, dir) =>
      rateOf(n, dir, `seq $1 | parallel -N0 -j 2 --joblog log /bin/true; [ "$(awk 'NR > 1 && $7 == 0' log | wc -l)" = $1 ]`, () => {
        mkdirSync(join(dir, '.parallel'))
        writeFileSync(join(dir, '.parallel', 'will-cite'), '')
      }),
  },
}
