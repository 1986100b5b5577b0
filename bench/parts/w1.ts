import { withFloor } from '../clients/floor.ts'
import { assertSucceeded, durable, noops, through, warmUp, withDaemon } from '../daemon.ts'
import { runPeer } from '../peers/run.ts'
import type { Part, Row } from '../part.ts'

export const noopsOfW1 = 100_000
/** How many jobs each peer gets: with 100,000 those on PostgreSQL are slower, and the others take minutes. */
const peers = { 'graphile-worker': 20_000, 'pg-boss': 20_000, bullmq: 20_000, plainjob: 20_000, ipc: 100_000 }
const names = {
  'graphile-worker': 'graphile-worker, batched',
  'pg-boss': 'pg-boss, batches of 100',
  bullmq: 'BullMQ, sandboxed processors',
  plainjob: 'plainjob',
  ipc: 'bare Node.js IPC, one by one, no storage',
}

/** Has the floor take, carry out and give back n rows. @returns rows a second. */
export async function throughFloor(url: string, n: number): Promise<number> {
  const ndjson = noops(n)
  const start = performance.now()
  await (await fetch(`${url}/v1/bosses/1/instructions`, { method: 'POST', body: ndjson })).text()
  const report = await (await fetch(`${url}/v1/bosses/1/report`, { headers: { 'accept-encoding': 'identity' } })).text()
  const seconds = (performance.now() - start) / 1000
  assertSucceeded(report, n)
  return n / seconds
}

export const w1: Part = {
  help: '100,000 no-op JS instructions: one NDJSON append, run in 2 worker processes, all reports read back.',
  needs: ['redis', 'postgres'],
  notes: [
    'The workers are up: the daemon did 100 no-ops before, the peers one or some.',
    'The daemon has just been started, so V8 compiles what it runs meanwhile; the next 100,000 find that done.',
    'From the first byte of the append to the last byte of the reports. The peers: from handing in all jobs at once to knowing that all are done.',
    'Reports are read as they are (`Accept-Encoding: identity`), as curl reads them. fetch asks for gzip unless told otherwise, which takes 0.2 s of CPU more for 100,000.',
    'The floor: bench/floor/work.ts, the same bytes over HTTP, through pipes to two processes and into SQLite, and nothing that decides anything.',
    'The peers get 20,000 jobs: with 100,000 graphile-worker and pg-boss do half as many a second. All have two workers in processes of their own; graphile-worker and pg-boss one process with concurrency 2.',
    'graphile-worker and plainjob keep no results.',
  ],
  async run(bench) {
    const ours: Row = { what: 'taylord', unit: '/s', values: [], durability: durable, target: { least: 60_000 } }
    const again: Row = { what: 'taylord: the next 100,000 of the same daemon', unit: '/s', values: [], durability: durable }
    const ratio: Row = { what: 'taylord ÷ the best durable peer of the run', unit: '×', values: [], target: { least: 5 } }
    const floor: Row = { what: 'the floor: the same bytes, nothing that decides', unit: '/s', values: [], durability: durable }
    const ofFloor: Row = { what: 'taylord ÷ the floor', unit: '×', values: [] }
    const theirs = new Map<string, Row>()
    for (let run = 0; run < bench.runs; run++) {
      bench.say(`run ${run + 1}: taylord`)
      const n = bench.size(noopsOfW1)
      const [rate, then] = await withDaemon(bench, async (daemon) => {
        await warmUp(daemon)
        return [await through(daemon, n, noops(n)), await through(daemon, n, noops(n))] as const
      })
      ours.values.push(rate)
      again.values.push(then)
      if (bench.ours) continue
      const least = await withFloor(bench, 'work.ts', async (url) => {
        await throughFloor(url, 100)
        return throughFloor(url, n)
      })
      floor.values.push(least)
      ofFloor.values.push(rate / least)
      let best = 0
      for (const [peer, most] of Object.entries(peers)) {
        const n = bench.size(most)
        bench.say(`run ${run + 1}: ${peer}`)
        const { version, durability, seconds } = await runPeer(bench, peer, 'w1', n)
        const row = theirs.get(peer) ?? { what: names[peer as keyof typeof names], unit: '/s', values: [], version, durability }
        theirs.set(peer, row)
        row.values.push(n / seconds)
        if (peer !== 'ipc') best = Math.max(best, n / seconds)
      }
      ratio.values.push(rate / best)
    }
    return bench.ours ? [ours, again] : [ours, again, ratio, floor, ofFloor, ...theirs.values()]
  },
}
