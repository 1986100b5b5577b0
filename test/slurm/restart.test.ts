import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { childrenOf } from '../../dist/processes.js'
import { startDaemon, type Daemon } from '../support/daemon.js'
import { processesWith, untilGone } from '../support/processes.js'
import { tempDir, until } from '../support/temp.js'
import { clusterOfFile } from './cluster.js'
import { killSlurmctld, untilBegun, untilNoJob, untilTold, workersOf } from './hands.js'
import { mostOverlap, slurmArgs } from './settings.js'
import { Stamps } from './stamps.ts'

const cluster = await clusterOfFile(2, { MINI_SLURM_CPUS: '2', MINI_SLURM_MEM: '1000' })
const patienceMs = 60_000
const start = (data: string) => startDaemon({ data, args: slurmArgs, env: cluster.env })

/** Kills it, and all its sruns with it if they are not to hear of it. */
async function kill(daemon: Daemon, withSruns: boolean): Promise<void> {
  const sruns = withSruns ? (await workersOf(daemon)).flatMap(({ pid }) => [pid, ...childrenOf(pid)]) : []
  for (const pid of [daemon.pid, ...sruns]) process.kill(pid, 'SIGKILL')
  await daemon.ended
}

test('a daemon that is killed takes its hosts along, idle or busy, and the next one carries on', { timeout: 120_000 }, async () => {
  const data = join(tempDir(), 'data')
  const stamps = new Stamps(tempDir())
  let daemon = await start(data)
  const idle = await daemon.hire({ crew: 'slurm', end: true, instructions: [{ kind: 'noop' }] })
  await daemon.reportOnceOver(idle)
  const busy = await daemon.hire({
    crew: 'slurm',
    end: true,
    instructions: ['a', 'b'].map((name) => stamps.row(name)),
    scheduler: { limit: 'threads', max_threads: 2 },
  })
  await untilBegun(stamps, ['a', 'b'], 1, patienceMs)
  await untilTold(daemon, busy, 2)
  await kill(daemon, false)
  await untilGone(data)
  await untilNoJob(cluster)

  daemon = await start(data)
  await untilBegun(stamps, ['a', 'b'], 2, patienceMs)
  writeFileSync(stamps.gate, '')
  const { workers_report: entries } = await daemon.reportOnceOver(busy)
  expect(entries.map(({ outcome, attempt }) => [outcome, attempt])).toEqual([
    ['succeeded', 2],
    ['succeeded', 2],
  ])
  expect(stamps.overlaps).toEqual({})
  await daemon.stop()
  await untilNoJob(cluster)
})

test('hosts that did not hear of the end of their daemon are ended before the next one starts anything, when Slurm answers again', {
  timeout: 180_000,
}, async () => {
  const data = join(tempDir(), 'data')
  const stamps = new Stamps(tempDir())
  const first = await start(data)
  const rows = ['a', 'b'].map((name) => stamps.row(name))
  const boss = await first.hire({ crew: 'slurm', end: true, instructions: rows, scheduler: { limit: 'threads', max_threads: 2 } })
  await untilBegun(stamps, ['a', 'b'], 1, patienceMs)
  await untilTold(first, boss, 2)
  const jobs = await cluster.jobs()
  await killSlurmctld(cluster)
  await kill(first, true)
  // they live: nothing told them
  expect(processesWith(data).filter(({ command }) => command.includes('/worker/main.js')).length).toBeGreaterThanOrEqual(2)

  const daemon = await start(data)
  const { body } = await until(
    async () => {
      const answer = await daemon.get<{ detail?: string }>('/readyz')
      return answer.status === 503 && JSON.stringify(answer.body).includes('Unable to contact slurm controller') ? answer : undefined
    },
    'it says that Slurm does not answer',
    patienceMs,
  )
  expect(JSON.stringify(body)).toContain('lurm')
  // what needs no Slurm goes on
  const local = await daemon.hire({ end: true, instructions: [{ kind: 'noop' }] })
  expect((await daemon.reportOnceOver(local)).status).toBe('finished')

  await cluster.act('start-ctld')
  await untilBegun(stamps, ['a', 'b'], 2, patienceMs)
  expect((await cluster.jobs()).filter((job) => jobs.includes(job))).toEqual([])
  writeFileSync(stamps.gate, '')
  const { workers_report: entries } = await daemon.reportOnceOver(boss)
  expect(entries.map(({ outcome, attempt }) => [outcome, attempt])).toEqual([
    ['succeeded', 2],
    ['succeeded', 2],
  ])
  expect(Object.values(stamps.overlaps).every((seconds) => seconds < mostOverlap)).toBe(true)
  await daemon.stop()
  await untilNoJob(cluster)
})
