import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkDatabase } from '../../dist/store/check.js'
import { openForWriting } from '../../dist/store/open.js'
import { openStore } from '../../dist/store/store.js'
import { aStore, appended, created, reported, staged } from '../store/a-store.js'
import { tempDir } from '../support/temp.js'
import { scaled } from '../support/scale.js'

/** Numbers from 0 to 1, the same ones for the same seed. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}

const rounds = scaled(40, 1_000)

test('after a power cut at any byte of the log the database opens, with every commit that was acknowledged before', async () => {
  const seed = Date.now() % 2 ** 31
  console.info(`seed ${seed}`)
  const next = random(seed)
  const file = join(tempDir(), 'taylord.db')
  const store = await aStore(file)
  /** Bytes of the log when commit i was acknowledged. */
  const acknowledged: number[] = []
  for (let boss = 1; boss <= 60; boss++) {
    const n = 1 + Math.floor(next() * 60)
    const ids = Array.from({ length: n }, (_, i) => i + 1)
    await store.commit([created(boss), staged(boss, 1, n), appended(boss, 1, n), reported(boss, ids)])
    acknowledged.push(statSync(`${file}-wal`).size)
  }
  const wal = readFileSync(`${file}-wal`)
  for (let round = 0; round < rounds; round++) {
    const copy = join(tempDir(), 'taylord.db')
    copyFileSync(file, copy)
    const cut = Math.floor(next() * (wal.length + 1))
    // what a disk leaves behind the cut: nothing, zeros, or what lay there before
    const behind = [Buffer.alloc(0), Buffer.alloc(4096), Buffer.from(Array.from({ length: 5000 }, () => Math.floor(next() * 256)))][
      round % 3
    ]
    writeFileSync(`${copy}-wal`, Buffer.concat([wal.subarray(0, cut), behind ?? Buffer.alloc(0)]))
    const opened = openForWriting(copy)
    const number = (sql: string) => Number(opened.prepare(sql).pluck().get())
    const durable = acknowledged.filter((size) => size <= cut).length
    const newest = number('SELECT coalesce(max(id), 0) FROM boss')
    expect(newest, `seed ${seed}, cut at ${cut} of ${wal.length}`).toBeGreaterThanOrEqual(durable)
    // no half of a commit either
    expect(number('SELECT count(DISTINCT boss) FROM report')).toBe(newest)
    expect(number('SELECT sum(last - first + 1) FROM report')).toBe(number('SELECT count(*) FROM instruction'))
    expect(number('SELECT coalesce(max(seq), 0) FROM fact')).toBe(number('SELECT coalesce(max(seq), 0) FROM report'))
    expect(checkDatabase(opened)).toEqual([])
    opened.close()
  }
})

describe('a damaged database is refused with what to do, and not replaced by an empty one', () => {
  /** A database with something in it, closed in order. */
  async function aDatabase(): Promise<string> {
    const file = join(tempDir(), 'taylord.db')
    const store = await openStore(file)
    const ids = Array.from({ length: 2000 }, (_, i) => i + 1)
    await store.commit([created(1, 'alpha'), staged(1, 1, 2000), appended(1, 1, 2000), reported(1, ids)])
    await store.close()
    return file
  }
  const overwrite = (file: string, at: number, bytes: Buffer) => {
    const fd = openSync(file, 'r+')
    writeSync(fd, bytes, 0, bytes.length, at)
    closeSync(fd)
  }

  test.each<[string, (file: string) => void]>([
    ['cut to half', (file) => truncateSync(file, Math.floor(statSync(file).size / 2))],
    ['cut in the middle of a page', (file) => truncateSync(file, statSync(file).size - 1000)],
    ['empty', (file) => truncateSync(file, 0)],
    ['a page of zeros', (file) => overwrite(file, 4096 * 10, Buffer.alloc(4096))],
    ['a first page of zeros', (file) => overwrite(file, 0, Buffer.alloc(4096))],
    ['pages of anything', (file) => overwrite(file, 4096 * 20, Buffer.alloc(4096 * 4, 'taylord!'))],
  ])('%s', async (_, damage) => {
    const file = await aDatabase()
    damage(file)
    const before = readFileSync(file)
    await expect(openStore(file)).rejects.toThrow(/taylord\.db.*[Rr]estore a backup|another --data directory/)
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  test('gone, but its log is there', async () => {
    const file = join(tempDir(), 'taylord.db')
    const store = await aStore(file)
    await store.commit([created(1)])
    copyFileSync(`${file}-wal`, `${file}.kept`)
    await store.close()
    renameSync(`${file}.kept`, `${file}-wal`)
    rmSync(file)
    await expect(openStore(file)).rejects.toThrow(/is gone, but .*-wal; restore both from a backup/)
    expect(existsSync(file)).toBe(false)
  })
})
