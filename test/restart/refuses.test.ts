import { once } from 'node:events'
import { request } from 'node:http'
import { expect, test } from 'vitest'
import { startDaemon, type Problem } from '../support/daemon.js'
import { Obstacle } from '../support/obstacle.js'
import { until } from '../support/temp.js'

const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `{"kind":"noop","value":${from + i}}\n`).join('')

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

test('a commit that fails while a large append is on its way neither starts its rows nor doubles them', async () => {
  const daemon = await startDaemon()
  const obstacle = new Obstacle(daemon)
  const boss = await daemon.hire({})
  const upload = request(`${daemon.url}/v1/bosses/${boss.id}/instructions`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
  })
  upload.write(lines(0, 6000))
  await until(() => obstacle.rows >= 5000, 'a part of it is staged')
  obstacle.refuse('fact', `new.type = 'boss.halted'`)
  expect((await daemon.post<Problem>(`/v1/bosses/${boss.id}/halt`)).body.code).toBe('store-refuses')
  await obstacle.lift()
  expect((await daemon.boss(boss)).counts).toMatchObject({ pending: 0, working: 0, succeeded: 0 })
  upload.end(lines(6000, 7000))
  const [answer] = (await once(upload, 'response')) as [{ statusCode: number; resume(): void }]
  answer.resume()
  expect(answer.statusCode).toBe(201)
  await daemon.tell(boss, 'end')
  const { status, workers_report } = await daemon.reportOnceOver(boss)
  expect(status).toBe('finished')
  expect(workers_report.map(({ report }) => report as number).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 7000 }, (_, i) => i))
  expect((await daemon.boss(boss)).counts).toMatchObject({ pending: 0, working: 0, succeeded: 7000 })
})
