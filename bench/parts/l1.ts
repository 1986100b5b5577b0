import { fdatasyncSync, openSync, closeSync, writeSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { withFloor } from '../clients/floor.ts'
import { follow } from '../../test/soak/follow.ts'
import type { Taylord } from '../../test/soak/taylord.ts'
import { durable, newBoss, withDaemon } from '../daemon.ts'
import { median, quantile } from '../figures.ts'
import { runPeer } from '../peers/run.ts'
import type { Part, Row } from '../part.ts'

const samplesOfRun = 500
const warmUp = 50
const ofPeer = 100
const peers = {
  bullmq: 'BullMQ, sandboxed processors',
  'graphile-worker': 'graphile-worker',
  'pg-boss': 'pg-boss',
  plainjob: 'plainjob',
  ipc: 'bare Node.js IPC, no storage',
}

const clock = () => Number(process.hrtime.bigint()) / 1e6

/** Posts one row after the other. @returns ms from each POST to the task's first line, and to its report on the WebSocket. */
async function latencies(daemon: Pick<Taylord, 'url'>, boss: number, samples: number): Promise<{ starts: number[]; ends: number[] }> {
  let told: (event: { report: number }) => void = () => {}
  const socket = follow(daemon, 0, (event) => {
    if (event.type === 'instruction.reported') told(event as unknown as { report: number })
  })
  const agent = new Agent({ keepAlive: true })
  const body = '{"instructions":[{"kind":"clock"}]}'
  const post = () => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length }
    const sent = request(`${daemon.url}/v1/bosses/${boss}/instructions`, { agent, method: 'POST', headers }, (response) =>
      response.resume(),
    )
    sent.end(body)
  }
  const starts: number[] = []
  const ends: number[] = []
  for (let i = 0; i < warmUp + samples; i++) {
    await sleep(5)
    const reported = new Promise<{ report: number }>((resolve) => (told = resolve))
    const given = clock()
    post()
    const { report } = await reported
    if (i < warmUp) continue
    ends.push(clock() - given)
    starts.push(report - given)
  }
  socket.terminate()
  agent.destroy()
  return { starts, ends }
}

/** @returns ms that it takes to write 16 KiB and have them on disk, the median. */
function fsyncMs(dir: string, samples: number): number {
  const path = join(dir, 'fsync')
  const file = openSync(path, 'w')
  const page = Buffer.alloc(16 * 1024, 'x')
  const times = Array.from({ length: samples }, () => {
    const start = performance.now()
    writeSync(file, page)
    fdatasyncSync(file)
    return performance.now() - start
  })
  closeSync(file)
  rmSync(path)
  return median(times)
}

export const l1: Part = {
  help: 'An idle system: POST of one instruction → first line of its task → its report on a WebSocket.',
  needs: ['redis', 'postgres'],
  notes: [
    `${samplesOfRun} instructions a run, 5 ms after the end of the last one; ${ofPeer} of each peer. All clocks are CLOCK_MONOTONIC.`,
    'The report of a peer: its event or completion as the one who handed in the job hears of it; pg-boss and plainjob are asked for it without a pause.',
    'The floor: node:http, a thread that commits, a process at a pipe and ws, with nothing that decides: two commits and the same wake-ups.',
    'The target of the report is 2 × the fsync of the same runs + 2 ms; fsync is write of 16 KiB and fdatasync.',
  ],
  async run(bench) {
    const row = (what: string, more: Partial<Row> = {}): Row => ({ what, unit: 'ms', values: [], ...more })
    const fsync = row('fsync, p50')
    const ours = [
      row('taylord: first line, p50', { durability: durable, target: { most: 1.5 } }),
      row('taylord: first line, p99', { durability: durable, target: { most: 10 } }),
      row('taylord: report, p50', { durability: durable }),
      row('taylord: report, p99', { durability: durable, target: { most: 10 } }),
    ] as const
    const theirs = new Map<string, Row>()
    const add = (who: string, { starts, ends }: { starts: number[]; ends: number[] }, about: Partial<Row>) => {
      for (const [what, value] of Object.entries({
        'first line, p50': median(starts),
        'first line, p99': quantile(starts, 0.99),
        'report, p50': median(ends),
        'report, p99': quantile(ends, 0.99),
      })) {
        const name = `${who}: ${what}`
        const own = theirs.get(name) ?? row(name, about)
        theirs.set(name, own)
        own.values.push(value)
      }
    }
    for (let run = 0; run < bench.runs; run++) {
      bench.say(`run ${run + 1}: taylord`)
      const { starts, ends } = await withDaemon(bench, async (daemon) => latencies(daemon, await newBoss(daemon), bench.size(samplesOfRun)))
      ;[median(starts), quantile(starts, 0.99), median(ends), quantile(ends, 0.99)].forEach((value, i) => ours[i]?.values.push(value))
      fsync.values.push(fsyncMs(bench.dir, bench.size(samplesOfRun)))
      add('the floor', await withFloor(bench, 'line.ts', (url) => latencies({ url }, 1, bench.size(samplesOfRun))), { durability: durable })
      if (bench.ours) continue
      for (const [peer, name] of Object.entries(peers)) {
        bench.say(`run ${run + 1}: ${peer}`)
        const { version, durability, ...times } = await runPeer(bench, peer, 'l1', bench.size(ofPeer))
        add(name, times, { version, durability })
      }
    }
    const [start, start99, end, end99] = ours
    return [start, start99, { ...end, target: { most: 2 * median(fsync.values) + 2 } }, end99, fsync, ...theirs.values()]
  },
}
