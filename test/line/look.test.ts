import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import type { BossDocument } from '../../src/boss/boss-document.js'
import type { InstructionDocument } from '../../src/boss/instruction-document.js'
import { lineTest as test, startDaemon, type Answer, type Page, type Problem } from '../support/daemon.js'
import { fileURLToPath } from 'node:url'

const one = { limit: 'threads', max_threads: 1 }

test('Bosses are listed in pages that the Link header leads through', async () => {
  const daemon = await startDaemon()
  const ids = []
  for (let i = 0; i < 5; i++) ids.push((await daemon.hire({ end: i % 2 === 0 })).id)
  for (const [query, expected] of [
    ['', ids],
    ['&order=newest', ids.toReversed()],
  ] as const) {
    const seen = []
    for (let path: string | undefined = `/v1/bosses?limit=2${query}`; path !== undefined; ) {
      const { body, headers }: Answer<Page<BossDocument>> = await daemon.get<Page<BossDocument>>(path)
      seen.push(...body.items.map(({ id }) => id))
      path = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1]
      expect(body.next !== undefined).toBe(path !== undefined)
    }
    expect(seen).toEqual(expected)
  }
})

test('who lists Bosses again and again sees each change of each of them at once', async ({ log }) => {
  const daemon = await startDaemon()
  const list = async () => (await daemon.get<Page<BossDocument>>('/v1/bosses?order=newest&limit=2')).body.items
  const first = await daemon.hire({ name: 'first', instructions: [log.gated('a', 'g')] })
  expect(await list()).toMatchObject([{ id: first.id, status: 'working' }])
  const second = await daemon.hire()
  expect(await list()).toMatchObject([{ id: second.id }, { id: first.id }])
  await daemon.tell(second, 'halt')
  expect(await list()).toMatchObject([{ halted: true }, { halted: false }])
  for (const boss of [first, second]) await daemon.tell(boss, 'end')
  expect(await list()).toMatchObject([
    { id: second.id, status: 'finished' },
    { id: first.id, ending: true },
  ])
  log.open('g')
  await daemon.reportOnceOver(first)
  expect((await list())[1]).toMatchObject({ status: 'finished', counts: { succeeded: 1 } })
  await daemon.call('DELETE', `/v1/bosses/${second.id}`)
  expect(await list()).toMatchObject([{ id: first.id }])
  expect((await daemon.get('/v1/bosses?order=newest&limit=2&after=undefined')).status).toBe(422)
  const third = await daemon.hire({ name: 'first' })
  expect(await list()).toMatchObject([{ id: third.id }, { id: first.id }])
})

test('instructions are listed in pages and by status, kind, name and cause', async ({ daemon, log }) => {
  const rows = [
    { kind: 'noop', name: 'good' },
    { kind: 'throwing', name: 'bad' },
    { kind: 'exiting', name: 'gone', code: 2 },
    log.gated('running', 'g'),
    log.gated('waiting', 'g'),
  ]
  const boss = await daemon.hire({ scheduler: one, instructions: rows, end: true })
  await log.untilWritten('+ running')
  const named = async (query: string) => {
    const { body } = await daemon.get<Page<InstructionDocument>>(`/v1/bosses/${boss.id}/instructions${query}`)
    return body.items.map(({ name }) => name)
  }
  await expect.poll(() => named('?status=working')).toEqual(['running'])
  expect(await named('')).toEqual(['good', 'bad', 'gone', 'running', 'waiting'])
  expect(await named('?status=pending')).toEqual(['waiting'])
  expect(await named('?status=succeeded')).toEqual(['good'])
  expect(await named('?status=failed')).toEqual(['bad', 'gone'])
  expect(await named('?cause=exit')).toEqual(['gone'])
  expect(await named('?status=succeeded&cause=exit')).toEqual([])
  expect(await named('?kind=gated')).toEqual(['running', 'waiting'])
  expect(await named('?name=bad')).toEqual(['bad'])
  const { body: first } = await daemon.get<Page<InstructionDocument>>(`/v1/bosses/${boss.id}/instructions?limit=3`)
  expect(await named(`?limit=3&after=${first.next}`)).toEqual(['running', 'waiting'])
  log.open('g')
  await daemon.reportOnceOver(boss)
})

