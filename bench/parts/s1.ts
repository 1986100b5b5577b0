import { setTimeout as sleep } from 'node:timers/promises'
import type { Taylord } from '../../test/soak/taylord.ts'
import { durable, memoryMiB, newBoss, noops, twoThreads, warmUp, withDaemon } from '../daemon.ts'
import type { Bench, Part, Row } from '../part.ts'
import { decisionTimes } from './decisions.ts'

const sizes = [1000, 100_000, 1_000_000] as const
const [least, , most] = sizes
/** No-ops that are run while so many more are pending. */
const measured = 50_000
const shown = (n: number) => n.toLocaleString('en-US')

interface Counts {
  readonly succeeded: number
}

/** Waits until so many of a Boss have succeeded. @returns how many a second that were, since `start`. */
async function rateUntil(daemon: Taylord, boss: number, n: number, start: number): Promise<number> {
  for (;;) {
    const { counts } = await daemon.ask<{ counts: Counts }>('GET', `/v1/bosses/${boss}`)
    if (counts.succeeded >= n) return counts.succeeded / ((performance.now() - start) / 1000)
    await sleep(5)
  }
}

/** @returns no-ops a second while `pending` others wait, and the bytes of RSS that each pending one takes. */
function dispatch(bench: Bench, pending: number): Promise<{ rate: number; bytes: number }> {
  const run = bench.size(measured)
  return withDaemon(bench, async (daemon) => {
    await warmUp(daemon)
    const before = memoryMiB(daemon.pid)
    const boss = await newBoss(daemon, twoThreads, { start: false })
    await daemon.ask('POST', `/v1/bosses/${boss}/instructions`, { ndjson: noops(pending + run) })
    await sleep(2000)
    const bytes = ((memoryMiB(daemon.pid) - before) * 2 ** 20) / (pending + run)
    const start = performance.now()
    await daemon.ask('POST', `/v1/bosses/${boss}/work`)
    return { rate: await rateUntil(daemon, boss, run, start), bytes }
  })
}

export const s1: Part = {
  help: 'Scale: dispatch rate, memory and decision time of every policy at 1 thousand, 100 thousand and 1 million pending.',
  needs: [],
  notes: [
    `Dispatch: the time from \`work\` until the first ${shown(measured)} no-ops of a Boss in 2 workers have their reports on disk, while so many more are pending.`,
    'Memory: VmRSS of the daemon 2 s after the append to a halted Boss, less that before, for each row.',
    'Decision: one worker of 32 ended, one starts, by the code of dist/ in this process; 3,000 a run. "Little or nothing fits": the others hold nearly all memory, or most files.',
  ],
  async run(bench) {
    const rates = new Map(
      sizes.map((n) => [n, { what: `dispatch, ${shown(n)} pending`, unit: '/s', values: [], durability: durable } as Row]),
    )
    const ratio: Row = { what: `dispatch, ${shown(most)} ÷ ${shown(least)} pending`, unit: '×', values: [], target: { least: 0.9 } }
    const bytes: Row = { what: `RSS of a pending instruction, of ${shown(most)}`, unit: 'bytes', values: [], target: { most: 200 } }
    const decisions = new Map<string, Row>()
    for (let run = 0; run < bench.runs; run++) {
      const found = new Map<number, number>()
      for (const n of sizes) {
        bench.say(`run ${run + 1}: ${shown(n)} pending`)
        const of = await dispatch(bench, bench.size(n))
        rates.get(n)?.values.push(of.rate)
        found.set(n, of.rate)
        if (n === most) bytes.values.push(of.bytes)
      }
      ratio.values.push((found.get(most) ?? 0) / (found.get(least) ?? 0))
      for (const n of sizes) {
        bench.say(`run ${run + 1}: decisions, ${shown(n)} pending`)
        const times = decisionTimes(Math.max(100, bench.size(n)))
        const shownTimes = n === most ? times : new Map([['the slowest of all', Math.max(...times.values())]])
        for (const [name, ms] of shownTimes) {
          const what = `decision p99, ${shown(n)} pending: ${name}`
          const row = decisions.get(what) ?? { what, unit: 'ms', values: [], target: { most: 0.1 } }
          decisions.set(what, row)
          row.values.push(ms)
        }
      }
    }
    return [...rates.values(), ratio, bytes, ...decisions.values()]
  },
}
