import { Readable } from 'node:stream'
import type { Taylord } from '../../test/soak/taylord.ts'
import { Client } from '../clients/child.ts'
import { withFloor } from '../clients/floor.ts'
import { postMany } from '../clients/many.ts'
import { durable, newBoss, noops, withDaemon } from '../daemon.ts'
import { quantile, timed } from '../figures.ts'
import { runPeer } from '../peers/run.ts'
import type { Bench, Part, Row } from '../part.ts'

const rowsOfOne = 1_000_000
const ofPeer = 100_000
const many = { connections: 64, requests: 120_000 }
const oneRow = '{"instructions":[{"kind":"noop","i":1}]}'
const chunkBytes = 64 * 1024

/** Appends a million rows in one streamed request. @returns rows a second. */
async function appendStream({ url }: Pick<Taylord, 'url'>, boss: number, n: number, body: Buffer): Promise<number> {
  function* chunks() {
    for (let at = 0; at < body.length; at += chunkBytes) yield body.subarray(at, at + chunkBytes)
  }
  const post = async () => {
    const response = await fetch(`${url}/v1/bosses/${boss}/instructions`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: Readable.toWeb(Readable.from(chunks())) as ReadableStream,
      duplex: 'half',
    })
    const { count } = (await response.json()) as { count: number }
    if (count !== n) throw new Error(`${count} rows were taken`)
  }
  return n / (await timed(post))
}

/** Has another client ask for the Boss while `act` goes on. @returns what `act` found, and ms to the answers, p99. */
async function watched({ url }: Pick<Taylord, 'url'>, boss: number, act: () => Promise<number>): Promise<[number, number]> {
  const probe = await Client.start('probe.ts', `${url}/v1/bosses/${boss}`)
  try {
    const rate = await act()
    return [rate, quantile(await probe.ask<number[]>('stop'), 0.99)]
  } finally {
    probe.end()
  }
}

/** @returns requests a second of many small appends, and p99 of other requests meanwhile. */
async function manySmall(bench: Bench, url: string, boss: number): Promise<[number, number]> {
  const post = (requests: number) =>
    postMany(`${url}/v1/bosses/${boss}/instructions`, 'application/json', oneRow, { ...many, requests: bench.size(requests) })
  await post(2000)
  return watched({ url }, boss, () => post(many.requests))
}

/** @returns rows a second and p99 of other requests by one large append, requests a second and p99 by many small ones. */
async function appendAll(bench: Bench, n: number, body: Buffer): Promise<number[]> {
  const halted = (daemon: Taylord) => newBoss(daemon, { limit: 'threads', max_threads: 2 }, { start: false })
  const large = await withDaemon(bench, async (daemon) => {
    const boss = await halted(daemon)
    return watched(daemon, boss, () => appendStream(daemon, boss, n, body))
  })
  const small = await withDaemon(bench, async (daemon) => {
    return manySmall(bench, daemon.url, await halted(daemon))
  })
  return [...large, ...small]
}

/** @returns rows a second and p99 of other requests by one large append to a server that decides nothing. */
const floorOfLarge = (bench: Bench, n: number, body: Buffer): Promise<[number, number]> =>
  withFloor(bench, 'work.ts', (url) => watched({ url }, 1, () => appendStream({ url }, 1, n, body)))

/** @returns requests a second and p99 of other requests of such a server. @param keeps whether it commits what it is given. */
const floorOfSmall = (bench: Bench, keeps: boolean): Promise<[number, number]> =>
  withFloor(bench, 'append.ts', (url) => manySmall(bench, url, 1), keeps)

export const i1: Part = {
  help: 'Durable append: one NDJSON POST of 1 million rows, resolved to their kind; 64 connections that post one row each, again and again.',
  needs: ['redis', 'postgres'],
  notes: [
    'The Boss does not work yet. The clients share the cores with the daemon.',
    'The floor: bench/floor/work.ts and append.ts, servers that take and give the same and decide nothing, with the same clients.',
    'Meanwhile a process of its own asks for the Boss every 5 ms; what comes late waited since it was due.',
    'The small appends go on for seconds, so that the 64 connections that are opened at once at their beginning are less than a hundredth.',
    'The peers: 100,000 jobs in one call of addJobs and of addBulk, without a worker.',
  ],
  async run(bench) {
    const row = (what: string, unit: string, target?: Row['target'], durability = durable): Row => ({
      what,
      unit,
      values: [],
      durability,
      ...(target && { target }),
    })
    const ours = [
      row('taylord: 1,000,000 rows in one POST', 'rows/s', { least: 200_000 }),
      row('other requests meanwhile, p99', 'ms', { most: 20 }),
      row('taylord: one row a POST, 64 connections', 'requests/s', { least: 12_000 }),
      row('other requests meanwhile, p99', 'ms', { most: 20 }),
    ]
    const floors = [
      row('the floor: 1,000,000 rows in one POST, parsed, written anew and committed', 'rows/s'),
      row('the floor: other requests meanwhile, p99', 'ms'),
      row('the floor: fastify alone, one row a POST, 64 connections', 'requests/s', undefined, 'none'),
      row('the floor: other requests meanwhile, p99', 'ms', undefined, 'none'),
      row('the floor: the same, and a commit for all that wait', 'requests/s'),
      row('the floor: other requests meanwhile, p99', 'ms'),
    ]
    const ratios = [row('taylord ÷ the floor, 1,000,000 rows', '×'), row('taylord ÷ the floor that commits, one row a POST', '×')] as const
    const theirs = new Map<string, Row>()
    const n = bench.size(rowsOfOne)
    const body = Buffer.from(noops(n))
    for (let run = 0; run < bench.runs; run++) {
      bench.say(`run ${run + 1}: taylord`)
      const values = await appendAll(bench, n, body)
      values.forEach((value, i) => ours[i]?.values.push(value))
      const floor = [...(await floorOfLarge(bench, n, body)), ...(await floorOfSmall(bench, false)), ...(await floorOfSmall(bench, true))]
      floor.forEach((value, i) => floors[i]?.values.push(value))
      ratios[0].values.push((values[0] ?? 0) / (floor[0] ?? 1))
      ratios[1].values.push((values[2] ?? 0) / (floor[4] ?? 1))
      if (bench.ours) continue
      for (const [peer, what] of [
        ['graphile-worker', 'graphile-worker addJobs'],
        ['bullmq', 'BullMQ addBulk'],
      ] as const) {
        bench.say(`run ${run + 1}: ${peer}`)
        const { version, durability, seconds } = await runPeer(bench, peer, 'i1', bench.size(ofPeer))
        const own = theirs.get(peer) ?? { what, unit: 'rows/s', values: [], version, durability }
        theirs.set(peer, own)
        own.values.push(bench.size(ofPeer) / seconds)
      }
    }
    return [...ours, ...floors, ...ratios, ...theirs.values()]
  },
}
