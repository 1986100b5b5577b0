// What the scripts of the peers share. Each is called as `node PEER.mjs WORK N` and prints one JSON line (see run.ts); WORK is
// w1: N no-ops in two worker processes, results collected · w2: N × /bin/true · l1: N single no-ops on an idle system · i1: N rows handed in
import { fork, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

export const isWorker = process.argv[2] === '--worker'
const [work, n] = process.argv.slice(isWorker ? 3 : 2)
export { work }
export const count = Number(n)
export const concurrency = 2

if (isWorker) process.on('disconnect', () => process.exit(0)) // who started it has gone

/** ms of the clock that all processes of a machine share. */
export const clock = () => Number(process.hrtime.bigint()) / 1e6

/** One piece of the work; what it returns is its result. */
export async function job(kind = work) {
  if (kind === 'l1') return clock()
  if (kind !== 'w2') return 0
  const child = spawn('/bin/true', { stdio: 'ignore' })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => (code === 0 ? resolve(0) : reject(new Error(`exit ${code}`))))
  })
}

/** Forks the script anew as a worker, and waits until it says that it is ready. */
export async function startWorker() {
  const child = fork(process.argv[1], ['--worker', work, String(count)], { stdio: ['ignore', 2, 2, 'ipc'] })
  await new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', (code) => reject(new Error(`the worker ended with ${code}`)))
  })
  return child
}

export const versionOf = (name) =>
  `${name} ${JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url), 'utf8')).version}`

/** Seconds that `act` takes. */
export async function seconds(act) {
  const start = clock()
  await act()
  return (clock() - start) / 1000
}

/** Hands in single jobs, each when the last one is done. `submit` gives the clock at which the job ran. @returns ms to that, and to its result. */
export async function latencies(submit) {
  const starts = []
  const ends = []
  for (let i = 0; i < count; i++) {
    await sleep(5)
    const given = clock()
    const started = await submit()
    ends.push(clock() - given)
    starts.push(started - given)
  }
  return { starts, ends }
}

/** Prints what came of it and ends; what still runs in this process is no matter. */
export function tell(outcome) {
  process.stdout.write(`${JSON.stringify(outcome)}\n`, () => process.exit(0))
}

/** Counts results until there are enough of them; the last one is kept. */
export class Results {
  #left = 0
  #resolve = () => {}
  last

  /** Resolves with the last of the next n. */
  next(n) {
    this.#left = n
    return new Promise((resolve) => (this.#resolve = resolve))
  }

  add(result) {
    this.last = result
    if (--this.#left === 0) this.#resolve(result)
  }
}
