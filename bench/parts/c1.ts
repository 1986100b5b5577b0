import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { Taylord } from '../../test/soak/taylord.ts'
import { cpuSeconds, durable, kinds, memoryMiB, noops, through, warmUp, withDaemon } from '../daemon.ts'
import { median } from '../figures.ts'
import type { Bench, Part, Row } from '../part.ts'
import { noopsOfW1 } from './w1.ts'

const bundled = fileURLToPath(new URL('../../dist/bench/start.mjs', import.meta.url))
const idleMs = 30_000
const starts = 7

/** ms from the start of the process to its first line, on a new directory. @param plugins directory of worker kinds. */
async function coldStart(data: string, plugins: string | null): Promise<number> {
  const began = performance.now()
  const daemon = new Taylord(data, plugins)
  try {
    await daemon.listening
    return performance.now() - began
  } finally {
    await daemon.kill()
    rmSync(data, { recursive: true, force: true })
  }
}

/** What is in a process that has loaded the libraries of a daemon, and in one that has loaded nothing. */
const floors = {
  'the floor: node alone': ['-e', "process.stdout.write('up\\n'); setInterval(() => {}, 60_000)"],
  'the floor: fastify, better-sqlite3 and koffi loaded': [bundled],
} as const

/** @returns ms from the start of the process to its first line, and the MiB that it holds then. */
async function floorOf(bench: Bench, args: readonly string[]): Promise<[number, number]> {
  const began = performance.now()
  const file = join(bench.dir, 'floor.db')
  const child = spawn(process.execPath, ['--max-semi-space-size=8', ...args, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(bench.dir, 'compiled') },
  })
  try {
    await once(child.stdout, 'data')
    return [performance.now() - began, memoryMiB(child.pid ?? 0)]
  } finally {
    const ended = once(child, 'exit')
    child.kill()
    await ended
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true })
  }
}

/** As the daemon's own code is: one file. It lies where the native libraries are found. */
async function bundleFloor(): Promise<void> {
  const input = fileURLToPath(new URL('../floor/start.mjs', import.meta.url))
  const build = await rolldown({ input, platform: 'node', external: ['better-sqlite3', 'koffi'] })
  await build.write({ file: bundled, format: 'esm' })
}

export const c1: Part = {
  help: 'Cost: CPU of the daemon for 1,000 no-ops of W1, idle CPU, cold start to ready, memory of the empty daemon.',
  needs: [],
  notes: [
    'CPU: what the scheduler of the kernel gave all threads of the daemon process; worker processes are not in it.',
    'Idle: 30 s after 2 s of calm; the daemons of all runs idle at the same time.',
    'The floor: the same Node.js with nothing loaded, and with the libraries that a daemon is made of, in one file compiled beforehand, a database opened and a port.',
    `Cold start: from the start of the process to "taylord listening"; the median of ${starts} on new directories is a run. It, idle CPU and memory are those of "taylord serve" as it comes; each file of plugins is read by a process of its own.`,
  ],
  async run(bench) {
    const row = (what: string, unit: string, target?: Row['target']): Row => ({ what, unit, values: [], ...(target && { target }) })
    const cost = { ...row('CPU of the daemon for 1,000 instructions', 'ms'), durability: durable }
    const idle = row('idle CPU', '%', { most: 0.1 })
    const cold = row('cold start', 'ms', { most: 400 })
    const plugged = row('cold start with a directory of two plugins', 'ms')
    const memory = row('RSS of the empty daemon', 'MiB', { most: 120 })
    const least = Object.entries(floors).map(([what, args]) => ({ args, time: row(what, 'ms'), held: row(`${what}, RSS`, 'MiB') }))
    await bundleFloor()
    for (const { args } of least) await floorOf(bench, args) // compiled now
    const n = bench.size(noopsOfW1)
    for (let run = 0; run < bench.runs; run++) {
      bench.say(`run ${run + 1}`)
      const seconds = await withDaemon(bench, async (daemon) => {
        await warmUp(daemon)
        const before = cpuSeconds(daemon.pid)
        await through(daemon, n, noops(n))
        return cpuSeconds(daemon.pid) - before
      })
      cost.values.push((seconds * 1000) / (n / 1000))
      for (const [{ values }, plugins] of [
        [cold, null],
        [plugged, kinds],
      ] as const) {
        const times: number[] = []
        for (let i = 0; i < starts; i++) times.push(await coldStart(join(bench.dir, 'cold'), plugins))
        values.push(median(times))
      }
      for (const { args, time, held } of least) {
        const found: [number, number][] = []
        for (let i = 0; i < starts; i++) found.push(await floorOf(bench, args))
        time.values.push(median(found.map(([ms]) => ms)))
        held.values.push(median(found.map(([, miB]) => miB)))
      }
    }
    bench.say('idle')
    const daemons = Array.from({ length: bench.runs }, (_, i) => new Taylord(join(bench.dir, `idle${i}`), null))
    try {
      await Promise.all(daemons.map(({ listening }) => listening))
      await sleep(2000)
      const before = daemons.map(({ pid }) => cpuSeconds(pid))
      const began = performance.now()
      await sleep(bench.size(idleMs))
      daemons.forEach(({ pid }, i) => {
        idle.values.push((100 * (cpuSeconds(pid) - (before[i] ?? 0))) / ((performance.now() - began) / 1000))
        memory.values.push(memoryMiB(pid))
      })
    } finally {
      await Promise.all(daemons.map((daemon) => daemon.kill()))
    }
    return [cost, idle, cold, plugged, memory, ...least.flatMap(({ time, held }) => [time, held])]
  },
}
