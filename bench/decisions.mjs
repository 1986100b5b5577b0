// How long one decision of each scheduler takes over a million pending instructions: sh bin/node bench/decisions.mjs [pending]
// After `npm run build`. A decision is what a turn does when one worker has ended: choose one launch, take it out of the queue.
import { chooseScheduler } from '../dist/scheduler/choose.js'

const n = Number(process.argv[2] ?? 1_000_000)
const machine = { cpus: 32, memoryMiB: 100_000 }
const wide = { cores: Infinity, memory: Infinity }
const threads = { limit: 'threads', max_threads: 32 }
const file = { ...threads, singlefile: true }
const memory = { limit: 'memory', max_memory: 10_000 }

const various = (id) => ({ memory: 100 + ((id * 7919) % 4000), expectedTime: (id * 104729) % 100_000 })
const pairOf = (files) => (id) => ({ fileA: `f${(id * 7919) % files}`, fileB: `f${(id * 104729) % (files - 1)}` })

/** `row`: what waits. `busy`: what each of 31 workers holds besides, in the second figure. */
const cases = [
  { name: 'laxist', asked: { nosort: true }, row: () => ({}) },
  { name: 'max threads', asked: threads, row: () => ({}) },
  { name: 'max memory', asked: memory, row: various, busy: () => ({ memory: 9950 }) },
  { name: 'longer first', asked: { ...memory, ...threads, limit: 'threads+memory' }, row: various, busy: () => ({ memory: 9950 }) },
  { name: 'single file, each its own', asked: file, row: (id) => ({ fileA: `in${id}`, fileB: `out${id}` }) },
  { name: 'single file, all share one', asked: file, row: (id) => ({ fileA: `in${id}`, fileB: 'out' }), busy: () => ({ fileA: 'out' }) },
  { name: 'single file, pairs of 1,000', asked: file, row: pairOf(1000), busy: (i) => ({ fileA: `f${i}` }) },
  { name: 'single file, pairs of 16', asked: file, row: pairOf(16), busy: (i) => ({ fileA: `f${i}` }) },
]

const entryOf = (id, own) => ({
  id,
  priority: 0,
  memory: undefined,
  expectedTime: undefined,
  cores: 1,
  fileA: undefined,
  fileB: undefined,
  kind: 0,
  nameHash: 0,
  ...own,
})
const workerOf = (ticket, own) => ({ ticket, memory: undefined, fileA: undefined, fileB: undefined, ...own })
/** ms of CPU that this thread took so far, in steps of some ms; what others do on the machine does not count. */
const cpu = () => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
const us = (ms) => `${(ms * 1000).toFixed(1)} µs`

/** What `act` takes in so many rounds. */
function timed(rounds, act) {
  const before = cpu()
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now()
    act()
    return performance.now() - start
  }).sort((a, b) => a - b)
  return `median ${us(times[rounds >> 1])}, p99 ${us(times[Math.floor(rounds * 0.99)])}, mean CPU ${us((cpu() - before) / rounds)}`
}

for (const { name, asked, row, busy } of cases) {
  const scheduler = chooseScheduler(asked, machine)
  const queue = scheduler.queue()
  const start = cpu()
  for (let id = 1; id <= n; id++) queue.add(entryOf(id, row(id)))
  const added = cpu() - start
  const working = []
  const first = performance.now()
  const launch = (most) => {
    for (const { entry, ticket } of scheduler.launchable(queue, working, wide, most)) {
      queue.remove(entry)
      working.push({ ...entry, ticket })
    }
  }
  launch(32)
  console.log(
    `${name}: ${queue.size + working.length} pending, added in ${us(added / n)} each; first decision ${us(performance.now() - first)}, ${working.length} launched`,
  )
  let turn = 0
  console.log(`  one ends, one starts:  ${timed(3000, () => (working.splice(turn++ % working.length, 1), launch(1)))}`)
  if (busy) {
    const others = Array.from({ length: 31 }, (_, i) => workerOf(i, busy(i)))
    let launched = 0
    const nothing = timed(3000, () => (launched = scheduler.launchable(queue, others, wide, 1).length))
    console.log(`  ${launched ? 'others work' : 'nothing fits'}:          ${nothing}`)
  }
}
