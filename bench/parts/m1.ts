import { spawnSync } from 'node:child_process'
import { totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Random } from '../../test/soak/random.ts'
import type { Taylord } from '../../test/soak/taylord.ts'
import { allReports, durable, newBoss, withDaemon } from '../daemon.ts'
import type { Bench, Part, Row } from '../part.ts'

const instructions = 2000
/** s that the work takes on all slots, if none is ever idle, where makespans are measured; at least as much as makes an instruction 20 ms on the mean. */
const idealSeconds = 10
const leastMeanSeconds = 0.02
/** s that an instruction takes on the mean where idle slots are measured. */
const meanSeconds = 0.2
/** The largest time and memory ÷ the least. */
const spread = 1000
const machineMiB = totalmem() / 2 ** 20
// on the mean, 64 of them take four fifths of the ceiling
const ceilingMiB = Math.floor(0.85 * machineMiB)
const largestMiB = 0.17 * machineMiB
const mostIdle = 0.5
const mostOfBound = 1.03

interface Nap {
  readonly memory: number
  /** s */
  readonly expected_time: number
}
interface Span {
  readonly began: number
  readonly ended: number
  readonly memory: number
}

/** Numbers whose logarithms are normal: three deviations to either side reach the spread. The sum is `total`. */
function lognormal(random: Random, n: number): number[] {
  const gauss = () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
  return Array.from({ length: n }, () => spread ** (Math.max(-3, Math.min(3, gauss())) / 6))
}

/** The list, the same but for the scale of its times. @param total s that they take together. */
function listOf(n: number, total: number): Nap[] {
  const random = new Random(1)
  const times = lognormal(random, n)
  const scale = total / times.reduce((sum, time) => sum + time, 0)
  return lognormal(random, n).map((memory, i) => ({
    memory: (memory * largestMiB) / Math.sqrt(spread),
    expected_time: scale * (times[i] ?? 0),
  }))
}

type Settings = Readonly<Record<string, unknown>>

const policiesFor = (slots: number): Readonly<Record<string, Settings>> => ({
  'longer first': { limit: 'threads+memory', max_threads: slots, max_memory: ceilingMiB },
  'max threads': { limit: 'threads', max_threads: slots },
  'single file': { limit: 'threads', max_threads: slots, singlefile: true },
  'max memory': { limit: 'memory', max_memory: ceilingMiB },
  laxist: { nosort: true },
})

const file = (i: number) => ({ fileA: `a${i}`, fileB: `b${i}` })

/** s that no schedule can be shorter than, of a policy that holds to the ceiling or one that does not. */
function boundOf(naps: readonly { readonly seconds: number; readonly memory: number }[], slots: number, scheduler: Settings): number {
  const work = naps.reduce((sum, { seconds }) => sum + seconds, 0)
  const longest = naps.reduce((most, { seconds }) => Math.max(most, seconds), 0)
  const memory = naps.reduce((sum, nap) => sum + nap.seconds * nap.memory, 0)
  return Math.max(work / slots, longest, scheduler['max_memory'] === undefined ? 0 : memory / ceilingMiB)
}

