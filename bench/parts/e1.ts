import { Client } from '../clients/child.ts'
import { durable, memoryMiB, noops, through, warmUp, withDaemon } from '../daemon.ts'
import type { Bench, Part, Row } from '../part.ts'
import { noopsOfW1 } from './w1.ts'

const readers = 10
const stalled = 1000

/** @returns rows a second, and the most memory that the daemon held, in MiB. @throws when a reader misses something, or a stalled one is not told so. */
function through1010(bench: Bench, n: number): Promise<{ rate: number; peak: number }> {
  return withDaemon(bench, async (daemon) => {
    await warmUp(daemon)
    const client = await Client.start('followers.ts', daemon.url, String(readers), String(stalled))
    try {
      const rate = await through(daemon, n, noops(n))
      const { complete, gap } = await client.ask<{ complete: number; gap: boolean }>(String(n))
      if (complete !== readers) throw new Error(`${complete} of ${readers} readers were told of each report`)
      // the little that a small run tells fits into the socket
      if (!gap && n === noopsOfW1) throw new Error('one that had stalled was not told of a gap')
      return { rate, peak: memoryMiB(daemon.pid, 'VmHWM') }
    } finally {
      client.end()
    }
  })
}

export const e1: Part = {
  help: 'W1 while 10 WebSockets read all events and 1,000 shake hands and then read nothing.',
  needs: [],
  notes: [
    'The followers are one process beside the daemon. Each reader must be told of all 100,000 reports; a stalled one must be told of a gap when it reads on.',
  ],
  async run(bench) {
    const alone: Row = { what: 'without followers (W1)', unit: '/s', values: [], durability: durable }
    const followed: Row = { what: 'with 10 readers and 1,000 that stall', unit: '/s', values: [], durability: durable }
    const ratio: Row = { what: 'with ÷ without', unit: '×', values: [], target: { least: 0.8 } }
    const peak: Row = { what: 'most RSS of the daemon', unit: 'MiB', values: [], target: { most: 500 } }
    const n = bench.size(noopsOfW1)
    for (let run = 0; run < bench.runs; run++) {
      bench.say(`run ${run + 1}`)
      const without = await withDaemon(bench, async (daemon) => {
        await warmUp(daemon)
        return through(daemon, n, noops(n))
      })
      const crowd = await through1010(bench, n)
      alone.values.push(without)
      followed.values.push(crowd.rate)
      ratio.values.push(crowd.rate / without)
      peak.values.push(crowd.peak)
    }
    return [followed, alone, ratio, peak]
  },
}
