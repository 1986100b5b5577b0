import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Taylord } from '../../test/soak/taylord.ts'
import { durable, kinds, memoryMiB, newBoss, noops, readReports, twoThreads } from '../daemon.ts'
import type { Part, Row } from '../part.ts'

const million = 1_000_000

/** @returns ms from the start of the process to its first line, and to the first 200 of /readyz. */
async function start(data: string): Promise<{ daemon: Taylord; listening: number; ready: number }> {
  const began = performance.now()
  const daemon = new Taylord(data, kinds)
  await daemon.listening
  const listening = performance.now() - began
  while ((await daemon.call('GET', '/readyz')).status !== 200) await sleep(2)
  return { daemon, listening, ready: performance.now() - began }
}

export const s2: Part = {
  help: 'Start with 1 million pending and 1 million finished.',
  needs: [],
  notes: ['The daemon made the database itself, and ended by SIGTERM; its files are in the page cache.'],
  async run({ dir, runs, size, say }) {
    const data = join(dir, 'data')
    const row = (what: string, unit: string, more: Partial<Row> = {}): Row => ({ what, unit, values: [], ...more })
    const listening = row('start to "listening"', 'ms', { durability: durable })
    const ready = row('start to /readyz 200', 'ms', { durability: durable, target: { most: 1500 } })
    const memory = row('RSS when ready', 'MiB')
    say('making 1 million finished and 1 million pending')
    const n = size(million)
    const first = await start(data)
    try {
      const finished = await newBoss(first.daemon)
      await first.daemon.ask('POST', `/v1/bosses/${finished}/instructions`, { ndjson: noops(n) })
      await first.daemon.ask('POST', `/v1/bosses/${finished}/end`)
      await readReports(first.daemon, finished)
      const pending = await newBoss(first.daemon, twoThreads, { start: false })
      await first.daemon.ask('POST', `/v1/bosses/${pending}/instructions`, { ndjson: noops(n) })
      await first.daemon.stop()
      for (let run = 0; run < runs; run++) {
        say(`run ${run + 1}`)
        const again = await start(data)
        try {
          listening.values.push(again.listening)
          ready.values.push(again.ready)
          memory.values.push(memoryMiB(again.daemon.pid))
          const { counts } = await again.daemon.ask<{ counts: { pending: number } }>('GET', `/v1/bosses/${pending}`)
          if (counts.pending !== n) throw new Error(`${counts.pending} of ${n} are pending`)
          await again.daemon.stop()
        } finally {
          await again.daemon.kill()
        }
      }
      return [listening, ready, memory]
    } finally {
      await first.daemon.kill()
      rmSync(data, { recursive: true, force: true })
    }
  },
}
