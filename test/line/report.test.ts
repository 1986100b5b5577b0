import { expect } from 'vitest'
import type { ReportEntry } from '../../src/boss/report.js'
import { lineTest as test, type Problem, type Report } from '../support/daemon.js'
import { until } from '../support/temp.js'

const one = { limit: 'threads', max_threads: 1 }
const noops = (n: number) => ({
  common_instructions: { kind: 'noop' },
  individual_instructions: { value: Array.from({ length: n }, (_, i) => i) },
})
const wait = (seconds: number) => ({ prefer: `wait=${seconds}` })

test('a report is interim until the Boss is over, and can be refused before', async ({ daemon, log }) => {
  const boss = await daemon.hire({ scheduler: one, instructions: [{ kind: 'noop', value: 1 }, log.gated('a', 'g')], end: true })
  await log.untilWritten('+ a')
  await until(async () => (await daemon.boss(boss)).counts.succeeded === 1, 'the first is reported')
  expect(await daemon.report(boss)).toMatchObject({ boss: boss.id, status: 'interim', pending: 0, workers_report: [{ report: 1 }] })
  const early = await daemon.get<Problem>(`/v1/bosses/${boss.id}/report?interim=false`)
  expect([early.status, early.body.code]).toEqual([409, 'boss-not-over'])
  log.open('g')
  expect(await daemon.reportOnceOver(boss)).toMatchObject({ status: 'finished', workers_report: [{ report: 1 }, { report: 'a' }] })
})

test('a report is read in pages by seq; next is there exactly when there is more', async ({ daemon }) => {
  const boss = await daemon.hire({ ...noops(25), end: true })
  const whole = (await daemon.reportOnceOver(boss)).workers_report
  const paged = []
  let page = await daemon.report(boss, '?limit=10')
  const sizes = [page.workers_report.length]
  for (paged.push(...page.workers_report); page.next !== undefined; paged.push(...page.workers_report)) {
    expect(page.next).toBe(page.workers_report.at(-1)?.seq)
    page = await daemon.report(boss, `?limit=10&after=${page.next}`)
    sizes.push(page.workers_report.length)
  }
  expect(sizes).toEqual([10, 10, 5])
  expect(paged).toEqual(whole)
  expect(await daemon.report(boss, '?limit=25')).not.toHaveProperty('next')
  expect(await daemon.report(boss, `?after=${whole.at(-1)?.seq}`)).toMatchObject({ workers_report: [] })
})

test('as NDJSON a report comes whole, whatever its length', async ({ daemon }) => {
  const boss = await daemon.hire({ ...noops(2500), end: true })
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(await daemon.entries(boss)).toEqual(workers_report)
  const { body, headers } = await daemon.get<Buffer>(`/v1/bosses/${boss.id}/report?after=${workers_report[2400]?.seq}`, {
    accept: 'application/x-ndjson',
  })
  expect(headers.get('content-type')).toContain('application/x-ndjson')
  expect(body.toString().trimEnd().split('\n')).toHaveLength(99)
})

test('a Boss without instructions has an empty report, also as NDJSON', async ({ daemon }) => {
  const boss = await daemon.hire({ end: true })
  expect(await daemon.reportOnceOver(boss)).toEqual({ boss: boss.id, status: 'finished', workers_report: [], pending: 0 })
  expect(await daemon.entries(boss)).toEqual([])
})

test('a wait is answered when the Boss is over and says that it was applied', async ({ daemon, log }) => {
  const boss = await daemon.hire({ instructions: [log.gated('a', 'g')], end: true })
  await log.untilWritten('+ a')
  const answer = daemon.get<Report>(`/v1/bosses/${boss.id}/report?interim=false`, wait(30))
  log.open('g')
  const { status, headers, body } = await answer
  expect([status, headers.get('preference-applied'), body.status]).toEqual([200, 'wait=30', 'finished'])
})

