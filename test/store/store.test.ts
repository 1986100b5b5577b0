import { copyFileSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { openStore, type Store } from '../../dist/store/store.js'
import type { Fact } from '../../src/boss/fact.js'
import { tempDir, until } from '../support/temp.js'
import { appended, aStore, at, created, reported, staged } from './a-store.js'

const page = { after: 0, limit: 100, kind: null, name: null, outcomes: null, working: null }
const entries = (lines: Uint8Array) =>
  new TextDecoder()
    .decode(lines)
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)

test('what was committed is there after closing and opening again, with seq going on', async () => {
  const file = join(tempDir(), 'taylord.db')
  const store = await aStore(file)
  expect(await store.commit([created(1, 'alpha'), staged(1, 1, 45), appended(1, 1, 45)])).toBe(1)
  expect(await store.commit([reported(1, [2, 1])])).toBe(3)
  await store.close()
  const again = await aStore(file)
  expect(await again.read('newestSeq')).toBe(4)
  expect(await again.read('bossByName', 'alpha')).toMatchObject({ id: 1, status: null, halted: 0 })
  expect((await again.read('pendingOf', 1, 0, 100)).id).toHaveLength(43)
  const { lines, n, last, more } = await again.read('report', 1, 0, 10)
  expect({ n, last, more }).toEqual({ n: 2, last: 4, more: false })
  expect(entries(lines)).toMatchObject([
    { seq: 3, instruction: 2, name: 'noop-2', report: { text: 'ä\n' } },
    { seq: 4, instruction: 1, name: 'noop-1' },
  ])
  expect(await again.commit([{ type: 'boss.ending', boss: 1, at }])).toBe(5)
})

test('a report is read page by page, and says whether there is more', async () => {
  const store = await aStore()
  await store.commit([created(1), staged(1, 1, 5), appended(1, 1, 5), reported(1, [1, 2, 3, 4, 5])])
  const first = await store.read('report', 1, 0, 2)
  expect(first).toMatchObject({ n: 2, last: 4, more: true })
  expect(await store.read('report', 1, first.last, 3)).toMatchObject({ n: 3, last: 7, more: false })
  expect(await store.read('report', 1, 7, 3)).toMatchObject({ n: 0, last: 7, more: false })
})

test('a commit is all or nothing', async () => {
  const store = await aStore()
  await store.commit([created(1)])
  await expect(store.commit([created(2), created(1)])).rejects.toThrow(/UNIQUE/)
  expect(await store.read('bossById', 2)).toBeUndefined()
  expect(await store.commit([created(2)])).toBe(2)
})

test('rows that no append covers do not count, and a start deletes them', async () => {
  const file = join(tempDir(), 'taylord.db')
  const store = await aStore(file)
  await store.commit([created(1), staged(1, 1, 3), appended(1, 1, 3), staged(1, 10, 4), staged(7, 1, 2)])
  expect(await store.read('instruction', 1, 11)).toBeUndefined()
  expect((await store.read('instructions', 1, page)).rows).toHaveLength(3)
  await store.close()
  const again = await aStore(file)
  expect(await again.read('newestInstruction', 1)).toBe(3)
  expect(await again.read('newestInstruction', 7)).toBe(0)
})

