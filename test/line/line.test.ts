import { expect } from 'vitest'
import type { BossDocument } from '../../src/boss/boss-document.js'
import { lineTest as test, type Appended, type Page, type Problem } from '../support/daemon.js'

test('columns are laid over what is common, and each makes one report', async ({ daemon }) => {
  const boss = await daemon.hire({
    common_instructions: { kind: 'noop', value: 0 },
    individual_instructions: { value: [10, 20, 30], name: ['x', 'y', 'z'] },
    end: true,
  })
  const report = await daemon.reportOnceOver(boss)
  expect(report).toMatchObject({ boss: boss.id, status: 'finished', pending: 0 })
  expect(report.workers_report.map(({ name, instruction, report: value }) => [name, instruction, value])).toEqual([
    ['x', 1, 10],
    ['y', 2, 20],
    ['z', 3, 30],
  ])
})

test('rows of a POST of a Boss are carried out as those of an append are', async ({ daemon }) => {
  const boss = await daemon.hire({ common_instructions: { kind: 'noop' }, instructions: [{ value: 1 }, { value: 2 }] })
  expect(await daemon.append(boss, { instructions: [{ kind: 'noop', value: 3 }] })).toEqual({ count: 1, first: 3, last: 3 })
  await daemon.tell(boss, 'end')
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(workers_report.map(({ report }) => report)).toEqual([1, 2, 3])
})

test('an instruction without a name is called by its kind and its id', async ({ daemon }) => {
  const boss = await daemon.hire({ instructions: [{ kind: 'noop' }], end: true })
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(workers_report).toMatchObject([{ name: 'noop-1', kind: 'noop', outcome: 'succeeded', attempt: 1 }])
})

test('a Boss is answered with 201, its address and itself', async ({ daemon }) => {
  const { status, headers, body } = await daemon.post<BossDocument>('/v1/bosses', { name: 'located' })
  expect(status).toBe(201)
  expect(headers.get('location')).toMatch(new RegExp(`/v1/bosses/${body.id}$`))
  expect(body).toMatchObject({ name: 'located', status: 'working', halted: false, ending: false, counts: { pending: 0, working: 0 } })
  await daemon.tell('located', 'end')
  expect(await daemon.boss('located')).toMatchObject({ id: body.id, status: 'finished' })
})

test('20,000 rows of NDJSON are taken in one call and each is reported once', async ({ daemon }) => {
  const boss = await daemon.hire({ scheduler: { limit: 'threads', max_threads: 2 } })
  const rows = Array.from({ length: 20_000 }, (_, value) => `${JSON.stringify({ kind: 'noop', value })}\n`).join('')
  const { status, body } = await daemon.call<Appended>('POST', `/v1/bosses/${boss.id}/instructions`, {
    body: rows,
    headers: { 'content-type': 'application/x-ndjson' },
  })
  expect([status, body]).toEqual([201, { count: 20_000, first: 1, last: 20_000 }])
  await daemon.tell(boss, 'end')
  await daemon.reportOnceOver(boss)
  const entries = await daemon.entries(boss)
  expect(entries).toHaveLength(20_000)
  expect(new Set(entries.map(({ instruction }) => instruction)).size).toBe(20_000)
  expect(entries.every(({ instruction, report }) => report === instruction - 1)).toBe(true)
  const seqs = entries.map(({ seq }) => seq)
  expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
  expect(new Set(seqs).size).toBe(20_000)
})

test('a dry run says what rows would become and stores nothing', async ({ daemon }) => {
  const boss = await daemon.hire()
  const { status, body } = await daemon.post(`/v1/bosses/${boss.id}/instructions?dry_run=true`, {
    common_instructions: { kind: 'sleeper' },
    individual_instructions: { sleeping_time: ['1', '2.5'] },
  })
  expect(status).toBe(200)
  expect(body).toMatchObject({
    instructions: [{ kind: 'sleeper', attributes: { sleeping_time: 1 } }, { attributes: { sleeping_time: 2.5 } }],
  })
  const tryOut = async (...instructions: object[]) =>
    (await daemon.post<Problem>(`/v1/bosses/${boss.id}/instructions?dry_run=true`, { instructions })).body.code
  expect(await tryOut({ kind: 'noop' }, { kind: 'noop', cores: 4096 })).toBe('never-fits')
  expect(await tryOut({ kind: 'noop', name: 'twice' }, { kind: 'noop', name: 'twice' })).toBe('name-taken')
  const { body: list } = await daemon.get<Page<unknown>>(`/v1/bosses/${boss.id}/instructions`)
  expect(list.items).toEqual([])
  await daemon.tell(boss, 'halt')
  await daemon.append(boss, { instructions: [{ kind: 'noop', name: 'there' }] })
  expect(await tryOut({ kind: 'noop', name: 'there' })).toBe('name-taken')
  await daemon.tell(boss, 'work')
  await daemon.tell(boss, 'end')
  expect(await tryOut({ kind: 'noop' })).toBe('boss-not-listening')
})

test('a dry run of a Boss says what its rows would become, or what making it refuses, and makes nothing', async ({ daemon }) => {
  const there = await daemon.hire({ name: 'there' })
  const tryOut = (asked: object) => daemon.post<Problem>('/v1/bosses?dry_run=true', asked)
  const rows = { common_instructions: { kind: 'sleeper' }, individual_instructions: { sleeping_time: ['1', '2.5'] } }
  expect(await tryOut({ name: 'tried', ...rows, arrays: { a: { dtype: 'float64', shape: [1] } } })).toMatchObject({
    status: 200,
    body: { instructions: [{ kind: 'sleeper', attributes: { sleeping_time: 1 } }, { attributes: { sleeping_time: 2.5 } }] },
  })
  expect((await daemon.get('/v1/bosses/tried')).status).toBe(404)
  for (const [asked, code] of [
    [{ ...rows, name: 'there' }, 'name-taken'],
    [{ instructions: [{ kind: 'noop', cores: 4096 }] }, 'never-fits'],
    [{ instructions: [{ kind: 'sleeper' }] }, 'no-adequate-worker'],
    [{ ...rows, scheduler: { limit: 'threads' } }, 'invalid'],
  ] as const)
    expect((await tryOut(asked)).body.code).toBe(code)
  await daemon.tell(there, 'end')
})

test('a task is given what its footprint names, and where it works', async ({ daemon }) => {
  const boss = await daemon.hire({
    common_instructions: { kind: 'told', greeting: 'hello', unknown: 1 },
    individual_instructions: { who: ['you', 'all'] },
    end: true,
  })
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(workers_report.map(({ report }) => report)).toMatchObject([
    { instruction: { name: 'told-1', kind: 'told', who: 'you', greeting: 'hello' }, cpus: [], scheduler_ticket: 0 },
    { instruction: { name: 'told-2', kind: 'told', who: 'all', greeting: 'hello' } },
  ])
  expect(workers_report[0]?.report).not.toHaveProperty('instruction.unknown')
})
