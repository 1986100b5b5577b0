// BullMQ with sandboxed processors: its own child processes run the jobs.
import { fileURLToPath } from 'node:url'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { concurrency, count, latencies, Results, seconds, tell, versionOf, work } from './lib.mjs'

const connection = { host: '127.0.0.1', port: Number(process.env.REDIS_PORT), maxRetriesPerRequest: null }
const redis = new Redis(connection)
await redis.flushall()
const queue = new Queue('bench', { connection })
await queue.waitUntilReady()
const jobs = (n) => Array.from({ length: n }, (_, i) => ({ name: work, data: { i } }))
const version = `${versionOf('bullmq')}, Redis ${/redis_version:(\S+)/.exec(await redis.info('server'))[1]}`
const about = { version, durability: 'AOF, fsync every second' }

if (work === 'i1') tell({ ...about, seconds: await seconds(() => queue.addBulk(jobs(count))) })
else {
  const processor = fileURLToPath(new URL('bullmq-processor.mjs', import.meta.url))
  const worker = new Worker('bench', processor, { connection, concurrency, useWorkerThreads: false })
  const results = new Results()
  worker.on('completed', (_, result) => results.add(result))
  worker.on('failed', (_, error) => {
    throw error
  })
  const through = async (n) => {
    const all = results.next(n)
    await queue.addBulk(jobs(n))
    return all
  }
  // its children start with the first jobs
  await through(2 * concurrency)
  const one = async () => {
    const result = results.next(1)
    await queue.add(work, {})
    return result
  }
  const outcome = work === 'l1' ? await latencies(one) : { seconds: await seconds(() => through(count)) }
  await worker.close(true)
  tell({ ...about, ...outcome })
}
