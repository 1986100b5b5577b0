import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { openStore } from '../../dist/store/store.js'
import { tempDir, until } from '../support/temp.js'
import { aStore, appended, created, reported, reportedLines, staged } from './a-store.js'

const mebibyte = 2 ** 20
const page = { after: 0, limit: 100, kind: null, name: null, outcomes: null, working: null }
const ids = Array.from({ length: 40 }, (_, i) => i + 1)

test('a page of a report, of events and of instructions ends early when its rows are large, and nothing is left out', async () => {
  const store = await aStore()
  await store.commit([created(1), staged(1, 1, 40, `"text":"${'x'.repeat(mebibyte)}"`), appended(1, 1, 40)])
  await store.commit([reportedLines(1, ids, (id) => `"name":"${id}","text":"${'y'.repeat(mebibyte)}"}`)])

  const seqs: number[] = []
  for (let after = 0, more = true; more; ) {
    const part = await store.read('report', 1, after, 10_000)
    expect(part.lines.length).toBeLessThan(9 * mebibyte)
    seqs.push(part.n)
    more = part.more
    after = part.last
  }
  expect(seqs.reduce((sum, n) => sum + n, 0)).toBe(40)
  expect(seqs.length).toBeGreaterThan(4)

  const seen: number[] = []
  for (let since = 0, more = true; more; ) {
    const part = await store.read('events', 1, since, 8 * mebibyte)
    expect(part.lines.length).toBeLessThan(10 * mebibyte)
    const text = new TextDecoder().decode(part.lines)
    for (const [, seq] of text.matchAll(/\{"seq":(\d+),"at"/g)) seen.push(Number(seq))
    more = part.more
    since = part.upTo
  }
  expect(seen).toEqual(Array.from({ length: 42 }, (_, i) => i + 1))

  const listed: number[] = []
  for (let after = 0, more = true; more; ) {
    const part = await store.read('instructions', 1, { ...page, after })
    listed.push(...part.rows.map(({ id }) => id))
    more = part.more
    after = listed.at(-1) ?? 0
  }
  expect(listed).toEqual(ids)
})

test('a single row larger than a page is a page', async () => {
  const store = await aStore()
  await store.commit([created(1), staged(1, 1, 1), appended(1, 1, 1)])
  await store.commit([reportedLines(1, [1], () => `"text":"${'y'.repeat(12 * mebibyte)}"}`)])
  expect(await store.read('report', 1, 0, 10)).toMatchObject({ n: 1, more: false })
})

test('a reader that breaks down is replaced; whoever waited is told, commits go on', async () => {
  const threads: Worker[] = []
  const note = (told: unknown) => void threads.push((told as { worker: Worker }).worker)
  subscribe('worker_threads', note)
  const store = await openStore(join(tempDir(), 'taylord.db'))
  unsubscribe('worker_threads', note)
  threads.at(-1)?.postMessage(null) // no question that it knows
  await expect(store.read('newestBoss')).rejects.toThrow(/broke down/)
  expect(store.unreadable).toMatch(/null/)
  await store.commit([created(2)])
  await until(() => store.unreadable === undefined, 'another reader')
  expect(await store.read('newestBoss')).toBe(2)
  await store.close()
})

test('attributes that are sent and what is given again come in parts when they are large', async () => {
  const store = await aStore()
  await store.commit([created(1), staged(1, 1, 40, `"text":"${'x'.repeat(mebibyte)}"`), appended(1, 1, 40)])
  for (const order of [ids, ids.toReversed(), [40, 1, 20]]) {
    const seen: string[] = []
    for (let left = order; left.length > 0; ) {
      const { n, names, attributes } = await store.read('bodiesOf', 1, left)
      expect(attributes.length).toBeLessThan(9 * mebibyte)
      expect(attributes.split('\n').length).toBe(n)
      seen.push(...left.slice(0, n).map((id, at) => names?.[at] ?? `noop-${id}`))
      left = left.slice(n)
    }
    expect(seen).toEqual(order.map((id) => (id === 1 ? 'name-1' : `noop-${id}`)))
  }
  await store.commit([reported(1, ids)])
  const again: number[] = []
  for (let after = 0, more = true; more; ) {
    const part = await store.read('ended', 1, { after, limit: 500, outcomes: '.', ids: null, kinds: null })
    expect(part.attributes.join('').length).toBeLessThan(9 * mebibyte)
    again.push(...part.id)
    more = part.more
    after = part.id.at(-1) ?? after
  }
  expect(again).toEqual(ids)
})
