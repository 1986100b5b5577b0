import { join } from 'node:path'
import { Client } from '../clients/child.ts'
import { durable, through, withDaemon } from '../daemon.ts'
import { timed } from '../figures.ts'
import { runPeer } from '../peers/run.ts'
import { shellPeers } from '../peers/shell.ts'
import type { Part, Row } from '../part.ts'

const programs = 5000
/** How many each peer gets; the slow ones fewer, so that a run ends. */
const counts = { make: programs, tsp: 2000, parallel: 500, bullmq: 2000 }
const warmUp = 20
const rowsOf = (n: number) => Array.from({ length: n }, () => '{"kind":"command","program":"/bin/true"}').join('\n')

const hosts = 2

/** @returns programs a second that bare loops of two processes start. */
async function floorRate(n: number): Promise<number> {
  const loops = await Promise.all(Array.from({ length: hosts }, () => Client.start('../floor/programs.ts')))
  const all = (each: number) => Promise.all(loops.map((loop) => loop.ask(String(each))))
  try {
    await all(warmUp / hosts)
    const seconds = await timed(() => all(n / hosts))
    return n / seconds
  } finally {
    for (const loop of loops) loop.end()
  }
}

export const w2: Part = {
  help: '5,000 × `/bin/true` by the kind `command`, 2 at once, exit code and output captured, all reports read back.',
  needs: ['redis'],
  notes: [
    'The two worker processes are up: the daemon ran 20 before.',
    'The daemon has just been started, so V8 compiles what it runs meanwhile; the next 5,000 find that done.',
    'xargs runs before and after taylord in each run; the ratio is to the mean of both.',
    'The floor: bench/floor/programs.ts, two processes of Node.js that do nothing but start, capture and wait, one program after the other, by posix_spawn.',
    'xargs and make know one exit status for all, and capture no output. task-spooler and BullMQ get 2,000, GNU parallel 500; task-spooler needs a process to hand in each.',
  ],
  async run(bench) {
    const ours: Row = { what: 'taylord', unit: '/s', values: [], durability: durable }
    const ratio: Row = { what: 'taylord ÷ xargs -P2', unit: '×', values: [], target: { least: 1.1 } }
    const nextRatio: Row = { what: 'taylord, the next 5,000 of the same daemon ÷ xargs -P2', unit: '×', values: [] }
    const floor: Row = { what: 'the floor: two bare loops of posix_spawn', unit: '/s', values: [], durability: 'none' }
    const ofXargs: Row = { what: 'the floor ÷ xargs -P2', unit: '×', values: [] }
    const shell = (peer: keyof typeof shellPeers): Row => ({
      what: shellPeers[peer].name,
      version: shellPeers[peer].version,
      unit: '/s',
      values: [],
      durability: peer === 'parallel' ? 'a log' : 'none',
    })
    const rows = { xargs: shell('xargs'), make: shell('make'), tsp: shell('tsp'), parallel: shell('parallel') }
    const rest: Row[] = []
    const n = bench.size(programs)
    const dir = join(bench.dir, 'shell')
    for (let run = 0; run < bench.runs; run++) {
      bench.say(`run ${run + 1}: taylord and xargs`)
      const before = shellPeers.xargs.rate(n, dir)
      const [rate, between, then] = await withDaemon(bench, async (daemon) => {
        await through(daemon, warmUp, rowsOf(warmUp))
        return [await through(daemon, n, rowsOf(n)), shellPeers.xargs.rate(n, dir), await through(daemon, n, rowsOf(n))] as const
      })
      const xargs = (before + between) / 2
      ours.values.push(rate)
      rows.xargs.values.push(xargs)
      ratio.values.push(rate / xargs)
      nextRatio.values.push((2 * then) / (between + shellPeers.xargs.rate(n, dir)))
      floor.values.push(await floorRate(n))
      ofXargs.values.push((floor.values.at(-1) ?? 0) / xargs)
      if (bench.ours) continue
      for (const peer of ['make', 'tsp', 'parallel'] as const) {
        bench.say(`run ${run + 1}: ${peer}`)
        rows[peer].values.push(shellPeers[peer].rate(bench.size(counts[peer]), dir))
      }
      bench.say(`run ${run + 1}: BullMQ`)
      const { version, durability, seconds } = await runPeer(bench, 'bullmq', 'w2', bench.size(counts.bullmq))
      const [bullmq = { what: 'BullMQ, sandboxed processors', unit: '/s', values: [], version, durability }] = rest
      rest[0] = bullmq
      bullmq.values.push(bench.size(counts.bullmq) / seconds)
    }
    return bench.ours
      ? [ours, ratio, nextRatio, rows.xargs, floor, ofXargs]
      : [ours, ratio, nextRatio, floor, ofXargs, ...Object.values(rows), ...rest]
  },
}
