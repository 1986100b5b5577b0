import { once } from 'node:events'
import { request } from 'node:http'
import { expect, test } from 'vitest'
import { startDaemon, type Daemon, type Problem } from '../support/daemon.js'
import { Logbook } from '../support/logbook.js'
import { tempDir, until } from '../support/temp.js'

const one = { limit: 'threads', max_threads: 1 }
const patient = { args: ['--grace', '3600'] }
interface Draining {
  readonly grace: number
  readonly working: number
  readonly items: readonly { readonly name?: string; readonly instruction?: number }[]
}
const drain = (daemon: Daemon) => daemon.post<Draining>('/v1/drain')
const linesOf = ({ log }: Daemon) =>
  log
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { readonly msg: string; readonly working?: number })

test('POST /v1/drain says what still runs, nothing new starts or is taken, and the daemon ends with 0 once that is done', async () => {
  const log = new Logbook(tempDir())
  const daemon = await startDaemon(patient)
  const boss = await daemon.hire({ name: 'b', scheduler: one, instructions: [log.gated('runs', 'g'), log.gated('waits', 'g')], end: false })
  await log.untilWritten('+ runs')
  const follower = await daemon.listen(`/v1/bosses/${boss.id}/events`)
  // an upload that is on its way when the drain begins is refused as a whole
  const upload = request(`${daemon.url}/v1/bosses/b/instructions`, { method: 'POST', headers: { 'content-type': 'application/x-ndjson' } })
  upload.write('{"kind":"noop"}\n')
  await until(async () => (await daemon.boss(boss)).counts.working === 1, 'it is known to work')
  const answer = await drain(daemon)
  expect(answer).toMatchObject({ status: 202, body: { grace: 3600, working: 1, items: [{ name: 'runs', instruction: 1 }] } })
  const { status, body } = await daemon.get<Problem & { reasons: string[] }>('/readyz')
  expect([status, body.code, body.reasons]).toEqual([503, 'not-ready', ['the daemon is going down; 1 still at work']])
  for (const [path, json] of [
    ['/v1/bosses', {}],
    ['/v1/bosses/b/instructions', { instructions: [{ kind: 'noop' }] }],
  ] as const) {
    const refused = await daemon.post<Problem>(path, json)
    expect([refused.status, refused.body.code]).toEqual([503, 'draining'])
    expect(refused.headers.get('retry-after')).not.toBeNull()
  }
  upload.end()
  const [response] = (await once(upload, 'response')) as [{ statusCode: number; resume(): void }]
  response.resume()
  expect(response.statusCode).toBe(503)
  // what is there can be read, and asking again changes nothing
  expect((await daemon.boss(boss)).counts).toMatchObject({ pending: 1, working: 1 })
  expect((await drain(daemon)).body.working).toBe(1)
  log.open('g')
  expect(await daemon.ended).toEqual({ code: 0, signal: null })
  await daemon.assertNothingLeft()
  expect(await follower.untilClosed()).toBe(1001)
  expect(follower.events.at(-1)).toMatchObject({ type: 'instruction.reported', instruction: 1 })
  expect(log.begun).toEqual(['runs'])
  expect(linesOf(daemon).map(({ msg }) => msg)).toEqual(
    expect.arrayContaining([expect.stringContaining('going down (POST /v1/drain)') as string, 'going down: 1 still at work', 'down']),
  )
  const again = await startDaemon({ data: daemon.data })
  await again.tell(boss, 'end')
  expect((await again.reportOnceOver(boss)).workers_report).toMatchObject([
    { name: 'runs', attempt: 1 },
    { name: 'waits', attempt: 1 },
  ])
})

test('a signal after POST /v1/drain is the first one: what runs keeps its grace', async () => {
  const log = new Logbook(tempDir())
  const daemon = await startDaemon(patient)
  const boss = await daemon.hire({ instructions: [log.program('runs', 'g')], end: true })
  await log.untilWritten('+ runs')
  await drain(daemon)
  daemon.kill('SIGTERM')
  const follower = await daemon.listen(`/v1/bosses/${boss.id}/events?since=0`)
  await follower.until('boss.created')
  log.open('g')
  expect(await daemon.ended).toEqual({ code: 0, signal: null })
  expect(await follower.untilClosed()).toBe(1000)
  expect(follower.events.at(-1)).toMatchObject({ type: 'boss.over', counts: { succeeded: 1 } })
})

test('a drain with nothing to do is answered before the daemon ends', async () => {
  const daemon = await startDaemon(patient)
  expect(await drain(daemon)).toMatchObject({ status: 202, body: { working: 0, items: [] } })
  expect(await daemon.ended).toEqual({ code: 0, signal: null })
})

test.each([
  ['the grace was over', ['--grace', '0'], ['SIGTERM'], 'the daemon went down (SIGTERM) and 0 s were over'],
  ['it was told twice', ['--grace', '3600'], ['SIGINT', 'SIGTERM'], 'the daemon was told twice to go down'],
] as const)('what was broken off because %s is tried again, with the reason on record', async (_why, args, signals, message) => {
  const log = new Logbook(tempDir())
  const daemon = await startDaemon({ args: [...args] })
  const rows = [log.program('deaf', 'g', "trap '' TERM INT"), log.gated('task', 'g'), { ...log.gated('once', 'g'), at_most_once: true }]
  const boss = await daemon.hire({ scheduler: { limit: 'threads', max_threads: 3 }, instructions: rows, end: true })
  for (const name of ['deaf', 'task', 'once']) await log.untilWritten(`+ ${name}`)
  await until(async () => (await daemon.boss(boss)).counts.working === 3, 'all are known to work')
  for (const signal of signals) daemon.kill(signal)
  expect(await daemon.ended).toEqual({ code: 0, signal: null })
  await daemon.assertNothingLeft()
  expect(linesOf(daemon).map(({ msg }) => msg)).toContain(`${message}: what ran is tried again after the next start`)
  log.open('g')
  const again = await startDaemon({ data: daemon.data })
  const { workers_report } = await again.reportOnceOver(boss)
  expect(workers_report.map(({ outcome, attempt }) => [outcome, attempt])).toEqual([
    ['failed', 1], // what may be tried only once
    ['succeeded', 2],
    ['succeeded', 2],
  ])
  expect(workers_report[0]).toMatchObject({ name: 'once', cause: 'lost', error: { message } })
  for (const id of [1, 2])
    expect((await again.instruction(boss, id)).attempts).toMatchObject([
      { attempt: 1, outcome: 'failed', cause: 'lost', error: { message } },
      { attempt: 2, outcome: 'succeeded' },
    ])
})

test('a signal while the daemon starts is heeded, too', async () => {
  const daemon = await startDaemon()
  daemon.kill('SIGTERM')
  expect(await daemon.ended).toEqual({ code: 0, signal: null })
})
