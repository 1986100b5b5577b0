import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { lineTest, type Daemon } from '../support/daemon.js'
import { tempDir } from '../support/temp.js'
import { changed, leftOut } from './changed.js'
import { recorded, Script, type Case } from './script.js'

const { cases } = JSON.parse(readFileSync(new URL('../vectors/lifecycle.json', import.meta.url), 'utf8')) as { cases: Case[] }
const isReplayed = ({ id }: Case) => !(id in leftOut)
const replayed = cases.filter(isReplayed)

/** Lines of the daemon's log about instructions of a Boss. */
const linesAbout = (daemon: Daemon, boss: number) =>
  daemon.log
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { boss?: number; instruction?: number; msg: string })
    .filter((line) => line.boss === boss && line.instruction !== undefined)
    .map(({ msg }) => msg)

const test = lineTest.extend<{ roomy: Daemon }>({
  roomy: [
    async ({ daemon }, use) => {
      // as long as it lives the machine has as many places
      await daemon.hire({ scheduler: { limit: 'threads', max_threads: 4 }, start: false })
      await use(daemon)
    },
    { scope: 'file' },
  ],
})

test.for(replayed)('$id', async ({ id, ordered, steps, log }, { roomy: daemon }) => {
  const dir = tempDir()
  const script = new Script(daemon, dir, ordered)
  for (const [at, step] of steps.entries()) {
    const says = changed[id]?.says[at] ?? recorded(step)
    expect(await script.play(step), `step ${at}, ${step.op}`).toEqual(says)
    if (script.id === undefined) {
      expect(script.marks).toEqual([])
      return
    }
  }
  if (log) await expect.poll(() => linesAbout(daemon, script.id ?? 0)).toEqual(log)
  await daemon.tell(script.id ?? 0, 'stop?now=true')
  await daemon.reportOnceOver(script.id ?? 0)
})

test('every case is replayed as recorded, with a change that has a reason, or left out for one', () => {
  const ids = cases.map(({ id }) => id)
  expect(Object.keys({ ...changed, ...leftOut }).filter((id) => !ids.includes(id))).toEqual([])
  expect({
    cases: cases.length,
    asRecorded: replayed.filter(({ id }) => !(id in changed)).length,
    changed: replayed.filter(({ id }) => id in changed).length,
    leftOut: Object.keys(leftOut).length,
  }).toEqual({ cases: 62, asRecorded: 25, changed: 33, leftOut: 4 })
})
