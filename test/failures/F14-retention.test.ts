import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { openStore } from '../../dist/store/store.js'
import { taylord } from '../cli/taylord.js'
import { created } from '../store/a-store.js'
import { startDaemon, type Daemon } from '../support/daemon.js'
import { tempDir, until } from '../support/temp.js'

interface Pruned {
  dry_run: boolean
  bosses: number
  bytes: number
  items: { id: number; name?: string; bytes: number }[]
}

/** A Boss that is over, with so many KiB in its rows. */
async function finished(daemon: Daemon, name: string, kib = 1): Promise<number> {
  const rows = Array.from({ length: kib }, () => 'x'.repeat(1000))
  const boss = await daemon.hire({ name, common_instructions: { kind: 'noop' }, individual_instructions: { text: rows }, end: true })
  await daemon.reportOnceOver(boss)
  return boss.id
}
const prune = async (daemon: Daemon, asked?: object) => (await daemon.post<Pruned>('/v1/prune', asked)).body
const listed = async (daemon: Daemon) => (await daemon.get<{ items: { name: string }[] }>('/v1/bosses')).body.items.map(({ name }) => name)

test('pruning removes the oldest that are over, by number, age or bytes, never an unfinished one; a dry run only says so', async () => {
  const daemon = await startDaemon()
  await daemon.hire({ name: 'unfinished', start: false, instructions: [{ kind: 'noop' }] })
  for (const name of ['a', 'b', 'c']) await finished(daemon, name)
  const dry = await prune(daemon, { keep: 1, dry_run: true })
  expect(dry).toMatchObject({ dry_run: true, bosses: 2, items: [{ name: 'a' }, { name: 'b' }] })
  expect(await listed(daemon)).toEqual(['unfinished', 'a', 'b', 'c'])
  expect(await prune(daemon, { keep: 1 })).toEqual({ ...dry, dry_run: false })
  expect(await listed(daemon)).toEqual(['unfinished', 'c'])
  expect(await prune(daemon)).toMatchObject({ bosses: 0 }) // within the generous limits of the daemon
  expect(await prune(daemon, { older_than: 3600 })).toMatchObject({ bosses: 0 })
  expect(await prune(daemon, { older_than: 0 })).toMatchObject({ bosses: 1, items: [{ name: 'c' }] })
  await finished(daemon, 'd', 2000)
  expect(await prune(daemon, { max_bytes: 100_000 })).toMatchObject({ bosses: 1, items: [{ name: 'd' }] })
  expect(await listed(daemon)).toEqual(['unfinished'])
  expect(await daemon.post('/v1/prune', { kep: 1 })).toMatchObject({ status: 422, body: { code: 'invalid' } })
})

test('what is removed gives its room back to the disk: rows, outputs, and all of the file', async () => {
  const daemon = await startDaemon()
  const file = join(daemon.data, 'taylord.db')
  await finished(daemon, 'large', 6000)
  const boss = await daemon.hire({ instructions: [{ kind: 'command', program: 'seq', args: ['100000'] }], end: true })
  await daemon.reportOnceOver(boss)
  const outputs = join(daemon.data, 'outputs', String(boss.id))
  expect(existsSync(outputs)).toBe(true)
  const db = new Database(file, { readonly: true })
  const used = () => Number(db.pragma('page_count', { simple: true })) * 4096
  const full = used()
  expect(full).toBeGreaterThan(2_000_000)
  const { bytes } = await prune(daemon, { keep: 0 })
  expect(bytes).toBeGreaterThan(full / 2)
  expect(bytes).toBeLessThan(full * 2)
  expect(existsSync(outputs)).toBe(false)
  await until(() => used() < 1_000_000, 'the pages are given back')
  db.close()
  await daemon.stop()
  expect(statSync(file).size).toBeLessThan(1_000_000)
})

test('taylord prune does the same for a person', async () => {
  const daemon = await startDaemon()
  for (const name of ['a', 'b', 'c']) await finished(daemon, name)
  const server = ['--server', daemon.url]
  const dry = await taylord(['prune', '--keep', '2', '--dry-run', ...server])
  expect(dry).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^1 a finished \S+ 0\.0 MiB\nwould remove 1 Bosses, about 0\.0 MiB\n$/),
  })
  const json = await taylord(['prune', '--older-than', '0s', '--json', ...server])
  expect(JSON.parse(json.stdout)).toMatchObject({ dry_run: false, bosses: 3, items: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] })
})

test('taylord prune says what is wrong with how it was called', async () => {
  const refused = (code: number, words: string) => ({ code, stdout: '', stderr: expect.stringContaining(words) as string })
  expect(await taylord(['prune', '--older-than', 'yesterday'])).toEqual(refused(2, 'such as 90s'))
  expect(await taylord(['prune', '--server', 'http://127.0.0.1:1'])).toEqual(refused(4, 'no daemon answers'))
})

test('the limits of the daemon hold without being asked, and output of nobody goes', async () => {
  const before = await startDaemon()
  for (const name of ['a', 'b', 'c', 'd']) await finished(before, name)
  await before.stop()
  const orphaned = join(before.data, 'outputs', '77')
  mkdirSync(orphaned)
  writeFileSync(join(orphaned, '0.stdout'), 'left over')
  const daemon = await startDaemon({ data: before.data, args: ['--keep-bosses', '2'] })
  await until(async () => (await listed(daemon)).join() === 'c,d', 'the oldest are gone')
  await until(() => !existsSync(orphaned), 'output of nobody is gone')
})

test('the log of events keeps its newest entries, and whoever asks for older ones hears of the gap', async () => {
  const daemon = await startDaemon({ args: ['--keep-events', '100'] })
  const boss = await finished(daemon, 'long', 4000) // it is looked through after each thousand
  const db = new Database(join(daemon.data, 'taylord.db'), { readonly: true })
  const oldest = () => Number(db.prepare('SELECT min(seq - n) FROM fact').pluck().get())
  await until(() => oldest() > 2000, 'old entries are gone')
  const listener = await daemon.listen('/v1/events?since=0')
  const [first, second] = await until(() => (listener.events.length >= 2 ? listener.events : undefined), 'events')
  expect(first).toMatchObject({ type: 'gap', from: 1, to: oldest() })
  expect(second).toMatchObject({ seq: oldest() + 1 })
  db.close()
  expect(await daemon.entries(boss)).toHaveLength(4000)
})

test('the log forgets what is too old, but never its newest entry', async () => {
  const file = join(tempDir(), 'taylord.db')
  const store = await openStore(file, { events: undefined, ageMs: 1000 }) // the facts of these tests are years old
  for (let boss = 1; boss <= 1500; boss += 100) await store.commit(Array.from({ length: 100 }, (_, i) => created(boss + i)))
  await until(async () => (await store.read('events', undefined, 0, 2 ** 30)).n <= 500, 'old entries are gone')
  expect(await store.read('newestSeq')).toBe(1500)
  await store.close()
  const again = await openStore(file, { events: undefined, ageMs: 1000 })
  await until(async () => (await again.read('events', undefined, 1499, 2 ** 30)).n === 1, 'the last one')
  expect(await again.commit([created(2000)])).toBe(1501)
  await again.close()
})