test('an instruction tells its attributes, its attempts and what it waits for', async ({ daemon, log }) => {
  const boss = await daemon.hire({
    scheduler: one,
    instructions: [log.gated('running', 'g'), { kind: 'noop', name: 'waiting', priority: -2, value: '7' }],
    end: true,
  })
  await log.untilWritten('+ running')
  await expect.poll(async () => (await daemon.instruction(boss, 1)).status).toBe('working')
  const running = await daemon.instruction(boss, 1)
  expect(running).toMatchObject({ id: 1, name: 'running', kind: 'gated', attributes: { gate: log.gate('g') }, attempts: [{ attempt: 1 }] })
  expect(running.attempts[0]).not.toHaveProperty('outcome')
  expect(await daemon.instruction(boss, 2)).toMatchObject({
    status: 'pending',
    priority: -2,
    cores: 1,
    attributes: { value: 7 },
    attempts: [],
    waiting_for: expect.stringContaining('its turn') as string,
  })
  log.open('g')
  await daemon.reportOnceOver(boss)
  expect(await daemon.instruction(boss, 1)).toMatchObject({
    status: 'succeeded',
    attempts: [{ attempt: 1, outcome: 'succeeded', report: 'running' }],
  })
  const { status, body } = await daemon.get<Problem>(`/v1/bosses/${boss.id}/instructions/3`)
  expect([status, body.code]).toEqual([404, 'not-found'])
})

test('output is kept whole and byte by byte, also where a report shows only its ends', async ({ daemon }) => {
  const script =
    'const { randomBytes } = require("crypto"); const b = randomBytes(300000); process.stdout.write(b); process.stderr.write(require("crypto").createHash("sha256").update(b).digest("hex"))'
  const boss = await daemon.hire({
    end: true,
    instructions: [
      { kind: 'command', name: 'short', program: 'sh', args: ['-c', 'printf héllo'] },
      { kind: 'command', name: 'long', program: 'seq', args: ['1', '20000'] },
      { kind: 'command', name: 'binary', program: process.execPath, args: ['-e', script] },
      { kind: 'command', name: 'few bytes that are no text', program: 'printf', args: ['\\377\\000\\376'] },
      { kind: 'command', name: 'silent', program: 'true' },
    ],
  })
  const { workers_report } = await daemon.reportOnceOver(boss)
  const byName = Object.fromEntries(workers_report.map((entry) => [entry.name, entry]))
  const output = async (id: number, query = '') => {
    const { body, headers } = await daemon.get<Buffer>(`/v1/bosses/${boss.id}/instructions/${id}/output${query}`)
    expect(headers.get('content-type')).toContain('application/octet-stream')
    return body
  }
  expect((await output(1)).toString()).toBe('héllo')
  expect((await output(2)).toString()).toBe(`${Array.from({ length: 20_000 }, (_, i) => i + 1).join('\n')}\n`)
  expect(byName['long']?.report).toMatchObject({
    rc: 0,
    truncated: true,
    stdout: expect.stringMatching(/^1\n2\n[^]*bytes …\][^]*20000\n$/) as string,
  })
  const binary = await output(3)
  expect(binary).toHaveLength(300_000)
  expect(createHash('sha256').update(binary).digest('hex')).toBe((await output(3, '?stream=stderr')).toString())
  expect(await output(4)).toEqual(Buffer.from([0xff, 0x00, 0xfe]))
  expect(await output(5)).toHaveLength(0)
  expect(await output(1, '?attempt=1')).toHaveLength(6)
  const { status, body } = await daemon.get<Problem>(`/v1/bosses/${boss.id}/instructions/1/output?attempt=2`)
  expect([status, body.code]).toEqual([404, 'not-found'])
})

test('workers are told with what they carry out', async ({ daemon, log }) => {
  const boss = await daemon.hire({ scheduler: one, instructions: [log.gated('running', 'g'), log.gated('next', 'g')], end: true })
  await log.untilWritten('+ running')
  const { body } = await daemon.get<Page<Record<string, unknown>>>('/v1/workers')
  expect(body.items.filter((worker) => worker['boss'] === boss.id)).toMatchObject([
    { kind: 'gated', instruction: 1, name: 'running', scheduler_ticket: 0, cpus: [], pid: expect.any(Number) as number },
  ])
  log.open('g')
  await daemon.reportOnceOver(boss)
})

test('resources tell who holds what', async ({ daemon, log }) => {
  const boss = await daemon.hire({ scheduler: { ...one, binded: true }, instructions: [log.gated('running', 'g')], end: true })
  await log.untilWritten('+ running')
  const { body } = await daemon.get<{
    cores: { total: number }
    slots: { used: number }
    places: Record<string, unknown>[]
    store: object
  }>('/v1/resources')
  expect(body.places.filter((place) => place['boss'] === boss.id)).toMatchObject([{ cores: 1, cpus: [expect.any(Number) as number] }])
  expect(body).toMatchObject({ slots: { used: 1 }, store: { ready: true } })
  log.open('g')
  await daemon.reportOnceOver(boss)
  const { body: after } = await daemon.get<{ places: unknown[] }>('/v1/resources')
  expect(after.places).toEqual([])
})

