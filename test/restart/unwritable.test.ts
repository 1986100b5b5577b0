import Database from 'better-sqlite3'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { BossDocument } from '../../src/boss/boss-document.js'
import { startDaemon, type Daemon } from '../support/daemon.js'
import { Logbook } from '../support/logbook.js'
import { Obstacle } from '../support/obstacle.js'
import { tempDir, until } from '../support/temp.js'

const noops = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => ({ kind: 'noop', value: from + i }))
const json = { 'content-type': 'application/json' }

/** Holds that the daemon takes and carries out new work as if nothing had been. */
async function assertGoesOn(daemon: Daemon) {
  expect((await daemon.get('/readyz')).status).toBe(200)
  const boss = await daemon.hire({ instructions: noops(0, 40), end: true })
  const { workers_report: entries } = await daemon.reportOnceOver(boss)
  expect(entries.map(({ report }) => report as number).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i))
  expect((await daemon.get<{ slots: { used: number } }>('/v1/resources')).body.slots.used).toBe(0)
}

/** Waits until a Boss is over. */
const failed = (daemon: Daemon, { id }: BossDocument) =>
  until(async () => {
    const boss = await daemon.boss(id)
    return boss.status === 'failed' ? boss : undefined
  }, 'the Boss fails')

test('a call whose facts break a constraint gets a 500 that says so, and what came with it in one turn is taken', async () => {
  const daemon = await startDaemon()
  const obstacle = new Obstacle(daemon)
  const [first, poisoned, other] = [await daemon.hire({ start: false }), await daemon.hire(), await daemon.hire()]
  obstacle.hold()
  const inFlight = await daemon.begin('POST', `/v1/bosses/${first.id}/work`)
  obstacle.poison('fact', `new.type = 'boss.ending' AND new.boss = ${poisoned.id}`)
  const path = `${daemon.url}/v1/bosses`
  const send = (of: string, body: unknown) => fetch(`${path}${of}`, { method: 'POST', headers: json, body: JSON.stringify(body) })
  const created = send('', { name: 'new', instructions: noops(0, 6000), end: true })
  const appended = [
    send(`/${other.id}/instructions`, { instructions: noops(0, 500) }),
    send(`/${poisoned.id}/instructions`, { instructions: noops(0, 500) }),
  ]
  const ends = await daemon.begin('POST', `/v1/bosses/${poisoned.id}/end`)
  const halts = await daemon.begin('POST', `/v1/bosses/${other.id}/halt`)
  obstacle.release()
  expect((await inFlight.answer).status).toBe(200)
  expect(await ends.answer).toMatchObject({
    status: 500,
    body: { code: 'internal', detail: expect.stringMatching(/can never take this \(it is poisoned\)/) },
  })
  expect((await halts.answer).status).toBe(200)
  for (const answer of appended) expect(await (await answer).json()).toEqual({ count: 500, first: 1, last: 500 })
  expect((await created).status).toBe(201)
  expect(daemon.log).toMatch(/"level":50.*boss\.ending.*a bug: this can never be written/)
  expect(await daemon.boss(poisoned)).toMatchObject({ ending: false, status: 'working' })
  await daemon.tell(other, 'work', { terminate: true })
  expect((await daemon.reportOnceOver('new')).workers_report).toHaveLength(6000)
  expect((await daemon.reportOnceOver(other)).workers_report).toHaveLength(500)
  await until(async () => (await daemon.boss(poisoned)).counts.succeeded === 500, 'its rows are done')
  await daemon.assertConsistent()
})

test('a report that cannot be written ends its instruction with the reason, and no other one', async () => {
  const daemon = await startDaemon()
  new Obstacle(daemon).poison('report', `instr(CAST(new.lines AS TEXT), '"report":77,') > 0`)
  const boss = await daemon.hire({ instructions: noops(0, 300), end: true })
  const { status, workers_report: entries } = await daemon.reportOnceOver(boss)
  expect(status).toBe('finished')
  expect(entries).toHaveLength(300)
  expect(entries.filter(({ outcome }) => outcome !== 'succeeded')).toMatchObject([
    {
      instruction: 78,
      outcome: 'failed',
      cause: 'lost',
      error: { type: 'Unwritable', message: expect.stringMatching(/cannot be written \(it is poisoned\)/) as string },
    },
  ])
  expect(new Set(entries.map(({ instruction }) => instruction)).size).toBe(300)
  await assertGoesOn(daemon)
})

test('when nothing that ends an instruction can be written, its Boss fails and says why, and nobody waits for ever', async () => {
  const daemon = await startDaemon()
  new Obstacle(daemon).poison('report', 'new.boss = 1 AND 3 BETWEEN new.first AND new.last')
  const boss = await daemon.hire({ instructions: noops(0, 300), end: true })
  expect(boss.id).toBe(1)
  const { error } = await failed(daemon, boss)
  expect(error).toMatchObject({ type: 'Unwritable', message: expect.stringMatching(/\(it is poisoned\)/) as string })
  await assertGoesOn(daemon)
})

test('when it cannot be written that work began, its Boss fails and what runs is stopped', async () => {
  const daemon = await startDaemon()
  const log = new Logbook(tempDir())
  new Obstacle(daemon).poison('started', 'new.boss = 1')
  const boss = await daemon.hire({ instructions: [{ ...log.program('a', 'never'), grace: 0 }], end: true })
  await failed(daemon, boss)
  await until(async () => (await daemon.get<{ slots: { used: number } }>('/v1/resources')).body.slots.used === 0, 'it is stopped')
  await assertGoesOn(daemon)
})

test('a Boss whose end cannot be written stays as it is, and all others go on', async () => {
  const daemon = await startDaemon()
  new Obstacle(daemon).poison('fact', `new.type = 'boss.over' AND new.boss = 1`)
  const boss = await daemon.hire({ instructions: noops(0, 3), end: true })
  await until(async () => (await daemon.boss(boss)).counts.succeeded === 3, 'its work is done')
  await assertGoesOn(daemon)
  expect(await daemon.boss(boss)).toMatchObject({ status: 'stopping' })
})

test('a start that cannot write down what was lost fails that Boss and takes the others up', async () => {
  const log = new Logbook(tempDir())
  const daemon = await startDaemon()
  const bosses = [
    await daemon.hire({ instructions: [log.gated('a', 'g')], end: true }),
    await daemon.hire({ instructions: [log.gated('b', 'g')], end: true }),
  ]
  await until(() => log.begun.length === 2, 'both run')
  for (const boss of bosses) await until(async () => (await daemon.boss(boss)).counts.working === 1, 'it is down')
  await daemon.crash()
  const db = new Database(join(daemon.data, 'taylord.db'))
  db.exec(
    `CREATE TRIGGER poison BEFORE INSERT ON earlier WHEN new.boss = ${bosses[0]?.id} BEGIN SELECT RAISE(ABORT, 'it is poisoned'); END`,
  )
  db.close()
  log.open('g')
  const again = await startDaemon({ data: daemon.data })
  await failed(again, bosses[0] as BossDocument)
  expect((await again.reportOnceOver(bosses[1] as BossDocument)).workers_report).toMatchObject([{ attempt: 2, outcome: 'succeeded' }])
  await assertGoesOn(again)
})
