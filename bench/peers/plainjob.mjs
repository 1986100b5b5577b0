// plainjob on SQLite with synchronous=FULL: two worker processes that poll every 10 ms. It keeps a status, no results.
import Database from 'better-sqlite3'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { better, defineQueue, defineWorker, JobStatus } from 'plainjob'
import { concurrency, count, isWorker, job, latencies, seconds, startWorker, tell, versionOf, work } from './lib.mjs'

const logger = { error: console.error, warn() {}, info() {}, debug() {} }
const db = new Database(join(process.env.BENCH_DIR, 'plainjob.db'))
const queue = defineQueue({ connection: better(db), logger })
db.pragma('synchronous = full')

if (isWorker) {
  const carryOut = async () => {
    const result = await job()
    if (work === 'l1') process.send(result)
  }
  process.send('ready')
  // two processes may get into each other's way: the one that finds the database locked throws, and begins again
  for (;;) {
    try {
      await defineWorker('job', carryOut, { queue, logger, pollIntervall: 10 }).start()
    } catch (error) {
      if (error.code !== 'SQLITE_BUSY') throw error
    }
  }
} else {
  const workers = await Promise.all(Array.from({ length: concurrency }, startWorker))
  let started
  for (const worker of workers) worker.on('message', (result) => (started = result))
  let total = 0
  const done = async () => {
    while (queue.countJobs({ status: JobStatus.Done }) < total) await sleep(work === 'l1' ? 0 : 5)
  }
  const one = async () => {
    total++
    queue.add('job', {})
    await done()
    return started
  }
  const through = async () => {
    total += count
    queue.addMany(
      'job',
      Array.from({ length: count }, (_, i) => ({ i })),
    )
    await done()
  }
  await one()
  const outcome = work === 'l1' ? await latencies(one) : { seconds: await seconds(through) }
  for (const worker of workers) worker.kill()
  const sqlite = db.prepare('select sqlite_version()').pluck().get()
  tell({ ...outcome, version: `${versionOf('plainjob')}, SQLite ${String(sqlite)}`, durability: 'WAL, synchronous=FULL' })
}