test('a wait that comes to nothing is answered as if it had not been asked for, but for its header', async ({ daemon, log }) => {
  const boss = await daemon.hire({ instructions: [log.gated('a', 'g')], end: true })
  const interim = await daemon.get<Report>(`/v1/bosses/${boss.id}/report`, wait(1))
  expect([interim.status, interim.headers.get('preference-applied'), interim.body.status]).toEqual([200, 'wait=1', 'interim'])
  const final = await daemon.get<Problem>(`/v1/bosses/${boss.id}/report?interim=false`, wait(0))
  expect([final.status, final.headers.get('preference-applied'), final.body.code]).toEqual([409, 'wait=0', 'boss-not-over'])
  log.open('g')
  await daemon.reportOnceOver(boss)
})

test('a Boss that becomes stuck answers those who wait for it at once', async ({ daemon, log }) => {
  const boss = await daemon.hire({ scheduler: one, instructions: [log.gated('a', 'g'), log.gated('b', 'g')] })
  await log.untilWritten('+ a')
  const waiting = daemon.get<Problem>(`/v1/bosses/${boss.id}/report?interim=false`, wait(50))
  await daemon.tell(boss, 'halt')
  await daemon.tell(boss, 'end')
  const { status, body } = await waiting
  expect([status, body.code]).toEqual([409, 'boss-halted'])
  // those who do not wait are answered as ever
  expect((await daemon.get<Problem>(`/v1/bosses/${boss.id}/report?interim=false`)).body.code).toBe('boss-not-over')
  expect((await daemon.report(boss)).status).toBe('interim')
  log.open('g')
  await daemon.tell(boss, 'work')
  await daemon.reportOnceOver(boss)
})

test('a client that leaves while it waits harms nobody', async ({ daemon, log }) => {
  const boss = await daemon.hire({ instructions: [log.gated('a', 'g')], end: true })
  const gone = new AbortController()
  const waiting = daemon.call('GET', `/v1/bosses/${boss.id}/report`, { headers: wait(50), signal: gone.signal })
  await log.untilWritten('+ a')
  gone.abort()
  await expect(waiting).rejects.toThrow('abort')
  log.open('g')
  expect((await daemon.reportOnceOver(boss)).status).toBe('finished')
})

test('each way to fail has its cause, and what a person needs to mend it', async ({ daemon }) => {
  const boss = await daemon.hire({
    scheduler: one,
    end: true,
    instructions: [
      { kind: 'throwing', name: 'exception', message: 'no such luck' },
      { kind: 'exiting', name: 'exit of a task', code: 3 },
      { kind: 'killed', name: 'signal of a task' },
      { kind: 'cyclic', name: 'cycle' },
      { kind: 'command', name: 'exit', program: 'sh', args: ['-c', 'echo out; echo oops >&2; exit 5'] },
      { kind: 'command', name: 'signal', program: 'sh', args: ['-c', 'kill -SEGV $$'] },
      { kind: 'command', name: 'missing', program: '/no/such/program' },
      { kind: 'command', name: 'nowhere', program: 'true', cwd: '/no/such/dir' },
      { kind: 'command', name: 'tolerated', program: 'sh', args: ['-c', 'exit 5'], ok_codes: [0, 5] },
    ],
  })
  const { workers_report } = await daemon.reportOnceOver(boss)
  const byName = Object.fromEntries(workers_report.map((entry) => [entry.name, entry]))
  expect(byName['exception']).toMatchObject({
    outcome: 'failed',
    cause: 'exception',
    error: { type: 'RangeError', message: 'no such luck' },
  })
  expect(byName['exception']?.traceback).toContain('plain.mjs')
  expect(byName['exit of a task']).toMatchObject({ outcome: 'failed', cause: 'exit', exit_code: 3 })
  expect(byName['signal of a task']).toMatchObject({ outcome: 'failed', cause: 'signal', signal: 'SIGKILL' })
  expect(byName['cycle']).toMatchObject({ outcome: 'failed', cause: 'exception', error: { type: 'TypeError' } })
  expect(byName['exit']).toMatchObject({
    outcome: 'failed',
    cause: 'exit',
    exit_code: 5,
    stderr_tail: 'oops\n',
    report: { rc: 5, stdout: 'out\n' },
  })
  expect(byName['signal']).toMatchObject({ outcome: 'failed', cause: 'signal', signal: 'SIGSEGV' })
  expect(byName['missing']).toMatchObject({
    outcome: 'failed',
    cause: 'start',
    error: { message: expect.stringContaining('/no/such/program') as string },
  })
  expect(byName['nowhere']).toMatchObject({
    outcome: 'failed',
    cause: 'start',
    error: { message: expect.stringContaining('/no/such/dir') as string },
  })
  expect(byName['tolerated']).toMatchObject({ outcome: 'succeeded', report: { rc: 5 } })
  expect((await daemon.boss(boss)).counts).toEqual({ pending: 0, working: 0, succeeded: 1, failed: 8, cancelled: 0 })
})

