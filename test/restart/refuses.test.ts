import { once } from 'node:events'
import { request } from 'node:http'
import { expect, test } from 'vitest'
import { startDaemon, type Problem } from '../support/daemon.js'
import { Logbook } from '../support/logbook.js'
import { Obstacle } from '../support/obstacle.js'
import { tempDir, until } from '../support/temp.js'

const one = { limit: 'threads', max_threads: 1 }
const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `{"kind":"noop","value":${from + i}}\n`).join('')

test('a large append whose last turn is refused leaves nothing behind, and none of it is carried out', async () => {
  const daemon = await startDaemon()
  const obstacle = new Obstacle(daemon)
  const boss = await daemon.hire({})
  obstacle.refuse('append')
  const { status, body } = await daemon.call<Problem>('POST', `/v1/bosses/${boss.id}/instructions`, {
    body: lines(0, 12_000),
    headers: { 'content-type': 'application/x-ndjson' },
  })
  expect([status, body.code]).toEqual([507, 'store-refuses'])
  await obstacle.lift()
  await until(() => obstacle.rows === 0, 'its rows are dropped')
  expect((await daemon.boss(boss)).counts).toMatchObject({ pending: 0, succeeded: 0, failed: 0 })
  await daemon.append(boss, { instructions: [{ kind: 'noop', value: 7 }] })
  await daemon.tell(boss, 'end')
  expect((await daemon.reportOnceOver(boss)).workers_report).toMatchObject([{ report: 7 }])
})

test('who looks does not wait for the disk on account of an append of which nothing is to be seen yet', async () => {
  const daemon = await startDaemon()
  const obstacle = new Obstacle(daemon)
  const boss = await daemon.hire({ start: false })
  const url = `${daemon.url}/v1/bosses/${boss.id}/instructions`
  const upload = request(url, { method: 'POST', headers: { 'content-type': 'application/x-ndjson' } }).on('error', () => undefined)
  obstacle.hold()
  upload.write(lines(0, 400_000))
  let [read, still] = [-1, 0]
  await until(() => {
    const now = upload.socket?.bytesWritten ?? -1
    still = now === read ? still + 1 : 0
    read = now
    return read > 0 && still > 10
  }, 'it is not read on, for its first rows are on their way to the disk')
  for (const path of [`/v1/bosses/${boss.id}`, '/v1/workers']) expect((await daemon.get(path)).status).toBe(200)
  expect((await daemon.get('/readyz')).status).toBe(200) // the store has not given up waiting
  expect(obstacle.rows).toBe(0)
  obstacle.release()
  await until(() => obstacle.rows > 0, 'they are on disk')
  upload.destroy()
})

test('a commit that fails while a large append is on its way neither starts its rows nor doubles them', async () => {
  const daemon = await startDaemon()
  const obstacle = new Obstacle(daemon)
  const boss = await daemon.hire({})
  const upload = request(`${daemon.url}/v1/bosses/${boss.id}/instructions`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
  })
  upload.write(lines(0, 5000))
  await until(() => obstacle.rows >= 4000, 'a part of it is staged')
  await daemon.tell(boss, 'work') // a turn that comes behind those of the part
  expect(obstacle.rows).toBe(4000) // what fills no turn of its own is not on its way
  obstacle.refuse('fact', `new.type = 'boss.halted'`)
  expect((await daemon.post<Problem>(`/v1/bosses/${boss.id}/halt`)).body.code).toBe('store-refuses')
  await obstacle.lift()
  expect((await daemon.boss(boss)).counts).toMatchObject({ pending: 0, working: 0, succeeded: 0 })
  upload.end(lines(5000, 7000))
  const [answer] = (await once(upload, 'response')) as [{ statusCode: number; resume(): void }]
  answer.resume()
  expect(answer.statusCode).toBe(201)
  await daemon.tell(boss, 'end')
  const { status, workers_report } = await daemon.reportOnceOver(boss)
  expect(status).toBe('finished')
  expect(workers_report.map(({ report }) => report as number).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 7000 }, (_, i) => i))
  expect((await daemon.boss(boss)).counts).toMatchObject({ pending: 0, working: 0, succeeded: 7000 })
})