test('an instruction tells whether it waits, works, was tried before or has ended', async () => {
  const store = await aStore()
  await store.commit([created(1), staged(1, 1, 4), appended(1, 1, 4)])
  const started = (instruction: number, attempt: number): Fact => ({
    type: 'instruction.started',
    boss: 1,
    at,
    instruction,
    attempt,
    ticket: 0,
    cpus: [1],
  })
  await store.commit([
    started(2, 1),
    started(3, 1),
    { type: 'instruction.retrying', boss: 1, at, instruction: 3, attempt: 1, cause: 'lost', notBefore: undefined, body: '"name":"n"}' },
    reported(1, [4]),
  ])
  const { rows: all } = await store.read('instructions', 1, page)
  expect(all.map(({ id, working, outcome, earlier }) => ({ id, working, outcome, earlier }))).toEqual([
    { id: 1, working: null, outcome: null, earlier: '[]' },
    { id: 2, working: 1, outcome: null, earlier: '[]' },
    { id: 3, working: null, outcome: null, earlier: '["\\"name\\":\\"n\\"}"]' },
    { id: 4, working: null, outcome: '.', earlier: '[]' },
  ])
  const ids = async (query: Partial<typeof page> | object) =>
    (await store.read('instructions', 1, { ...page, ...query })).rows.map(({ id }) => id)
  expect(await ids({ outcomes: '', working: 0 })).toEqual([1, 3])
  expect(await ids({ outcomes: '', working: 1 })).toEqual([2])
  expect(await ids({ outcomes: '.' })).toEqual([4])
  expect(await ids({ name: 'noop-2' })).toEqual([2])
  expect(await ids({ name: 'name-1' })).toEqual([1])
  expect(await store.read('brokenOff', 1)).toEqual([[2, 1, at]])
  expect(await store.read('triedBefore', 1)).toEqual([[3, 1, null, 0]])
})

test('names and attributes come in the order asked for', async () => {
  const store = await aStore()
  await store.commit([created(1), staged(1, 1, 30), appended(1, 1, 30)])
  expect(await store.read('bodiesOf', 1, [3, 1])).toEqual({
    n: 2,
    names: [null, 'name-1'],
    attributes: '{"kind":"noop","row":2}\n{"kind":"noop","row":0}',
  })
  expect(await store.read('bodiesOf', 1, [2, 3])).toEqual({
    n: 2,
    names: undefined,
    attributes: '{"kind":"noop","row":1}\n{"kind":"noop","row":2}',
  })
  await expect(store.read('bodiesOf', 1, [30, 31])).rejects.toThrow('1 of 2 instructions of Boss 1 are not there')
})

test('events are replayed from a number on, also from within a frame of reports, of one Boss or of all', async () => {
  const store = await aStore()
  await store.commit([created(1), created(2), staged(1, 1, 3), appended(1, 1, 3), reported(1, [1, 2, 3])])
  const read = async (boss: number | undefined, since: number, mostChars: number) => {
    const { lines, n, upTo, more } = await store.read('events', boss, since, mostChars)
    const events = JSON.parse(Buffer.from(lines).toString()) as { seq: number }[]
    expect([n, upTo]).toEqual([events.length, events.at(-1)?.seq ?? since])
    return { events, seqs: events.map(({ seq }) => seq), more }
  }
  const seqs = async (boss: number | undefined, since: number, mostChars = 10_000) => {
    const { seqs: seen, more } = await read(boss, since, mostChars)
    return { seqs: seen, more }
  }
  expect(await seqs(undefined, 0)).toEqual({ seqs: [1, 2, 3, 4, 5, 6], more: false })
  expect(await seqs(1, 0)).toEqual({ seqs: [1, 3, 4, 5, 6], more: false })
  expect(await seqs(1, 4)).toEqual({ seqs: [5, 6], more: false })
  // a page ends with the event that goes beyond its length, also amid a frame
  for (let since = 0; since < 6; since++) expect(await seqs(undefined, since, 1)).toEqual({ seqs: [since + 1], more: true })
  expect(await seqs(undefined, 6)).toEqual({ seqs: [], more: false })
  expect((await read(1, 5, 10)).events).toMatchObject([
    { seq: 6, boss: 1, instruction: 3, type: 'instruction.reported', outcome: 'succeeded' },
  ])
  expect(await store.read('beforeLast', undefined)).toBe(3) // the frame is one row of the log
  expect(await store.read('beforeLast', 2)).toBe(1)
  expect(await store.read('beforeLast', 3)).toBe(0)
})