test('hosts that die amid fast instructions take only the guilty ones with them', async ({ daemon }) => {
  const instructions = Array.from({ length: 400 }, (_, i) => (i % 80 === 40 ? { kind: 'killed' } : { kind: 'noop', value: i }))
  const boss = await daemon.hire({ scheduler: { limit: 'threads', max_threads: 2 }, instructions, end: true })
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(workers_report.map(({ instruction }) => instruction).toSorted((a, b) => a - b)).toEqual(instructions.map((_, i) => i + 1))
  for (const { instruction, kind, outcome, report, cause } of workers_report) {
    if (kind === 'killed') expect([instruction, outcome, cause]).toEqual([instruction, 'failed', 'signal'])
    else expect([outcome, report]).toEqual(['succeeded', instruction - 1])
  }
})

test('what failed is told by cause and kind, with how many and the newest of each, and goes on being counted', async ({ daemon }) => {
  const failing = { kind: 'command', program: 'sh' }
  const boss = await daemon.hire({
    instructions: [
      { ...failing, args: ['-c', 'echo first >&2; exit 3'] },
      { kind: 'noop' },
      { ...failing, args: ['-c', 'echo second >&2; exit 3'] },
      { kind: 'command', program: 'no-such-program' },
      { kind: 'sleeper', sleeping_time: 60, timeout: 0.05 },
    ],
    scheduler: { limit: 'threads', max_threads: 1 },
  })
  const path = `/v1/bosses/${boss.id}/failures`
  interface Groups {
    readonly items: readonly { readonly cause: string; readonly kind: string; readonly count: number; readonly newest: ReportEntry }[]
  }
  const groups = async () => (await daemon.get<Groups>(path)).body.items
  const counts = async () => Object.fromEntries((await groups()).map(({ cause, kind, count }) => [`${kind} ${cause}`, count]))
  await until(async () => (await daemon.boss(boss)).counts.failed === 4, 'all have ended')
  expect(await counts()).toEqual({ 'command exit': 2, 'command start': 1, 'sleeper timeout': 1 })
  expect((await groups())[0]).toMatchObject({ newest: { instruction: 3, cause: 'exit', exit_code: 3, stderr_tail: 'second\n' } })

  const { body } = await daemon.post(`/v1/bosses/${boss.id}/retry`, { causes: ['exit', 'timeout'], kinds: ['command'] })
  expect(body).toEqual({ count: 2, first: 6, last: 7 })
  await daemon.tell(boss, 'end')
  await daemon.reportOnceOver(boss)
  // both at once: each report is counted once
  expect(await Promise.all([counts(), counts()])).toEqual(Array(2).fill({ 'command exit': 4, 'command start': 1, 'sleeper timeout': 1 }))
  expect((await daemon.get('/v1/bosses/999999/failures')).status).toBe(404)
})