test('plugins that cannot be used are left out and named with the reason; the daemon works without them', async () => {
  const daemon = await startDaemon({ plugins: fileURLToPath(new URL('../kinds/bad', import.meta.url)) })
  const { body } = await daemon.get<Page<{ kind: string }> & { refused: { file: string; reason: string }[] }>('/v1/kinds')
  expect(body.items.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['command', 'sleeper']))
  const reasons = Object.fromEntries(body.refused.map(({ file, reason }) => [file, reason]))
  expect(Object.keys(reasons).toSorted()).toEqual(['exits-on-import.mjs', 'no-task.mjs', 'throws-on-import.mjs'])
  expect(reasons['throws-on-import.mjs']).toContain('this plugin does not want to be imported')
  expect(daemon.log).toContain('throws-on-import.mjs')
  const boss = await daemon.hire({ instructions: [{ kind: 'sleeper', sleeping_time: 0 }], end: true })
  expect((await daemon.reportOnceOver(boss)).workers_report).toMatchObject([{ outcome: 'succeeded' }])
})

test('kinds of plugins are shown with their footprint and a schema', async ({ daemon }) => {
  const { body } = await daemon.get<Page<{ kind: string; file?: string; footprint: object; schema: object }>>('/v1/kinds')
  const noop = body.items.find(({ kind }) => kind === 'noop')
  expect(noop).toMatchObject({ file: 'kinds.mjs', footprint: { attr: { value: { type: 'int' } } }, schema: { type: 'object' } })
})

test('a Boss can be removed only when it is over, with everything it had', async ({ daemon }) => {
  const boss = await daemon.hire({ name: 'removable', start: false, instructions: [{ kind: 'noop' }] })
  const early = await daemon.call<Problem>('DELETE', `/v1/bosses/${boss.id}`)
  expect([early.status, early.body.code]).toEqual([409, 'boss-not-over'])
  await daemon.tell(boss, 'work', { terminate: true })
  await daemon.reportOnceOver(boss)
  expect((await daemon.call('DELETE', '/v1/bosses/removable')).status).toBe(204)
  for (const path of ['', '/report', '/instructions', '/instructions/1', '/instructions/1/output']) {
    expect((await daemon.get<Problem>(`/v1/bosses/${boss.id}${path}`)).body.code, path).toBe('not-found')
  }
  expect((await daemon.call('DELETE', `/v1/bosses/${boss.id}`)).status).toBe(404)
})

test('the name of a Boss is taken while it lives and free afterwards; it then means the newest', async ({ daemon }) => {
  const first = await daemon.hire({ name: 'twin' })
  const { status, body } = await daemon.post<Problem>('/v1/bosses', { name: 'twin' })
  expect([status, body.code]).toEqual([409, 'name-taken'])
  await daemon.tell('twin', 'end')
  expect((await daemon.boss('twin')).id).toBe(first.id)
  const second = await daemon.hire({ name: 'twin', end: true })
  await daemon.reportOnceOver(second)
  expect((await daemon.boss('twin')).id).toBe(second.id)
})

test('names of instructions are taken until they have ended, within one append and between two', async ({ daemon, log }) => {
  const boss = await daemon.hire({ scheduler: one, instructions: [log.gated('a', 'g')] })
  await expect.poll(async () => (await daemon.boss(boss)).counts.working).toBe(1)
  const path = `/v1/bosses/${boss.id}/instructions`
  const again = await daemon.post<Problem>(path, {
    instructions: [
      { kind: 'noop', name: 'b' },
      { kind: 'noop', name: 'a' },
    ],
  })
  expect([again.status, again.body.code, again.body['name']]).toEqual([409, 'name-taken', 'a'])
  const twice = await daemon.post<Problem>(path, {
    instructions: [
      { kind: 'noop', name: 'c' },
      { kind: 'noop', name: 'c' },
    ],
  })
  expect([twice.status, twice.body.code]).toEqual([409, 'name-taken'])
  // nothing of the two is there, nor are their names taken
  expect((await daemon.boss(boss)).counts).toMatchObject({ pending: 0, working: 1 })
  log.open('g')
  await expect.poll(async () => (await daemon.boss(boss)).counts.succeeded).toBe(1)
  await daemon.append(boss, { instructions: ['a', 'b', 'c'].map((name) => ({ kind: 'noop', name })) })
  await daemon.tell(boss, 'end')
  expect((await daemon.reportOnceOver(boss)).workers_report.map(({ name }) => name)).toEqual(['a', 'a', 'b', 'c'])
})
