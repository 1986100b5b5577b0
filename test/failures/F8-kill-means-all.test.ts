import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { childrenOf } from '../../src/processes.js'
import { clinging } from '../support/clinging.js'
import { startDaemon } from '../support/daemon.js'
import { processesWith } from '../support/processes.js'
import { until } from '../support/temp.js'
import { failuresTest } from './daemon.js'
import { scaled } from '../support/scale.js'

/** Children of a process that have ended and were not taken in. */
const zombiesBelow = (pid: number) =>
  childrenOf(pid).filter((child) => {
    try {
      return / Z /.test(readFileSync(`/proc/${child}/stat`, 'latin1').replace(/.*\)/, ''))
    } catch {
      return false
    }
  })
const programs = scaled(100, 10_000)
const hostsOf = (run: string) =>
  readdirSync(run)
    .filter((file) => !file.endsWith('.d'))
    .map((file) => Number(readFileSync(join(run, file), 'latin1').slice(16, 31)))

failuresTest(
  'of many programs that ignore SIGTERM, fork twice and leave their session nothing is left, whatever they call themselves',
  async ({ daemon, dir }) => {
    const boss = await daemon.hire({
      scheduler: { limit: 'threads', max_threads: 2 },
      instructions: Array.from({ length: programs }, (_, i) => ({ kind: 'command', ...clinging(join(dir, 'all'), 0.02), name: `p${i}` })),
      end: true,
    })
    const { workers_report: entries } = await daemon.reportOnceOver(boss)
    expect(entries.filter(({ outcome }) => outcome === 'succeeded')).toHaveLength(programs)
    expect(processesWith(dir)).toEqual([])
    await until(() => hostsOf(join(daemon.data, 'run')).every((host) => zombiesBelow(host).length === 0), 'no zombies')
  },
)

failuresTest('stopped now, such a program and all that it started are gone with it', async ({ daemon, dir }) => {
  const files = Array.from({ length: 4 }, (_, i) => join(dir, `${i}`))
  const boss = await daemon.hire({
    scheduler: { limit: 'threads', max_threads: 4 },
    instructions: files.map((file) => ({ kind: 'command', ...clinging(file, 60), grace: 0.2 })),
  })
  // two places of the machine, or as many as it has
  await until(() => files.some((file) => existsSync(`${file}.session`)), 'one has started all of its own')
  await daemon.tell(boss, 'stop?now=true')
  await until(async () => (await daemon.boss(boss)).over_at !== undefined, 'the Boss is over')
  expect(processesWith(dir)).toEqual([])
  await until(() => hostsOf(join(daemon.data, 'run')).every((host) => zombiesBelow(host).length === 0), 'no zombies')
})

failuresTest('a task that is stopped takes along what it started, in whatever session', async ({ daemon, dir }) => {
  const file = join(dir, 'one')
  const boss = await daemon.hire({ instructions: [{ kind: 'feeder', ...clinging(file, 60), grace: 0.2 }] })
  await until(() => existsSync(`${file}.session`), 'it has started all of its own')
  await daemon.tell(boss, 'stop?now=true')
  await until(async () => (await daemon.boss(boss)).over_at !== undefined, 'the Boss is over')
  await until(() => processesWith(dir).length === 0, 'all of it ends')
})

failuresTest('nothing of it outlives a daemon that is killed', async ({ dir }) => {
  const daemon = await startDaemon()
  const file = join(dir, 'one')
  await daemon.hire({ instructions: [{ kind: 'command', ...clinging(file, 60) }] })
  await until(() => existsSync(`${file}.session`), 'it has started all of its own')
  await daemon.crash()
  await until(() => processesWith(dir).length === 0, 'all of it ends')
})
