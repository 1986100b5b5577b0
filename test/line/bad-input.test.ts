import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test as plainTest } from 'vitest'
import type { BossDocument } from '../../src/boss/boss-document.js'
import { lineTest as test, startDaemon, type Page, type Problem } from '../support/daemon.js'
import { tempDir } from '../support/temp.js'

const ndjson = { 'content-type': 'application/x-ndjson' }
const json = { 'content-type': 'application/json' }

test('what cannot be appended is refused with a code and what to do; nothing is stored and the daemon goes on', async ({ daemon }) => {
  const boss = await daemon.hire({ name: 'target' })
  const path = `/v1/bosses/${boss.id}/instructions`
  const refusals: [string, number, string, { json?: unknown; body?: string; headers?: Record<string, string> }][] = [
    [
      'columns of unequal length',
      422,
      'uneven-columns',
      { json: { common_instructions: { kind: 'noop' }, individual_instructions: { a: [1, 2], b: [1] } } },
    ],
    ['no kind that accepts', 422, 'no-adequate-worker', { json: { instructions: [{ kind: 'nonesuch' }] } }],
    ['no kind at all', 422, 'no-adequate-worker', { json: { instructions: [{}] } }],
    ['a mandatory attribute is missing', 422, 'no-adequate-worker', { json: { instructions: [{ kind: 'sleeper' }] } }],
    ['a value that cannot be coerced', 422, 'no-adequate-worker', { json: { instructions: [{ kind: 'sleeper', sleeping_time: 'long' }] } }],
    ['an unknown field', 422, 'invalid', { json: { instructions: [], comon_instructions: {} } }],
    ['columns and rows', 422, 'invalid', { json: { instructions: [], individual_instructions: {} } }],
    ['no instructions', 422, 'invalid', { json: {} }],
    ['a column that is no list', 422, 'invalid', { json: { individual_instructions: { a: 1 } } }],
    ['a row that is no object', 422, 'invalid', { json: { instructions: [1] } }],
    ['a reserved attribute of the wrong type', 422, 'invalid', { json: { instructions: [{ kind: 'noop', priority: 'high' }] } }],
    ['memory that is no number', 422, 'invalid', { json: { instructions: [{ kind: 'noop', memory: 'much' }] } }],
    ['wrong JSON', 400, 'bad-json', { body: '{"instructions": [', headers: json }],
    ['no JSON', 400, 'bad-json', { body: 'hello', headers: json }],
    ['a wrong line', 400, 'bad-json', { body: '{"kind":"noop"}\n{"kind":\n', headers: ndjson }],
    ['a line that is no object', 422, 'invalid', { body: '{"kind":"noop"}\n[1]\n', headers: ndjson }],
    [
      'a bad row after many good ones',
      422,
      'no-adequate-worker',
      { body: `${'{"kind":"noop"}\n'.repeat(12_000)}{"kind":"nonesuch"}\n`, headers: ndjson },
    ],
    ['a form', 415, 'unsupported-type', { body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
  ]
  for (const [what, status, code, call] of refusals) {
    const answer = await daemon.call<Problem>('POST', path, call)
    expect([answer.status, answer.body.code], `${what}: ${answer.body.detail}`).toEqual([status, code])
    expect(answer.body.detail.length, what).toBeGreaterThan(10)
    expect((await daemon.boss(boss)).counts.pending, what).toBe(0)
  }
  const { body: list } = await daemon.get<Page<unknown>>(path)
  expect(list.items).toEqual([])
  // ids that a refused upload was given are never used again, but nothing else is left of it
  await daemon.append(boss, { instructions: [{ kind: 'noop', value: 1 }] })
  await daemon.tell(boss, 'end')
  expect((await daemon.reportOnceOver(boss)).workers_report).toMatchObject([{ report: 1 }])
})

test('a Boss that cannot be made leaves nothing behind', async ({ daemon }) => {
  const before = (await daemon.get<Page<BossDocument>>('/v1/bosses')).body.items.length
  const refusals: [string, string, Record<string, unknown>][] = [
    ['a bad name', 'invalid', { name: '1abc' }],
    ['an unknown field', 'invalid', { nam: 'x' }],
    ['an unknown scheduler', 'invalid', { scheduler: { limit: 'moon' } }],
    ['an unknown field of a scheduler', 'invalid', { scheduler: { limit: 'threads', max_threads: 2, max_thread: 1 } }],
    ['an unknown on_error', 'invalid', { on_error: 'panic' }],
    ['a bad row', 'no-adequate-worker', { name: 'half', instructions: [{ kind: 'noop' }, { kind: 'nonesuch' }] }],
    ['uneven columns', 'uneven-columns', { name: 'half', individual_instructions: { kind: ['noop'], value: [] } }],
  ]
  for (const [what, code, asked] of refusals) {
    const { status, body } = await daemon.post<Problem>('/v1/bosses', asked)
    expect([status, body.code], `${what}: ${body.detail}`).toEqual([422, code])
  }
  expect((await daemon.get<Page<BossDocument>>('/v1/bosses')).body.items).toHaveLength(before)
  expect((await daemon.get('/v1/bosses/half')).status).toBe(404)
})

test('unknown fields of a query, unknown paths and unknown Bosses are refused', async ({ daemon }) => {
  for (const [path, status, code] of [
    ['/v1/bosses?limt=1', 422, 'invalid'],
    ['/v1/bosses?limit=0', 422, 'invalid'],
    ['/v1/bosses?limit=10001', 422, 'invalid'],
    ['/v1/bosses?after=x', 422, 'invalid'],
    ['/v1/bosses/nobody', 404, 'not-found'],
    ['/v1/bosses/999999/report', 404, 'not-found'],
    ['/v1/nothing', 404, 'not-found'],
  ] as const) {
    const { status: got, body } = await daemon.get<Problem>(path)
    expect([got, body.code], path).toEqual([status, code])
  }
})

test('an append with fatal: true that is refused stops its Boss', async ({ daemon, log }) => {
  const boss = await daemon.hire({ instructions: [log.gated('a', 'never')] })
  await log.untilWritten('+ a')
  const { status, body } = await daemon.post<Problem>(`/v1/bosses/${boss.id}/instructions`, {
    fatal: true,
    individual_instructions: { a: [1], b: [] },
  })
  expect([status, body.code]).toEqual([422, 'uneven-columns'])
  expect((await daemon.reportOnceOver(boss)).workers_report).toMatchObject([{ outcome: 'cancelled', cause: 'stopped' }])
})

test('attributes that come to nothing are taken, and named in the answer', async ({ daemon }) => {
  const rows = [
    { kind: 'command', program: '[p]', p: 'true' },
    { kind: 'command', program: 'true', timout: 5, block_size: 1, fileA: 'a' },
    { kind: 'command', program: 'true', timout: 6, arg: ['-l'] },
  ]
  const ignored = [
    { attribute: 'timout', row: 2, kind: 'command', did_you_mean: 'timeout' },
    { attribute: 'arg', row: 3, kind: 'command', did_you_mean: 'args' },
  ]
  const headers = { 'idempotency-key': 'slips' }
  const { body: boss } = await daemon.call<BossDocument>('POST', '/v1/bosses', { json: { instructions: rows }, headers })
  expect(boss.ignored).toEqual(ignored)
  expect((await daemon.call<BossDocument>('POST', '/v1/bosses', { json: { instructions: rows }, headers })).body.ignored).toEqual(ignored)
  expect(await daemon.boss(boss)).not.toHaveProperty('ignored')
  const path = `/v1/bosses/${boss.id}/instructions`
  expect((await daemon.post(`${path}?dry_run=true`, { instructions: rows })).body).toMatchObject({ ignored })
  expect((await daemon.post(path, { instructions: rows.slice(0, 1) })).body).not.toHaveProperty('ignored')
  expect((await daemon.post(path, { common_instructions: { ...rows[0], timout: 1 }, instructions: [{}] })).body).toMatchObject({
    ignored: [{ attribute: 'timout', row: 1 }],
  })
})

test('an append by its common instructions alone makes none', async ({ daemon }) => {
  const boss = await daemon.hire()
  expect(await daemon.append(boss, { common_instructions: { kind: 'noop' }, individual_instructions: {} })).toMatchObject({ count: 0 })
  await daemon.tell(boss, 'end')
  expect((await daemon.reportOnceOver(boss)).workers_report).toEqual([])
})

plainTest("a row that drives a plugin's regular expression into backtracking holds nobody up", async () => {
  const plugins = tempDir()
  const only = '{ src: /(a+)+$/ }'
  writeFileSync(
    join(plugins, 'only.mjs'),
    `export default { worker: 'only', footprint: { attr: { kind: { values: ['only'] }, src: {} }, only: ${only} }, task() {} }`,
  )
  const daemon = await startDaemon({ plugins })
  const boss = await daemon.hire()
  const resolved = (src: string) =>
    daemon.post(`/v1/bosses/${boss.id}/instructions?dry_run=true`, { instructions: [{ kind: 'only', src }] })
  expect(await resolved('aaa')).toMatchObject({ status: 200 })
  expect(await resolved(`${'a'.repeat(60)}!`)).toMatchObject({ status: 422, body: { code: 'no-adequate-worker' } })
  await daemon.stop()
})