test('a removed Boss is gone at once, and its rows after a while', async () => {
  const file = join(tempDir(), 'taylord.db')
  const store = await aStore(file)
  await store.commit([created(1, 'alpha'), staged(1, 1, 3000), appended(1, 1, 3000), reported(1, [1, 2]), created(2)])
  await store.commit([
    { type: 'boss.over', boss: 1, at, status: 'stopped', counts: { pending: 1, working: 0, succeeded: 2, failed: 0, cancelled: 0 } },
  ])
  await store.commit([{ type: 'boss.removed', boss: 1, at }])
  expect(await store.read('bossById', 1)).toBeUndefined()
  expect(await store.read('bossByName', 'alpha')).toBeUndefined()
  await until(
    async () => (await store.read('newestInstruction', 1)) === 0 && (await store.read('report', 1, 0, 10)).n === 0,
    'the rows are swept',
  )
  await store.close()
  expect(new Database(file, { readonly: true }).pragma('auto_vacuum', { simple: true })).toBe(2)
})

describe('a file is refused', () => {
  test('while another daemon holds it, which is named', async () => {
    const file = join(tempDir(), 'taylord.db')
    await aStore(file)
    await expect(openStore(file)).rejects.toThrow(new RegExp(`held by taylord with pid ${process.pid} on `))
  })

  test('when it is of a newer version, both versions named', async () => {
    const file = join(tempDir(), 'taylord.db')
    await (await aStore(file)).close()
    const db = new Database(file)
    db.pragma('user_version = 99')
    db.close()
    await expect(openStore(file)).rejects.toThrow(/has version 99, this taylord knows versions up to \d+/)
  })

  test('when it is the database of another program', async () => {
    const file = join(tempDir(), 'other.db')
    const db = new Database(file)
    db.exec('CREATE TABLE theirs (id)')
    db.close()
    await expect(openStore(file)).rejects.toThrow(/another program/)
  })

  test('when it is no database, and it stays as it is', async () => {
    const file = join(tempDir(), 'taylord.db')
    writeFileSync(file, 'once upon a time '.repeat(100))
    copyFileSync(file, `${file}.before`)
    await expect(openStore(file)).rejects.toThrow(/not a database.*Restore a backup/)
    expect(existsSync(file)).toBe(true)
  })
})

test('what has not ended and is alike is read as one run, up to the first that differs', async () => {
  const store = await aStore()
  const plain = { name: Array.from({ length: 20 }, () => null) }
  const [fact] = [staged(1, 1, 20)] as [ReturnType<typeof staged> & { type: 'instructions.staged' }]
  await store.commit([created(1), { ...fact, rows: { ...fact.rows, ...plain } }, appended(1, 1, 20)])
  const run = (after: number, limit: number) => store.read('pendingRun', 1, after, limit)
  const { kind, priority, memory, expectedTime, cores } = Object.fromEntries(
    Object.entries(fact.rows).map(([name, values]) => [name, Array.isArray(values) ? values[0] : values]),
  ) as Record<string, unknown>
  const alike = { kind, priority, memory, expectedTime, cores }
  expect(await run(0, 8)).toEqual({ first: 1, n: 8, ...alike })
  expect(await run(8, 100)).toEqual({ first: 9, n: 12, ...alike })
  expect(await run(20, 100)).toBeUndefined()
  await store.commit([reported(1, [1, 2, 10])])
  expect(await run(0, 7)).toEqual({ first: 3, n: 7, ...alike })
  expect(await run(0, 8)).toBeUndefined() // 10 is missing
  await store.commit([{ type: 'instruction.changed', boss: 1, at, instruction: 12, priority: 7 }])
  expect(await run(10, 5)).toBeUndefined()
  expect(await run(12, 5)).toMatchObject({ first: 13, n: 5 })
})

test('numbers that follow each other are kept as they were given, to the last bit', async () => {
  const store = await aStore()
  const [fact] = [staged(1, 1, 100)] as [ReturnType<typeof staged> & { type: 'instructions.staged' }]
  const memory = Array.from({ length: 100 }, (_, row) => 0.7987866698040962 + row)
  await store.commit([created(1), { ...fact, rows: { ...fact.rows, memory } }, appended(1, 1, 100)])
  expect((await store.read('pendingOf', 1, 0, 100)).memory).toEqual(memory)
})

