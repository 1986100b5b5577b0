import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startDaemon, type Daemon, type Problem } from '../support/daemon.js'
import { Logbook } from '../support/logbook.js'
import { tempDir, until } from '../support/temp.js'

const node = ['--import', new URL('../support/threads.mjs', import.meta.url).href]
/** Does to a thread of the store what a fault of it would do. */
function strike(daemon: Daemon, thread: 'writer' | 'reader', how: 'end' | 'throw') {
  writeFileSync(join(daemon.data, 'tmp', 'thread'), `${thread} ${how}`)
  daemon.kill('SIGUSR2')
}
const ways = [['throw'], ['end']] as const

test.each(ways)('a daemon whose writing thread is gone (%s) ends with a message, not with 0, and the next one goes on', async (how) => {
  const daemon = await startDaemon({ node })
  const log = new Logbook(tempDir())
  const boss = await daemon.hire({ instructions: [log.gated('a', 'g'), { kind: 'noop', value: 1 }], end: true })
  await until(async () => (await daemon.boss(boss)).counts.working === 1, 'it runs')
  strike(daemon, 'writer', how)
  expect(await daemon.ended).toEqual({ code: 70, signal: null })
  expect(daemon.log).toMatch(/the thread that writes .*taylord\.db is gone; start the daemon again, it goes on with what is on disk/)
  await daemon.assertNothingLeft()
  log.open('g')
  const again = await startDaemon({ data: daemon.data })
  const { workers_report: entries } = await again.reportOnceOver(boss)
  expect(entries.map(({ instruction }) => instruction).toSorted((a, b) => a - b)).toEqual([1, 2])
  expect(new Set(entries.map(({ outcome }) => outcome))).toEqual(new Set(['succeeded']))
})

test.each(ways)('a reading thread that is gone (%s) is replaced: who asked meanwhile is told, and nothing else suffers', async (how) => {
  const daemon = await startDaemon({ node })
  const boss = await daemon.hire({ scheduler: { limit: 'threads', max_threads: 2 } })
  for (let round = 0; round < 3; round++) {
    const later = await daemon.hire({ start: false, end: true, instructions: [{ kind: 'noop' }] })
    strike(daemon, 'reader', how)
    const notReady = await until(async () => {
      const { status, body } = await daemon.get<Problem>('/readyz')
      return status === 503 ? body : undefined
    }, 'it is not ready')
    expect(notReady.detail).toMatch(/the store cannot be read: /)
    // what is appended needs no reading, or is read when it can be
    await daemon.tell(later, 'work')
    await daemon.append(boss, { instructions: Array.from({ length: 300 }, (_, value) => ({ kind: 'noop', value })) })
    await until(async () => (await daemon.get('/readyz')).status === 200, 'it is ready again')
  }
  await daemon.tell(boss, 'end')
  expect((await daemon.reportOnceOver(boss)).workers_report).toHaveLength(900)
  await daemon.stop()
  const told = [...daemon.log.matchAll(/"time":(\d+).*attributes could not be read/g)].map(([, ms]) => Number(ms))
  expect(told.every((ms, i) => i === 0 || ms - (told[i - 1] ?? 0) >= 990)).toBe(true)
})
