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
/** How many go before what is measured, of all. */
const warmUp = 1000
/** How many go before what is measured of a daemon that has just been started. */
const firstOnes = 50
const ofPeer = 200
const peers = {
  bullmq: 'BullMQ, sandboxed processors',
  'graphile-worker': 'graphile-worker',
  'pg-boss': 'pg-boss',
  plainjob: 'plainjob',
  ipc: 'bare Node.js IPC, no storage',
}

const clock = () => Number(process.hrtime.bigint()) / 1e6

interface Latencies {
  /** ms from each POST to the task's first line */
  readonly starts: number[]
  /** ms from each POST to its report */
  readonly ends: number[]
}

/** Those of `samples` posts behind the first `skipped`. */
const behind = ({ starts, ends }: Latencies, skipped: number, samples: number): Latencies => ({
  starts: starts.slice(skipped, skipped + samples),
  ends: ends.slice(skipped, skipped + samples),
})

/** Posts one row after the other, and follows their Boss on a WebSocket. */
async function latencies(daemon: Pick<Taylord, 'url'>, boss: number, samples: number): Promise<Latencies> {
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
  for (let i = 0; i < samples; i++) {
    await sleep(5)
    const reported = new Promise<{ report: number }>((resolve) => (told = resolve))
    const given = clock()
    post()
    const { report } = await reported
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
    `${samplesOfRun} instructions a run, each 5 ms after the end of the last one, behind ${warmUp} that are not counted; ${ofPeer} of each peer, behind as many. All clocks are CLOCK_MONOTONIC.`,
    `Of a daemon that has just been started: ${samplesOfRun} behind the first ${firstOnes}; V8 compiles what it runs meanwhile.`,
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
    const figures = ({ starts, ends }: Latencies) => ({
      'first line, p50': median(starts),
      'first line, p99': quantile(starts, 0.99),
      'report, p50': median(ends),
      'report, p99': quantile(ends, 0.99),
    })
    const add = (who: string, measured: Latencies, about: Partial<Row>) => {
      for (const [what, value] of Object.entries(figures(measured))) {
        const name = `${who}: ${what}`
        const own = theirs.get(name) ?? row(name, about)
        theirs.set(name, own)
        own.values.push(value)
      }
    }
    const [n, skipped, first] = [bench.size(samplesOfRun), bench.size(warmUp), bench.size(firstOnes)]
    for (let run = 0; run < bench.runs; run++) {
      bench.say(`run ${run + 1}: taylord`)
      const all = await withDaemon(bench, async (daemon) => latencies(daemon, await newBoss(daemon), skipped + n))
      for (const [at, value] of Object.values(figures(behind(all, skipped, n))).entries()) ours[at]?.values.push(value)
      add('taylord, just started', behind(all, first, n), { durability: durable })
      fsync.values.push(fsyncMs(bench.dir, n))
      const floor = await withFloor(bench, 'line.ts', (url) => latencies({ url }, 1, skipped + n))
      add('the floor', behind(floor, skipped, n), { durability: durable })
      if (bench.ours) continue
      for (const [peer, name] of Object.entries(peers)) {
        bench.say(`run ${run + 1}: ${peer}`)
        const some = bench.size(ofPeer)
        const { version, durability, ...all } = await runPeer(bench, peer, 'l1', skipped + some)
        add(name, behind(all, skipped, some), { version, durability })
      }
    }
    const [start, start99, end, end99] = ours
    return [start, start99, { ...end, target: { most: 2 * median(fsync.values) + 2 } }, end99, fsync, ...theirs.values()]
  },
}
