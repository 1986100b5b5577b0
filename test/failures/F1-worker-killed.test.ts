import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Daemon } from '../support/daemon.js'
import { patience } from '../support/scale.js'
import { until } from '../support/temp.js'
import { failuresTest } from './daemon.js'

interface Workers {
  readonly items: readonly { readonly pid: number | null; readonly instruction?: number }[]
}
interface Resources {
  readonly slots: { readonly used: number }
  readonly memory: { readonly granted: number }
  readonly places: readonly unknown[]
}

const pidIn = (file: string) => until(() => (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0), `a pid in ${file}`)

/** Holds that nothing is kept for what has ended: no slot, no memory, no place. */
async function assertFree(daemon: Daemon): Promise<void> {
  await until(async () => (await daemon.get<Resources>('/v1/resources')).body.slots.used === 0, 'the slots come free')
  const { body } = await daemon.get<Resources>('/v1/resources')
  expect(body).toMatchObject({ slots: { used: 0 }, memory: { granted: 0 }, places: [] })
}

failuresTest(
  'killed while it runs: the instruction fails with the signal, those behind it are carried out by another',
  async ({ daemon, dir }) => {
    const file = join(dir, 'pid')
    const boss = await daemon.hire({
      scheduler: { limit: 'threads', max_threads: 1 },
      instructions: [{ kind: 'runs', file, memory: 1000 }, { kind: 'pid' }, { kind: 'pid' }],
      end: true,
    })
    process.kill(await pidIn(file), 'SIGKILL')
    const { workers_report: entries } = await daemon.reportOnceOver(boss)
    expect(entries.map(({ instruction, outcome, cause, attempt }) => ({ instruction, outcome, cause, attempt }))).toEqual([
      { instruction: 1, outcome: 'failed', cause: 'signal', attempt: 1 },
      { instruction: 2, outcome: 'succeeded', attempt: 1 },
      { instruction: 3, outcome: 'succeeded', attempt: 1 },
    ])
    await assertFree(daemon)
  },
)

failuresTest('killed while it loads a module: the instruction fails, the kind is tried again by another', async ({ daemon }) => {
  const closed = join(daemon.data, 'tmp', 'gate-closed')
  writeFileSync(closed, '')
  const boss = await daemon.hire({
    scheduler: { limit: 'threads', max_threads: 1 },
    instructions: [{ kind: 'gate' }, { kind: 'gate' }],
    end: true,
  })
  const pid = await pidIn(`${closed}.waiting`)
  rmSync(closed)
  process.kill(pid, 'SIGKILL')
  const { workers_report: entries } = await daemon.reportOnceOver(boss)
  // the gate may have opened for it before the kill came
  expect(entries).toHaveLength(2)
  expect(entries.at(-1)).toMatchObject({ outcome: 'succeeded' })
  await assertFree(daemon)
})

failuresTest('killed before it begins, or while it has nothing to do: another takes its place', async ({ daemon, dir }) => {
  const warm = await daemon.hire({ instructions: [{ kind: 'pid' }], end: true })
  await daemon.reportOnceOver(warm)
  const { body } = await daemon.get<Workers>('/v1/workers')
  for (const { pid } of body.items) if (pid !== null) process.kill(pid, 'SIGKILL')
  const next = await daemon.hire({ instructions: [{ kind: 'pid' }], end: true })
  await daemon.reportOnceOver(next)

  // a host that was just started for it has not said that it began
  const file = join(dir, 'x')
  const early = await daemon.hire({ instructions: [{ kind: 'command', program: 'touch', args: [file] }], end: true })
  const young = await until(
    async () => (await daemon.get<Workers>('/v1/workers')).body.items.find(({ instruction }) => instruction === 1)?.pid ?? existsSync(file),
    'a host',
  )
  if (typeof young === 'number') process.kill(young, 'SIGKILL')
  expect((await daemon.reportOnceOver(early)).workers_report).toHaveLength(1)
  await assertFree(daemon)
})

failuresTest(
  'killed between instructions and while it reports: each ends exactly once, at most one fails for each kill',
  async ({ daemon }) => {
    const n = 3_000
    const boss = await daemon.hire({
      scheduler: { limit: 'threads', max_threads: 2 },
      individual_instructions: { kind: Array.from({ length: n }, () => 'pid') },
    })
    let kills = 0
    const allEnd = async () => {
      const { body } = await daemon.get<Workers>('/v1/workers')
      const { pid } = body.items[kills % body.items.length] ?? {}
      if (kills < 12 && typeof pid === 'number') {
        try {
          process.kill(pid, 'SIGKILL')
          kills++
        } catch {
          // it has just ended of an earlier one
        }
      }
      const { counts } = await daemon.boss(boss)
      return counts.pending + counts.working === 0
    }
    // twelve times a process is started
    await until(allEnd, 'all of them end', patience(50_000))
    const entries = await daemon.entries(boss)
    expect(new Set(entries.map(({ instruction }) => instruction)).size).toBe(n)
    expect(entries).toHaveLength(n)
    const failed = entries.filter(({ outcome }) => outcome !== 'succeeded')
    expect(failed.length).toBeLessThanOrEqual(kills)
    await assertFree(daemon)
  },
)

failuresTest('killed while it holds a file: the next one that wants the file has it', async ({ daemon, dir }) => {
  const file = join(dir, 'pid')
  const boss = await daemon.hire({
    scheduler: { limit: 'threads', max_threads: 2, singlefile: true },
    instructions: [
      { kind: 'runs', file, fileA: 'one' },
      { kind: 'pid', fileA: 'one' },
    ],
    end: true,
  })
  process.kill(await pidIn(file), 'SIGKILL')
  const { workers_report: entries } = await daemon.reportOnceOver(boss)
  expect(entries).toMatchObject([
    { instruction: 1, cause: 'signal' },
    { instruction: 2, outcome: 'succeeded' },
  ])
  await assertFree(daemon)
})