test('a database of an older version is brought to this one, with all that it says of what has ended', async () => {
  const file = join(tempDir(), 'taylord.db')
  const store = await aStore(file)
  await store.commit([created(1), staged(1, 1, 6), appended(1, 1, 6), reported(1, [2, 3, 5])])
  const queries = async (of: Store) => ({
    report: entries((await of.read('report', 1, 0, 10)).lines),
    instructions: await of.read('instructions', 1, page),
    outcomes: await of.read('outcomesOf', 1),
    pending: (await of.read('pendingOf', 1, 0, 10)).id,
  })
  const now = await queries(store)
  await store.close()
  // as it was before 007
  const db = new Database(file)
  const lines = db
    .prepare<[], { seq: number; first: number; lines: Buffer }>('SELECT seq - last + first AS seq, first, lines FROM report')
    .all()
  db.exec(`DROP TABLE daemon; DROP TABLE report; CREATE TABLE attempt (boss INTEGER NOT NULL, seq INTEGER NOT NULL, instruction INTEGER NOT NULL, attempt INTEGER NOT NULL,
    outcome TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (boss, seq)) STRICT, WITHOUT ROWID; PRAGMA user_version = 6`)
  const insert = db.prepare("INSERT INTO attempt VALUES (1, ?, ?, 1, '.', ?)")
  for (const row of lines) {
    const bodies = row.lines.toString().trimEnd().split('\n')
    bodies.forEach((body, at) => insert.run(row.seq + at, row.first + at, body))
  }
  db.close()
  const again = await aStore(file)
  expect(await queries(again)).toEqual(now)
  expect(await again.read('daemonId')).toMatch(/^[0-9a-f]{16}$/)
  expect(now).toMatchObject({
    pending: [1, 4, 6],
    outcomes: [{ outcome: '.', n: 3 }],
    report: [{ instruction: 2 }, { instruction: 3 }, { instruction: 5 }],
  })
  expect(await again.commit([reported(1, [4])])).toBe(6)
})

test('reports of one frame are read alike however they were laid together, and an instruction ends once', async () => {
  const store = await aStore()
  await store.commit([created(1), staged(1, 1, 20), appended(1, 1, 20)])
  const fact = reported(1, [7, 8, 9, 10, 4, 2, 11]) as Extract<Fact, { type: 'instruction.reported' }>
  await store.commit([{ ...fact, attempts: [1, 1, 1, 2, 1, 1, 1], outcomes: '..e....' }])
  const { lines, last } = await store.read('report', 1, 0, 100)
  expect(entries(lines).map(({ seq, instruction, name }) => [seq, instruction, name])).toEqual(
    [7, 8, 9, 10, 4, 2, 11].map((id, at) => [3 + at, id, `noop-${id}`]),
  )
  expect(last).toBe(9)
  for (let after = 2; after < 9; after++)
    expect(entries((await store.read('report', 1, after, 1)).lines)).toMatchObject([{ seq: after + 1 }])
  const { rows: found } = await store.read('instructions', 1, { ...page, outcomes: '.e' })
  expect(found.map(({ id, outcome, body }) => [id, outcome, (JSON.parse(`{${body}`) as { name: string }).name])).toEqual(
    [2, 4, 7, 8, 9, 10, 11].map((id) => [id, id === 9 ? 'e' : '.', `noop-${id}`]),
  )
  await expect(store.commit([reported(1, [12, 11])])).rejects.toThrow(/ended already/)
  await expect(store.commit([reported(1, [6, 7])])).rejects.toThrow(/ended already/)
  await store.commit([reported(1, [12, 6, 5])])
  expect((await store.read('pendingOf', 1, 0, 100)).id).toEqual([1, 3, 13, 14, 15, 16, 17, 18, 19, 20])
  expect(await store.read('outcomesOf', 1)).toEqual([
    { outcome: '.', n: 9 },
    { outcome: 'e', n: 1 },
  ])
  const wrong = { ...fact, ids: [13, 14], attempts: [1, 1], outcomes: '..' }
  await expect(store.commit([{ ...wrong, lines: Buffer.from('"a":1}\n') }])).rejects.toThrow('2 reports have 1 lines')
  await expect(store.commit([{ ...wrong, lines: Buffer.from('1\n2\n3\n') }])).rejects.toThrow('2 reports have more lines than that')
})
