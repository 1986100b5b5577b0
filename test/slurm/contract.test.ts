import { mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { localCrew } from '../../dist/crew/local.js'
import { slurmCrew } from '../../dist/crew/slurm.js'
import { surveyMachine } from '../../dist/machine.js'
import type { Crew, HostEnd } from '../../src/crew/crew.js'
import { FaultyCrew } from '../model/faulty-crew.js'
import { tempDir, until } from '../support/temp.js'
import { clusterOfFile } from './cluster.js'

const cluster = await clusterOfFile(2, { MINI_SLURM_CPUS: '2', MINI_SLURM_MEM: '1000' })
process.env['SLURM_CONF'] = cluster.env['SLURM_CONF']

const kindsOfTests = new URL('../crew/kinds.mjs', import.meta.url).href
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined }
const patienceMs = 60_000

function rulesIn(dir: string) {
  const [runDir, outputsDir] = [join(dir, 'run'), join(dir, 'outputs')]
  for (const path of [runDir, outputsDir]) mkdirSync(path)
  const modules = Object.fromEntries(['noop', 'thrower', 'killed', 'nap'].map((kind) => [kind, kindsOfTests]))
  return { runDir, outputsDir, outputBytes: 2 ** 30, modules, topology: surveyMachine().topology, recycle: { after: 0, above: 0 }, log }
}

const none = { partition: undefined, account: undefined, qos: undefined, constraint: undefined }
const small = { maxHosts: 4, backlog: 4, minutes: 5, idleMs: 60_000, memory: 50, overhead: 200, pingMs: 1_000, leaseMs: 10_000 }
/** What each crew calls a kind that succeeds, one that fails, and one that takes its host along. */
const crews: Record<string, { ok: string; bad: string; deadly: string; make: (dir: string) => Crew }> = {
  'of this machine': { ok: 'noop', bad: 'thrower', deadly: 'killed', make: (dir) => localCrew(rulesIn(dir)) },
  'of a cluster': {
    ok: 'noop',
    bad: 'thrower',
    deadly: 'killed',
    make: (dir) => slurmCrew({ ...none, ...small, tag: `taylord-test-${process.pid}`, dir: realpathSync(dir) }, rulesIn(dir)),
  },
  // well-behaved: of what happens by chance there, nothing does
  'in memory': { ok: 'ok', bad: 'bad', deadly: 'deadly', make: () => new FaultyCrew(() => 0.99) },
}

describe.each(Object.entries(crews))('a crew %s', (_, { ok, bad, deadly, make }) => {
  const place = { id: 1, cpus: [] }

  function aCrew() {
    const crew = make(tempDir())
    const told: string[] = []
    const ends: HostEnd[] = []
    crew.listen({
      reported(host, { f, at, n, o, r }) {
        for (let i = 0; i < n; i++) told.push(`${f} ${at + i} ${o[i]}`)
        crew.acknowledge(host, r)
      },
      started: () => undefined,
      progress: () => undefined,
      kept: (f, row) => told.push(`${f} kept ${row}`),
      ended: (end) => ends.push(end),
    })
    onTestFinished(() => crew.close(0))
    const send = (f: number, kind: string, rows: number) =>
      crew.send(place, 'js', {
        f,
        boss: 1,
        ids: Array.from({ length: rows }, (_row, i) => f * 1000 + i),
        attempts: Array.from({ length: rows }, () => 1),
        names: Array.from({ length: rows }, (_row, i) => `${kind}-${i}`),
        kind,
        scheduler_ticket: 0,
        prompt: true,
        attributes: Array.from({ length: rows }, () => JSON.stringify({ kind })),
      })
    const tells = (what: readonly string[]) =>
      until(() => what.every((line) => told.includes(line)), `${what.join(', ')} of ${told.join(', ')}`, patienceMs)
    return { crew, told, ends, send, tells }
  }

  test('carries out what a place is given, in order, and tells each row once', { timeout: 90_000 }, async () => {
    const { crew, told, ends, send, tells } = aCrew()
    send(1, ok, 3)
    send(2, bad, 2)
    send(3, ok, 1)
    await tells(['3 0 .'])
    expect(told).toEqual(['1 0 .', '1 1 .', '1 2 .', '2 0 e', '2 1 e', '3 0 .'])
    expect(ends).toEqual([])
    expect(crew.hosts().flatMap(({ frames }) => frames)).toEqual([])
    crew.release(place)
    await crew.close(1_000)
    expect(told).toHaveLength(6)
  })

  test('gives back what has not begun, and answers once', { timeout: 90_000 }, async () => {
    const { crew, told, send, tells } = aCrew()
    send(1, ok, 2)
    send(2, ok, 500)
    crew.takeBack(2, 0)
    send(3, ok, 1)
    await tells(['3 0 .'])
    const kept = told.filter((line) => line.startsWith('2 kept'))
    expect(kept).toHaveLength(1)
    const until_ = Number(kept[0]?.split(' ')[2])
    expect(told.filter((line) => /^2 \d/.test(line))).toEqual(Array.from({ length: until_ }, (_row, i) => `2 ${i} .`))
  })

  test('lets a row that shall stop not begin', { timeout: 90_000 }, async () => {
    const { crew, told, send, tells } = aCrew()
    send(1, ok, 1)
    await tells(['1 0 .'])
    send(2, ok, 3)
    crew.stop(2, 2, 1_000, { o: 'r' })
    await tells(['2 0 .', '2 1 .'])
    await until(() => told.length === 4, 'the last one is told', patienceMs)
    // it may have been faster
    expect(['2 2 r', '2 2 .']).toContain(told[3])
  })

  test('tells the end of a host with what it held and who is to blame, and begins anew', { timeout: 90_000 }, async () => {
    const { told, ends, send, tells } = aCrew()
    send(1, ok, 1)
    await tells(['1 0 .'])
    send(2, deadly, 2)
    send(3, ok, 1)
    await until(() => ends.length > 0, 'a host ends', patienceMs)
    expect(ends).toMatchObject([{ frames: [2, 3], guilty: { f: 2, row: 0 }, cause: 'signal' }])
    expect(told).toEqual(['1 0 .'])
    send(4, ok, 2)
    await tells(['4 0 .', '4 1 .'])
    expect(ends).toHaveLength(1)
  })
})
