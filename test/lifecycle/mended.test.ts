import { expect } from 'vitest'
import type { ReportEntry } from '../../src/boss/report.js'
import { lineTest as test, type Problem, type Report } from '../support/daemon.js'
import { until } from '../support/temp.js'

// What BEHAVIOUR section 9 tells of taylorism and what the cases of the vectors do not show mended. Held elsewhere: a failing worker and its
// siblings, STOP, waiting for a halted Boss (test/line/signals), workers that die (test/line/report), what can never fit (test/line/limits),
// names (test/line/look).

const two = { limit: 'threads', max_threads: 2 }

test('item 4: whatever was done when a Boss is stopped at once is reported as done', async ({ daemon, log }) => {
  const boss = await daemon.hire({
    scheduler: two,
    common_instructions: { kind: 'act', mark: log.file, t: 0.02 },
    individual_instructions: { name: Array.from({ length: 400 }, (_, i) => `n${i}`) },
  })
  await until(() => log.lines.filter((line) => line.endsWith(' done')).length > 10, 'some are done')
  await daemon.tell(boss, 'stop?now=true')
  const { workers_report } = await daemon.reportOnceOver(boss)
  const names = (end: string) => log.lines.filter((line) => line.endsWith(` ${end}`)).map((line) => line.split(' ')[0] ?? '')
  const reported = (outcome: string) => workers_report.filter((entry) => entry.outcome === outcome).map(({ name }) => name)
  expect(reported('succeeded').toSorted()).toEqual(names('done').toSorted())
  expect(workers_report.map(({ name }) => name).toSorted()).toEqual(names('start').toSorted())
  const { counts } = await daemon.boss(boss)
  expect(counts.pending + counts.succeeded + counts.cancelled).toBe(400)
})

test('item 7: memory that is no number of MiB is refused, null counts as not given, text that is a number is one', async ({ daemon }) => {
  const boss = await daemon.hire({ start: false })
  const path = `/v1/bosses/${boss.id}/instructions`
  for (const memory of ['much', '', 'nan', 'inf', '-inf', -1, '-0.5', [], {}, [1]]) {
    const { status, body } = await daemon.post<Problem>(path, { instructions: [{ kind: 'noop', memory }] })
    expect([status, body.code], JSON.stringify(memory)).toEqual([422, 'invalid'])
    expect(body.detail).toContain('"memory" must be a number of MiB from 0 on')
  }
  const memories = [null, '3.5', ' 4 ', '1e1', true, 0]
  const { first } = await daemon.append(boss, { instructions: memories.map((memory) => ({ kind: 'noop', memory })) })
  const taken = await Promise.all(memories.map((_, i) => daemon.instruction(boss, first + i)))
  expect(taken.map(({ attributes }) => attributes['memory'])).toEqual([0, 3.5, 4, 10, 1, 0])
})

test('item 8: under the laxist scheduler no more run at once than the machine has places', async ({ daemon, log }) => {
  const { body: before } = await daemon.get<{ slots: { total: number } }>('/v1/resources')
  const boss = await daemon.hire({
    scheduler: { nosort: true },
    common_instructions: { kind: 'logging', log: log.file, ms: 5 },
    individual_instructions: { name: Array.from({ length: 60 }, (_, i) => `n${i}`) },
    end: true,
  })
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(log.begun).toHaveLength(60)
  expect(log.most).toBeLessThanOrEqual(before.slots.total)
  expect(workers_report.every(({ scheduler_ticket: ticket }) => ticket === null)).toBe(true)
})

test('item 12: a final report is read any number of times, by anybody and in any form', async ({ daemon }) => {
  const boss = await daemon.hire({ name: 'again', instructions: [{ kind: 'noop', value: 1 }, { kind: 'throwing' }], end: true })
  const report = await daemon.reportOnceOver(boss)
  const more = await Promise.all([1, 2, 3].map(() => daemon.get<Report>('/v1/bosses/again/report?interim=false', { prefer: 'wait=1' })))
  for (const { status, body } of more) expect([status, body]).toEqual([200, report])
  expect(await daemon.entries(boss)).toEqual(report.workers_report satisfies ReportEntry[])
  await daemon.tell(boss, 'end')
  expect(await daemon.report(boss)).toEqual(report)
})

test('item 15: an error that a task returns is a failure that says what it was', async ({ daemon, log }) => {
  const rows = ['return-exception', 'dict'].map((outcome) => ({ kind: 'act', mark: log.file, name: outcome, outcome, value: 'v' }))
  const boss = await daemon.hire({ scheduler: { limit: 'threads', max_threads: 1 }, instructions: rows, end: true })
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(workers_report).toMatchObject([
    { outcome: 'failed', cause: 'exception', report: null, error: { type: 'Boom', message: 'returned v' }, traceback: expect.any(String) },
    { outcome: 'succeeded', report: { value: 'v', rc: true } },
  ])
})

test('item 17: two instructions of one name are refused whenever both are unfinished, and a name is free again afterwards', async ({
  daemon,
  log,
}) => {
  const boss = await daemon.hire({
    scheduler: { limit: 'threads', max_threads: 1 },
    instructions: [log.gated('a', 'g'), log.gated('b', 'g')],
  })
  await log.untilWritten('+ a')
  for (const name of ['a', 'b']) {
    const { status, body } = await daemon.post<Problem>(`/v1/bosses/${boss.id}/instructions`, { instructions: [{ kind: 'noop', name }] })
    expect([status, body.code], name).toEqual([409, 'name-taken'])
  }
  log.open('g')
  await until(async () => (await daemon.boss(boss)).counts.succeeded === 2, 'both are reported')
  await daemon.append(boss, { instructions: [{ kind: 'noop', name: 'a' }] })
  await daemon.tell(boss, 'end')
  expect((await daemon.reportOnceOver(boss)).workers_report.map(({ name }) => name)).toEqual(['a', 'b', 'a'])
})