/** s by taylorism's own scheduler. @throws when it fails. */
function taylorismSeconds(scheduler: Settings, naps: readonly Nap[]): number {
  const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
  const input = JSON.stringify({ scheduler, instructions: naps.map((nap, i) => ({ ...nap, ...file(i) })) })
  const { status, stdout, stderr } = spawnSync(here('../peers/python/bin/python'), [here('../peers/taylorism_makespan.py')], {
    input,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`taylorism failed: ${stderr}`)
  return Number(stdout)
}

/** The slots' time in which one had nothing to do while something was pending: ms of each instruction, and the share of all in %. */
function idleOf(spans: readonly Span[], slots: number): { each: number; share: number } {
  const first = Math.min(...spans.map(({ began }) => began))
  const lastBegin = Math.max(...spans.map(({ began }) => began))
  const busy = spans.reduce((sum, { began, ended }) => sum + Math.min(ended, lastBegin) - began, 0)
  const all = slots * (lastBegin - first)
  return { each: (all - busy) / spans.length, share: all === 0 ? 0 : 100 * (1 - busy / all) }
}

/** Has a Boss carry out the list. @returns s from its start to the last end of a task, and when each ran, in ms. */
async function carryOut(daemon: Taylord, scheduler: object, naps: readonly Nap[]): Promise<{ seconds: number; spans: Span[] }> {
  const boss = await newBoss(daemon, scheduler, { start: false })
  const rows = naps.map((nap, i) => JSON.stringify({ kind: 'nap', ms: 1000 * nap.expected_time, ...nap, ...file(i) }))
  await daemon.ask('POST', `/v1/bosses/${boss}/instructions`, { ndjson: rows.join('\n') })
  const start = Number(process.hrtime.bigint()) / 1e6
  await daemon.ask('POST', `/v1/bosses/${boss}/work`, { json: { terminate: true } })
  const lines = (await allReports(daemon, boss)).trim().split('\n')
  const spans = lines.map((line) => {
    const { instruction, report } = JSON.parse(line) as { instruction: number; report: [number, number] | null }
    if (!report) throw new Error(`it did not succeed: ${line}`)
    return { began: report[0], ended: report[1], memory: naps[instruction - 1]?.memory ?? 0 }
  })
  if (spans.length !== naps.length) throw new Error(`${spans.length} of ${naps.length} were reported`)
  return { seconds: (Math.max(...spans.map(({ ended }) => ended)) - start) / 1000, spans }
}

/** s that all slots need for the list of the makespans. */
const idealOf = (slots: number) => Math.max(idealSeconds, (instructions * leastMeanSeconds) / slots)

const threads = (slots: number) => ({ limit: 'threads', max_threads: slots })

/** Rows that each worker has carried out before. */
const warmUps = 10

/** Has `act` talk to a daemon of so many slots, all workers of which are up. */
const withSlots = (bench: Bench, slots: number, act: (daemon: Taylord) => Promise<void>): Promise<void> =>
  withDaemon(
    bench,
    async (daemon) => {
      const brief = Array.from({ length: warmUps * slots }, () => ({ memory: largestMiB / spread, expected_time: 0.2 / warmUps }))
      await carryOut(daemon, threads(slots), brief)
      await act(daemon)
    },
    ['--slots', String(slots)],
  )

/** Makespans. @param slots workers at once. */
export const m1 = (slots: number): Part => ({
  help: `Makespan of 2,000 sleepers with lognormal times and memory (1000 : 1 each) in ${slots} slots, by each policy.`,
  needs: [],
  notes: [
    `Makespans: the times are scaled so that ${idealOf(slots)} s is the least that all slots need; the memory reaches from ${Math.round(largestMiB / spread)} to ${Math.round(largestMiB)} MiB, of ${ceilingMiB} MiB for all. The workers are up, and have carried out ${warmUps} instructions each.`,
    'Bound: max(work ÷ slots, longest, memory·time ÷ memory), the last where the policy holds to a memory, from the times that the tasks themselves measured in that run. Makespan: from `work` to the end of the last task.',
    "taylorism: its own schedulers from PyPI over the same list by a clock that costs nothing, since its loop starts 76 tasks a second at most. Max memory and laxist know no slots there, so it has no figure. Longer first has a target where taylorism's rule reaches it.",
    'Idle for each instruction: time in which a slot had no task while something was pending, under max threads.',
  ],
  async run(bench) {
    const n = bench.size(instructions)
    const naps = listOf(n, (slots * idealOf(slots) * n) / instructions)
    const nominal = naps.map(({ expected_time, memory }) => ({ seconds: expected_time, memory }))
    const found = new Map<string, Row>()
    const theirs = new Map<string, Row>()
    const each: Row = { what: `${slots} slots: idle for each instruction`, unit: 'ms', values: [] }
    for (const [policy, scheduler] of Object.entries(policiesFor(slots))) {
      const row: Row = { what: `${slots} slots, ${policy}: makespan ÷ bound`, unit: '×', values: [], durability: durable }
      const ideal =
        bench.ours || scheduler['max_threads'] === undefined
          ? undefined
          : taylorismSeconds(scheduler, naps) / boundOf(nominal, slots, scheduler)
      const reached = policy === 'longer first' && (ideal === undefined || ideal <= mostOfBound)
      found.set(policy, { ...row, ...(reached && { target: { most: mostOfBound } }) })
      if (ideal !== undefined) {
        const version = 'taylorism 1.1.0, simulated'
        theirs.set(policy, { what: `${slots} slots, ${policy}: taylorism's own ÷ bound`, unit: '×', values: [ideal], version })
      }
    }
    for (let run = 0; run < bench.runs; run++) {
      await withSlots(bench, slots, async (daemon) => {
        for (const [policy, scheduler] of Object.entries(policiesFor(slots))) {
          bench.say(`${slots} slots, run ${run + 1}: ${policy}`)
          const { seconds, spans } = await carryOut(daemon, scheduler, naps)
          const measured = spans.map(({ began, ended, memory }) => ({ seconds: (ended - began) / 1000, memory }))
          found.get(policy)?.values.push(seconds / boundOf(measured, slots, scheduler))
          if (policy === 'max threads') each.values.push(idleOf(spans, slots).each)
        }
      })
    }
    return [...[...found.keys()].flatMap((policy) => [found, theirs].flatMap((map) => map.get(policy) ?? [])), each]
  },
})

/** Idle slots. @param slots workers at once. */
export const m1Idle = (slots: number): Part => ({
  help: `Time in which ${slots} slots have no task while something is pending, of 2,000 sleepers that take ${1000 * meanSeconds} ms on the mean.`,
  needs: [],
  notes: [
    `Idle: one list of lognormal times and memory (1000 : 1 each), under max threads. The share of the time of all slots until the last task begins. The workers are up, and have carried out ${warmUps} instructions each.`,
  ],
  async run(bench) {
    const n = bench.size(instructions)
    const naps = listOf(n, meanSeconds * n)
    const row: Row = { what: `${slots} slots: idle that we cause`, unit: '%', values: [], durability: durable, target: { most: mostIdle } }
    for (let run = 0; run < bench.runs; run++) {
      bench.say(`${slots} slots, run ${run + 1}`)
      await withSlots(bench, slots, async (daemon) => {
        const { spans } = await carryOut(daemon, threads(slots), naps)
        row.values.push(idleOf(spans, slots).share)
      })
    }
    return [row]
  },
})
