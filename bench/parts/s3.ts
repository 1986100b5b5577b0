import { setTimeout as sleep } from 'node:timers/promises'
import type { Taylord } from '../../test/soak/taylord.ts'
import { durable, newBoss, noops, readReports, throughNew, twoThreads, warmUp, withDaemon } from '../daemon.ts'
import type { Part, Row } from '../part.ts'
import { noopsOfW1 } from './w1.ts'

const bosses = 100
const ofEach = 10_000

/** @returns how many of each Boss have succeeded, as soon as that is half of all. */
async function sharesAtHalf(daemon: Taylord, ids: ReadonlySet<number>, n: number): Promise<number[]> {
  for (;;) {
    const { items } = await daemon.ask<{ items: { id: number; counts: { succeeded: number } }[] }>('GET', '/v1/bosses?limit=1000')
    const done = items.filter(({ id }) => ids.has(id)).map(({ counts }) => counts.succeeded)
    if (done.reduce((sum, one) => sum + one, 0) >= n / 2) return done
    await sleep(5)
  }
}

/** @returns rows a second, and how far the share of a Boss is from the mean at most, in %, when half is done. */
async function throughMany(daemon: Taylord, each: number): Promise<{ rate: number; uneven: number }> {
  await warmUp(daemon)
  const ids = new Set<number>()
  for (let i = 0; i < bosses; i++) ids.add(await newBoss(daemon, twoThreads, { start: false }))
  const ndjson = noops(each)
  const start = performance.now()
  for (const id of ids) await daemon.ask('POST', `/v1/bosses/${id}/instructions`, { ndjson })
  await Promise.all([...ids].map((id) => daemon.ask('POST', `/v1/bosses/${id}/work`, { json: { terminate: true } })))
  const shares = await sharesAtHalf(daemon, ids, bosses * each)
  for (const id of ids) {
    const lines = await readReports(daemon, id)
    if (lines !== each) throw new Error(`Boss ${id} has ${lines} reports of ${each}`)
  }
  const rate = (bosses * each) / ((performance.now() - start) / 1000)
  const mean = shares.reduce((sum, one) => sum + one, 0) / shares.length
  return { rate, uneven: 100 * Math.max(...shares.map((share) => Math.abs(share - mean) / mean)) }
}

export const s3: Part = {
  help: '100 Bosses with 10,000 no-ops each, in 2 workers, all reports read back.',
  needs: [],
  notes: [
    'From the first append to the last report; all Bosses begin when all have their instructions.',
    'Evenness: when half of all is done, how far the count of any Boss is from the mean.',
  ],
  async run(bench) {
    const single: Row = { what: 'one Boss with 100,000 (W1)', unit: '/s', values: [], durability: durable }
    const many: Row = { what: '100 Bosses with 10,000 each', unit: '/s', values: [], durability: durable }
    const ratio: Row = { what: '100 Bosses ÷ one', unit: '×', values: [], target: { least: 0.8 } }
    const uneven: Row = { what: 'largest distance of a share from the mean', unit: '%', values: [], target: { most: 10 } }
    const n = bench.size(noopsOfW1)
    for (let run = 0; run < bench.runs; run++) {
      bench.say(`run ${run + 1}`)
      const alone = await throughNew(bench, n)
      const all = await withDaemon(bench, (daemon) => throughMany(daemon, bench.size(ofEach)))
      single.values.push(alone)
      many.values.push(all.rate)
      ratio.values.push(all.rate / alone)
      uneven.values.push(all.uneven)
    }
    return [many, single, ratio, uneven]
  },
}
