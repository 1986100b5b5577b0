import { statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openForReading } from '../../dist/store/open.js'
import { aStore, appended, created, reported, staged } from '../store/a-store.js'
import { measured, scaled } from '../support/scale.js'

const mebibyte = 2 ** 20

test('the write-ahead log stays under 64 MiB while readers read all the time and writers write many times as much', async () => {
  const store = await aStore()
  let writing = true
  let most = 0
  let pages = 0
  const reader = async () => {
    for (let after = 0; writing; ) {
      const page = await store.read('report', 1, after, 1000)
      after = page.more ? page.last : 0
      pages++
    }
  }
  const readers = [reader(), reader(), reader(), reader()]
  await store.commit([created(1)])
  const text = `"text":"${'x'.repeat(4000)}"`
  for (let first = 1; first < scaled(24_000, 1_000_000); first += 1000) {
    const ids = Array.from({ length: 1000 }, (_, i) => first + i)
    await store.commit([staged(1, first, 1000, text), appended(1, first, first + 999), reported(1, ids)])
    most = Math.max(most, statSync(`${store.file}-wal`).size)
  }
  writing = false
  await Promise.all(readers)
  measured(
    'F16',
    `${Math.round(statSync(store.file).size / mebibyte)} MiB of database, ${pages} pages read, a log of at most ${(most / mebibyte).toFixed(1)} MiB`,
  )
  expect(pages).toBeGreaterThan(20)
  expect(statSync(store.file).size).toBeGreaterThan(80 * mebibyte)
  expect(most).toBeLessThan(64 * mebibyte)
})

test('it does also when there is no moment in which nobody reads', async () => {
  const store = await aStore()
  await store.commit([created(1)])
  const connections = [openForReading(store.file), openForReading(store.file)] as const
  let writing = true
  const read = async () => {
    for (let turn = 0; writing; turn++) {
      const [next, last] = turn % 2 === 0 ? connections : connections.toReversed()
      next?.exec('BEGIN')
      next?.prepare('SELECT count(*) FROM boss').get()
      // the other one reads until this one has begun
      if (last?.inTransaction) last.exec('COMMIT')
      await sleep(2)
    }
  }
  const reading = read()
  const text = `"text":"${'x'.repeat(4000)}"`
  let most = 0
  for (let first = 1; first < scaled(20_000, 100_000); first += 1000) {
    const ids = Array.from({ length: 1000 }, (_, i) => first + i)
    await store.commit([staged(1, first, 1000, text), appended(1, first, first + 999), reported(1, ids)])
    most = Math.max(most, statSync(`${store.file}-wal`).size)
  }
  writing = false
  await reading
  for (const connection of connections) connection.close()
  expect(most).toBeLessThan(64 * mebibyte)
})
