import { copyFileSync, closeSync, mkdirSync, openSync, readFileSync, readdirSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { backUp } from '../../dist/store/backup.js'
import { aStore } from '../store/a-store.js'
import { lineTest, startDaemon } from '../support/daemon.js'
import { tempDir } from '../support/temp.js'
import { taylord } from './taylord.js'

const noops = (n: number) => ({
  common_instructions: { kind: 'noop' },
  individual_instructions: { value: Array.from({ length: n }, (_, i) => i) },
})

lineTest('a backup made under load is whole, checks well, and a daemon goes on with it', async ({ daemon }) => {
  const boss = await daemon.hire({ name: 'saved', ...noops(500), end: true })
  await daemon.reportOnceOver(boss)
  const busy = await daemon.hire(noops(5000))
  const dir = tempDir()
  const file = join(dir, 'saved.db')
  const { code, stdout, stderr } = await taylord(['backup', file, '--data', daemon.data, '--json'])
  expect([code, stderr]).toEqual([0, ''])
  expect(JSON.parse(stdout)).toEqual({ file, bytes: statSync(file).size })
  expect(readdirSync(dir)).toEqual(['saved.db'])
  expect(await taylord(['check', file])).toMatchObject({ code: 0, stdout: expect.stringContaining('all is well') })
  await daemon.tell(busy, 'stop')

  const data = join(tempDir(), 'data')
  mkdirSync(data)
  copyFileSync(file, join(data, 'taylord.db'))
  const second = await startDaemon({ data })
  expect((await second.boss('saved')).counts.succeeded).toBe(500)
  expect(await second.entries('saved')).toHaveLength(500)
  await second.tell(busy.id, 'end')
  expect((await second.reportOnceOver(busy.id)).status).toBe('finished')
  await second.stop()
})

test('a backup never replaces a file, and leaves nothing when it cannot be made', async () => {
  const { file } = await aStore()
  const dir = tempDir()
  const there = join(dir, 'there')
  writeFileSync(there, 'mine')
  await expect(backUp(file, there)).rejects.toThrow(/there is there already; name another file/)
  await expect(backUp(file, join(dir, 'no', 'such'))).rejects.toThrow(/such cannot be written: .*; nothing is left of it/)
  await expect(backUp(join(dir, 'none.db'), join(dir, 'copy'))).rejects.toThrow(/there is no .*none\.db; --data DIR/)
  expect(readdirSync(dir)).toEqual(['there'])
  expect(readFileSync(there, 'utf8')).toBe('mine')
})

test.each<[args: string[], words: RegExp]>([
  [['backup'], /backup needs one FILE to write; taylord backup --help/],
  [['backup', 'x', '--data', '/no/such'], /no directory \/no\/such; --data DIR/],
  [['check', '--date', 'x'], /taylord check --help/],
])('taylord %j is refused with what to do', async (args, words) => {
  expect(await taylord(args)).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(words) as string })
})

test.each(['backup', 'check', 'prune'])('taylord %s has a help of its own', async (verb) => {
  expect(await taylord([verb, '--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining(`taylord ${verb}`) as string })
})

test('a check lists what is not as it must be, and changes nothing', async () => {
  const daemon = await startDaemon()
  const boss = await daemon.hire({ ...noops(2000), end: true })
  await daemon.reportOnceOver(boss)
  await daemon.stop()
  const file = join(daemon.data, 'taylord.db')
  expect(await taylord(['check', '--data', daemon.data, '--json'])).toMatchObject({
    code: 0,
    stdout: `${JSON.stringify({ file, ok: true, bosses: 1, instructions: 2000, findings: [] })}\n`,
  })

  const hurt = join(tempDir(), 'hurt.db')
  copyFileSync(file, hurt)
  const db = new Database(hurt)
  // one row a report, as if all had been sent alone
  db.exec(`DROP TRIGGER report_once; DROP INDEX report_of; CREATE TABLE line AS SELECT r.seq - r.last + i.id AS seq, r.boss, i.id, r.attempt, r.outcome
      FROM report r JOIN instruction i ON i.boss = r.boss AND i.id BETWEEN r.first AND r.last;
    DELETE FROM report; INSERT INTO report SELECT seq, boss, id, id, attempt, outcome, CAST('"name":"n"}' || char(10) AS BLOB) FROM line;
    DELETE FROM report WHERE first = 7; DELETE FROM instruction WHERE id = 9;
    INSERT INTO report SELECT seq + 100000, boss, first, last, attempt, 'x', lines FROM report WHERE first = 11;
    UPDATE report SET lines = CAST(lines || lines AS BLOB) WHERE first = 12`)
  db.close()
  const { code, stdout } = await taylord(['check', hurt, '--json'])
  expect(code).toBe(1)
  const { findings } = JSON.parse(stdout) as { findings: string[] }
  expect(findings).toEqual([
    '1 instructions have more than one final report',
    '1 final reports have no instruction',
    '1 rows of reports do not have a line for each instruction',
    '1 appends do not have the instructions that they cover',
    '1 reports have a number that the log has not reached',
  ])

  const torn = join(tempDir(), 'torn.db')
  copyFileSync(file, torn)
  const fd = openSync(torn, 'r+')
  writeSync(fd, Buffer.alloc(4096, 0x5a), 0, 4096, 4096 * 30)
  closeSync(fd)
  const damaged = await taylord(['check', torn])
  expect(damaged.code).toBe(1)
  expect(damaged.stdout).toMatch(/damaged: .*\n[\s\S]*restore a backup/)
})
