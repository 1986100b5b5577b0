import { Client } from '../clients/child.ts'
import { withFloor } from '../clients/floor.ts'
import { durable, memoryMiB, noops, through, throughNew, warmUp, withDaemon } from '../daemon.ts'
import type { Bench, Part, Row } from '../part.ts'
import { noopsOfW1, throughFloor } from './w1.ts'

const readers = 10
const stalled = 1000

/** Has the crowd follow while `act` has n rows carried out. @returns rows a second. @throws when a reader misses something, or a stalled one is not told so. */
async function followed(url: string, n: number, stalled: number, act: () => Promise<number>): Promise<number> {
  const client = await Client.start('followers.ts', url, String(readers), String(stalled))
  try {
    const rate = await act()
    const { complete, gap } = await client.ask<{ complete: number; gap: boolean }>(String(n))
    if (complete !== readers) throw new Error(`${complete} of ${readers} readers were told of each report`)
    // the little that a small run tells fits into the socket
    if (!gap && n === noopsOfW1) throw new Error('one that had stalled was not told of a gap')
    return rate
  } finally {
    client.end()
  }
}

/** @returns rows a second, and the most memory that the daemon held, in MiB. */
const through1010 = (bench: Bench, n: number): Promise<{ rate: number; peak: number }> =>
  withDaemon(bench, async (daemon) => {
    await warmUp(daemon)
    const rate = await followed(daemon.url, n, stalled, () => through(daemon, n, noops(n)))
    return { rate, peak: memoryMiB(daemon.pid, 'VmHWM') }
  })

/** @returns rows a second of a server that decides nothing, without followers and with those that read. */
async function floorOf(bench: Bench, n: number): Promise<[number, number]> {
  const alone = await withFloor(bench, 'work.ts', async (url) => {
    await throughFloor(url, 100)
    return throughFloor(url, n)
  })
  const crowd = await withFloor(bench, 'work.ts', async (url) => {
    await throughFloor(url, 100)
    return followed(url, n, 0, () => throughFloor(url, n))
  })
  return [alone, crowd]
}

export const e1: Part = {
  help: 'W1 while 10 WebSockets read all events and 1,000 shake hands and then read nothing.',
  needs: [],
  notes: [
    'The followers are one process beside the daemon. Each reader must be told of all 100,000 reports; a stalled one must be told of a gap when it reads on.',
    'Without followers is measured before and after with them in each run; the ratio is to the mean of both.',
    'The floor: bench/floor/work.ts, which decides nothing and sends as many bytes to 10 that read; there is none that stalls.',
  ],
  async run(bench) {
    const alone: Row = { what: 'without followers (W1)', unit: '/s', values: [], durability: durable }
    const many: Row = { what: 'with 10 readers and 1,000 that stall', unit: '/s', values: [], durability: durable }
    const ratio: Row = { what: 'with ÷ without', unit: '×', values: [], target: { least: 0.8 } }
    const peak: Row = { what: 'most RSS of the daemon', unit: 'MiB', values: [], target: { most: 500 } }
    const n = bench.size(noopsOfW1)
    const floors: Row[] = [
      { what: 'the floor: with 10 readers', unit: '/s', values: [], durability: durable },
      { what: 'the floor: without followers', unit: '/s', values: [], durability: durable },
      { what: 'the floor: with ÷ without', unit: '×', values: [] },
      { what: 'if a row cost us what it costs the floor to tell: with ÷ without', unit: '×', values: [] },
    ]
    let before = await throughNew(bench, n)
    for (let run = 0; run < bench.runs; run++) {
      bench.say(`run ${run + 1}`)
      const crowd = await through1010(bench, n)
      const after = await throughNew(bench, n)
      const without = (before + after) / 2
      before = after
      alone.values.push(without)
      many.values.push(crowd.rate)
      ratio.values.push(crowd.rate / without)
      peak.values.push(crowd.peak)
      const [floorAlone, floorCrowd] = await floorOf(bench, n)
      const secondsToTell = 1 / floorCrowd - 1 / floorAlone
      const best = 1 / (1 + without * secondsToTell)
      for (const [at, value] of [floorCrowd, floorAlone, floorCrowd / floorAlone, best].entries()) floors[at]?.values.push(value)
    }
    return [many, alone, ratio, peak, ...floors]
  },
}
