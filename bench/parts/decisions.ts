import { chooseScheduler } from '../../dist/scheduler/choose.js'
import { anEntry } from '../../test/scheduler/make.ts'
import { quantile } from '../figures.ts'

const machine = { cpus: 32, memoryMiB: 100_000 }
const wide = { cores: Infinity, memory: Infinity }
const places = 32
const rounds = 3000

type Own = Partial<{ memory: number; expectedTime: number; fileA: string; fileB: string }>
interface Case {
  readonly scheduler: Readonly<Record<string, unknown>>
  /** What waits. */
  readonly row: (id: number) => Own
  /** What each of 31 workers holds so that nothing fits; absent where something always does. */
  readonly full?: (worker: number) => Own
}

const threads = { limit: 'threads', max_threads: places }
const file = { ...threads, singlefile: true }
const memory = { limit: 'memory', max_memory: 10_000 }
const various = (id: number) => ({ memory: 100 + ((id * 7919) % 4000), expectedTime: (id * 104729) % 100_000 })
const pairOf = (files: number) => (id: number) => ({ fileA: `f${(id * 7919) % files}`, fileB: `f${(id * 104729) % (files - 1)}` })

/** Each policy, with what is hard for it. */
const cases: Readonly<Record<string, Case>> = {
  laxist: { scheduler: { nosort: true }, row: () => ({}) },
  'max threads': { scheduler: threads, row: () => ({}) },
  'max memory': { scheduler: memory, row: various, full: () => ({ memory: 9950 }) },
  'longer first': { scheduler: { ...memory, ...threads, limit: 'threads+memory' }, row: various, full: () => ({ memory: 9950 }) },
  'single file, each its own': { scheduler: file, row: (id) => ({ fileA: `in${id}`, fileB: `out${id}` }) },
  'single file, all share one': { scheduler: file, row: (id) => ({ fileA: `in${id}`, fileB: 'out' }), full: () => ({ fileA: 'out' }) },
  'single file, pairs of 1,000': { scheduler: file, row: pairOf(1000), full: (i) => ({ fileA: `f${i}` }) },
  'single file, pairs of 16': { scheduler: file, row: pairOf(16), full: (i) => ({ fileA: `f${i}` }) },
}

/** ms that `act` takes, p99. */
function p99(act: () => void): number {
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now()
    act()
    return performance.now() - start
  })
  return quantile(times, 0.99)
}

/**
 * How long one decision takes while n are pending: what a turn does when a worker has ended, choose one launch and take it out of the queue.
 * @returns ms, p99, by policy; also of decisions that find nothing, where nothing fits.
 */
export function decisionTimes(n: number): Map<string, number> {
  const found = new Map<string, number>()
  for (const [name, { scheduler: asked, row, full }] of Object.entries(cases)) {
    const scheduler = chooseScheduler(asked, machine)
    const queue = scheduler.queue()
    for (let id = 1; id <= n; id++) queue.add(anEntry({ id, ...row(id) }))
    const working: { ticket: number | null; memory: number | undefined; fileA: string | undefined; fileB: string | undefined }[] = []
    const launch = (most: number) => {
      for (const { entry, ticket } of scheduler.launchable(queue, working, wide, most)) {
        queue.remove(entry)
        working.push({ ...entry, ticket })
      }
    }
    launch(places)
    let turn = 0
    const next = () => {
      working.splice(turn++ % working.length, 1)
      launch(1)
    }
    found.set(name, p99(next))
    if (!full) continue
    const others = Array.from({ length: places - 1 }, (_, i) => ({
      ticket: i,
      memory: undefined,
      fileA: undefined,
      fileB: undefined,
      ...full(i),
    }))
    found.set(
      `${name}, little or nothing fits`,
      p99(() => void scheduler.launchable(queue, others, wide, 1)),
    )
  }
  return found
}