test('a call that changes nothing is answered, although the turn that took it cannot be committed', async () => {
  const daemon = await startDaemon()
  const obstacle = new Obstacle(daemon)
  const boss = await daemon.hire({ start: false, instructions: [{ kind: 'noop' }] })
  const other = await daemon.hire({ start: false })
  const path = `/v1/bosses/${boss.id}`
  obstacle.hold()
  const first = await daemon.begin('POST', `/v1/bosses/${other.id}/work`) // its turn is in flight until the release; what comes meanwhile is one turn
  obstacle.refuse('fact', `new.type = 'boss.ending'`)
  const waiting = await daemon.begin('GET', `${path}/report`, { prefer: 'wait=10' })
  const refused = await daemon.begin('POST', `${path}/end`)
  obstacle.release()
  expect((await first.answer).status).toBe(200)
  expect((await refused.answer).status).toBe(507)
  await obstacle.lift()
  await daemon.tell(boss, 'end')
  expect((await waiting.answer).body).toMatchObject({ status: 409, code: 'boss-halted' })
  await daemon.tell(boss, 'work')
  expect((await daemon.reportOnceOver(boss)).status).toBe('finished')
})

test('a call that changes nothing is answered also with a key, which is not kept', async () => {
  const daemon = await startDaemon()
  const obstacle = new Obstacle(daemon)
  const boss = await daemon.hire({ start: false })
  const keyed = (path: string, key: string, json: unknown) => daemon.call('POST', path, { json, headers: { 'idempotency-key': key } })
  const preview = { scheduler: one, pending: [{ name: 'a' }], workers: [] }
  obstacle.refuse('answered')
  expect((await keyed('/v1/schedulers/preview', 'a', preview)).status).toBe(200)
  expect((await keyed(`/v1/bosses/${boss.id}/instructions?dry_run=true`, 'b', { instructions: [{ kind: 'noop' }] })).status).toBe(200)
  expect((await keyed(`/v1/bosses/${boss.id}/end`, 'c', {})).status).toBe(507)
  await obstacle.lift()
  expect((await keyed('/v1/schedulers/preview', 'a', { ...preview, pending: [] })).status).toBe(200)
  expect((await daemon.boss(boss)).ending).toBe(false)
})

test('SIGTERM in a turn that cannot be committed ends the daemon in order', async () => {
  const daemon = await startDaemon()
  const obstacle = new Obstacle(daemon)
  const log = new Logbook(tempDir())
  const boss = await daemon.hire({ scheduler: one, instructions: [log.gated('a', 'g')], end: true })
  const other = await daemon.hire({ start: false })
  await until(async () => (await daemon.boss(boss)).counts.working === 1, 'no turn is on its way')
  obstacle.hold()
  const first = await daemon.begin('POST', `/v1/bosses/${other.id}/work`)
  obstacle.refuse('fact', `new.type = 'boss.halted'`)
  const refused = await daemon.begin('POST', `/v1/bosses/${boss.id}/halt`)
  const stopped = daemon.stop()
  await until(async () => (await daemon.get('/readyz')).status === 503, 'it goes down')
  obstacle.release()
  expect((await first.answer).status).toBe(200)
  expect((await refused.answer).status).toBe(507)
  log.open('g')
  await stopped
})

test('nobody gives rows to a Boss whose making is refused, also who names it meanwhile', async () => {
  const daemon = await startDaemon()
  const obstacle = new Obstacle(daemon)
  obstacle.hold()
  obstacle.refuse('fact', `new.type = 'boss.created'`)
  const made = daemon.post<Problem>('/v1/bosses', { name: 'wanted' })
  await daemon.get('/livez')
  const given = daemon.post<Problem>('/v1/bosses/wanted/instructions', { instructions: [{ kind: 'noop' }] })
  await daemon.get('/livez')
  obstacle.release()
  expect((await made).body.code).toBe('store-refuses')
  expect((await given).body.code).toBe('not-found')
  await obstacle.lift()
  const boss = await daemon.hire({ name: 'wanted', instructions: [{ kind: 'noop' }], end: true })
  expect((await daemon.reportOnceOver(boss)).workers_report).toHaveLength(1)
})
