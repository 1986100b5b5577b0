import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startDaemon } from '../support/daemon.js'
import { Logbook } from '../support/logbook.js'
import { patience, scaled } from '../support/scale.js'
import { tempDir, until } from '../support/temp.js'

const waiting = scaled(5_000, 100_000)

test('F2: what a killed daemon ran is resolved before the next one starts anything, and nothing is locked', {
  timeout: patience(60_000),
}, async () => {
  const dir = tempDir()
  const data = join(dir, 'data')
  const log = new Logbook(dir)
  const first = await startDaemon({ data })
  const boss = await first.hire({
    scheduler: { limit: 'threads', max_threads: 2 },
    instructions: [
      { ...log.gated('again', 'g'), priority: 3 },
      { ...log.gated('once', 'g'), priority: 2, at_most_once: true },
    ],
  })
  for (const name of ['again', 'once']) await log.untilWritten(`+ ${name}`)
  await first.append(boss, {
    common_instructions: { kind: 'noop' },
    individual_instructions: { value: Array.from({ length: waiting }, (_, at) => at) },
  })
  await until(async () => (await first.boss(boss)).counts.working === 2, 'both are known to work')
  await first.crash()

  const second = await startDaemon({ data })
  log.open('g')
  // the first thing that it tells of is what became of the orphans
  const listener = await second.listen(`/v1/bosses/${boss.id}/events?since=0`)
  await second.tell(boss, 'end')
  await listener.until('boss.over')
  const kinds = listener.events.map(({ type, instruction }) => `${type} ${instruction}`)
  const resolved = Math.max(kinds.indexOf('instruction.retrying 1'), kinds.indexOf('instruction.reported 2'))
  const next = kinds.findIndex((kind, at) => at > resolved && /^instruction\.(started|reported)/.test(kind))
  expect(
    kinds
      .slice(0, resolved)
      .filter((kind) => /^instruction\.(started|reported)/.test(kind))
      .sort(),
  ).toEqual(['instruction.reported 2', 'instruction.started 1', 'instruction.started 2'].filter((kind) => kinds.indexOf(kind) < resolved))
  expect(next).toBeGreaterThan(resolved)
  expect(await second.instruction(boss, 1)).toMatchObject({
    status: 'succeeded',
    attempts: [{ attempt: 1, cause: 'lost' }, { attempt: 2 }],
  })
  expect(await second.instruction(boss, 2)).toMatchObject({ status: 'failed', attempts: [{ attempt: 1, cause: 'lost' }] })
  expect((await second.boss(boss)).counts).toEqual({ pending: 0, working: 0, succeeded: waiting + 1, failed: 1, cancelled: 0 })
  await second.assertConsistent()
})
