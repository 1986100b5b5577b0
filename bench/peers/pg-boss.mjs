// pg-boss: one worker process, two workers that take batches of 100 and go on while a batch is full, woken by NOTIFY.
import pg from 'pg'
import { PgBoss } from 'pg-boss'
import { setTimeout as sleep } from 'node:timers/promises'
import { concurrency, count, isWorker, job, latencies, seconds, startWorker, tell, versionOf, work } from './lib.mjs'

const connectionString = process.env.DATABASE_URL
const boss = new PgBoss({ connectionString, useListenNotify: true, schedule: false, supervise: false })
boss.on('error', (error) => {
  throw error
})

if (isWorker) {
  await boss.start()
  const options = {
    localConcurrency: concurrency,
    batchSize: 100,
    burstWhenBatchFull: true,
    pollingIntervalSeconds: 0.5,
    notifyPollingIntervalSeconds: 0.5,
  }
  await boss.work('bench', options, async (jobs) => {
    let value
    for (const _ of jobs) value = await job()
    return { value }
  })
  process.send('ready')
} else {
  const pool = new pg.Pool({ connectionString, max: 2 })
  await pool.query('drop schema if exists pgboss cascade')
  await boss.start()
  await boss.createQueue('bench', { notify: true })
  const worker = await startWorker()
  const { rows } = await pool.query('show server_version')
  const version = `${versionOf('pg-boss')}, PostgreSQL ${rows[0].server_version.split(' ')[0]}`
  const done = async (n) => {
    const counted = `select count(*)::int as done from pgboss.job where name = 'bench' and state = 'completed'`
    while ((await pool.query(counted)).rows[0].done < n) await sleep(5)
  }
  await boss.send('bench', {})
  await done(1)
  await pool.query(`delete from pgboss.job where name = 'bench'`)
  const one = async () => {
    const id = await boss.send('bench', {})
    for (;;) {
      const [{ state, output }] = (await pool.query('select state, output from pgboss.job where id = $1', [id])).rows
      if (state === 'completed') return output.value
    }
  }
  const through = async () => {
    await boss.insert(
      'bench',
      Array.from({ length: count }, (_, i) => ({ data: { i } })),
    )
    await done(count)
    await pool.query(`select id, output from pgboss.job where name = 'bench'`)
  }
  const outcome = work === 'l1' ? await latencies(one) : { seconds: await seconds(through) }
  worker.kill()
  tell({ ...outcome, version, durability: 'WAL, fsync at each commit' })
}
