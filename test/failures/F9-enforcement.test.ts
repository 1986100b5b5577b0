import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openCgroups } from '../../src/cgroup.js'
import { aBatch, aCrew, carryOut, pidIn } from '../crew/a-crew.js'
import { isAlive, processesWith } from '../support/processes.js'
import { until } from '../support/temp.js'
import { glutton } from './daemon.js'

const kinds = Object.fromEntries(['glutton', 'feeder', 'runs'].map((kind) => [kind, new URL('kinds/failures.mjs', import.meta.url).href]))
const cgroups = openCgroups()
const modes = cgroups.enforcement === 'rss' ? ['rss'] : ['rss', cgroups.enforcement]

afterAll(() => cgroups.close())

/** A crew under one of the ways to enforce memory. */
const crewUnder = (mode: string) => aCrew(kinds, undefined, undefined, mode === 'rss' ? undefined : cgroups)

test.each(modes)('%s: a program ends alone, with what was measured', async (mode) => {
  const entry = await carryOut('command', { ...glutton, memory: 120 }, crewUnder(mode))
  expect(entry).toMatchObject({ outcome: 'failed', cause: 'oom', limit: 120 })
  expect(entry.measured).toBeGreaterThanOrEqual(119)
})

test.each(modes)('%s: a program of many processes ends as a whole', async (mode) => {
  const mine = crewUnder(mode)
  const script = `"$0" "$@" & "$0" "$@" & wait; sleep 60 # ${mine.dir}`
  const entry = await carryOut('command', { program: 'sh', args: ['-c', script, glutton.program, ...glutton.args], memory: 200 }, mine)
  expect(entry).toMatchObject({ cause: 'oom', limit: 200 })
  expect(processesWith(mine.dir).filter(({ command }) => command.includes('sleep'))).toEqual([])
})

test.each(modes)('%s: a task ends with its process, and with the program it waits for', async (mode) => {
  const { crew, told } = crewUnder(mode)
  crew.send({ id: 1, cpus: [] }, 'js', aBatch(1, 'glutton', [{ memory: 80 }]))
  crew.send({ id: 2, cpus: [] }, 'js', aBatch(2, 'feeder', [{ ...glutton, memory: 150 }]))
  await until(() => told.ended.length === 2, 'both end')
  const ends = told.ended.toSorted((a, b) => (a.limit ?? 0) - (b.limit ?? 0))
  expect(ends).toMatchObject([
    { cause: 'oom', limit: 80, guilty: { f: 1, row: 0 } },
    { cause: 'oom', limit: 150, guilty: { f: 2, row: 0 } },
  ])
})

test.each(modes)(
  '%s: what left its session, and its environment where the kernel keeps groups, ends with a host that is killed',
  async (mode) => {
    const { crew, dir } = crewUnder(mode)
    const file = join(dir, 'escaped')
    const script = `${mode === 'rss' ? '' : 'env -i'} setsid sh -c 'echo $$ > "$0"; exec sleep 60' "$0" & sleep 60`
    crew.send({ id: 1, cpus: [] }, 'program', aBatch(1, 'command', [{ program: 'sh', args: ['-c', script, file] }]))
    const pid = await pidIn(file)
    expect(isAlive(pid)).toBe(true)
    process.kill(crew.hosts()[0]?.pid ?? 0, 'SIGKILL')
    await until(() => !isAlive(pid), 'it ends')
  },
)
