// graphile-worker: one worker process, for throughput with a local queue of 100 and batched completion. It keeps no results, so what its worker says is counted.
import { Logger, makeWorkerUtils, run } from 'graphile-worker'
import pg from 'pg'
import { concurrency, count, isWorker, job, latencies, Results, seconds, startWorker, tell, versionOf, work } from './lib.mjs'
import { setTimeout as sleep } from 'node:timers/promises'

const logger = new Logger(() => () => {})
const pgPool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })
pgPool.on('error', () => {})
pgPool.on('connect', (client) => client.on('error', () => {}))

if (isWorker) {
  let result
  // a local queue is for throughput; alone, a job is faster without
  const preset = work === 'l1' ? {} : { worker: { localQueue: { size: 100 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } }
  const taskList = { job: async () => void (result = await job()) }
  const runner = await run({ pgPool, concurrency, noHandleSignals: true, logger, taskList, preset })
  runner.events.on('job:complete', ({ error }) => process.send({ result, failed: error !== undefined && error !== null }))
  process.send('ready')
} else {
  await pgPool.query('drop schema if exists graphile_worker cascade')
  const utils = await makeWorkerUtils({ pgPool, logger })
  await utils.migrate()
  const { rows } = await pgPool.query('show server_version')
  const version = `${versionOf('graphile-worker')}, PostgreSQL ${rows[0].server_version.split(' ')[0]}`
  const about = { version, durability: 'WAL, fsync at each commit' }
  const add = (n) => utils.addJobs(Array.from({ length: n }, (_, i) => ({ identifier: 'job', payload: { i } })))

  if (work === 'i1') tell({ ...about, seconds: await seconds(() => add(count)) })
  else {
    const worker = await startWorker()
    const results = new Results()
    worker.on('message', ({ result, failed }) => {
      if (failed) throw new Error('a job failed')
      results.add(result)
    })
    const one = async () => {
      const result = results.next(1)
      await utils.addJob('job', {})
      return result
    }
    const through = async () => {
      const all = results.next(count)
      await add(count)
      await all
      // it says so before the jobs are off the table
      const left = async () => (await pgPool.query('select count(*)::int as left from graphile_worker._private_jobs')).rows[0].left
      while ((await left()) > 0) await sleep(5)
    }
    await one()
    const outcome = work === 'l1' ? await latencies(one) : { seconds: await seconds(through) }
    worker.kill()
    tell({ ...about, ...outcome })
  }
}
