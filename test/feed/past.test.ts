import { expect, onTestFinished, test } from 'vitest'
import type { Store } from '../../dist/store/store.js'
import { spanOf, type Fact } from '../../src/boss/fact.js'
import { Feed } from '../../src/feed.js'
import { View } from '../../src/feed/telling.js'
import { aStore, appended, at, created, reported, staged } from '../store/a-store.js'
import { until } from '../support/temp.js'

interface Event {
  seq: number
  type: string
  first: number
}
const view = new View({ brief: true }, 'array')

/** A feed over a store, what is committed to both, and how often the log was read. */
async function aFeed() {
  const store = await aStore()
  let newest = 0
  const read = { pages: 0 }
  const counting = Object.create(store, {
    read: {
      value: ((...args) => {
        if (args[0] === 'events') read.pages++
        return store.read(...args)
      }) satisfies Store['read'],
    },
  }) as Store
  const feed = new Feed(counting, 0)
  const commit = async (facts: Fact[]) => {
    await store.commit(facts)
    feed.publish(facts, newest + 1)
    newest += facts.reduce((sum, fact) => sum + spanOf(fact), 0)
  }
  /** Follows from the last entries on. @returns what it is told, as it comes. */
  const open = (last: number): Event[] => {
    const told: Event[] = []
    const send = (events: Uint8Array) => {
      told.push(...(JSON.parse(Buffer.from(events).toString()) as Event[]))
      return true
    }
    const subscription = feed.subscribe(view, undefined, undefined, { send, over: () => undefined }, last)
    onTestFinished(() => subscription.close())
    return told
  }
  return { store, commit, open, read, newest: () => newest }
}

test('who opens a page at about the same time shares what is read of the log, and each is told all of it once', async () => {
  const { commit, open, read, newest } = await aFeed()
  const n = 3_000
  await commit([created(1), staged(1, 1, n), appended(1, 1, n)])
  await commit(Array.from({ length: n - 20 }, (_, id) => reported(1, [id + 1])))
  const pages: Event[][] = []
  for (let id = n - 19; id <= n; id++) {
    pages.push(open(2_000))
    await commit([reported(1, [id])])
  }
  await until(() => pages.every((told) => told.at(-1)?.seq === newest()), 'all are told the last')
  for (const told of pages) {
    const [begin = 0] = told.map(({ first }) => first)
    expect(told.map(({ first }) => first)).toEqual(Array.from({ length: n + 1 - begin }, (_, at) => begin + at))
    expect(told.length).toBeGreaterThan(2_000 * (15 / 16))
    expect(told.length).toBeLessThanOrEqual(2_000 + 20)
  }
  // each alone would read three
  expect(read.pages).toBeLessThan(20)
})

test('who comes is not told what others were told before it came, and has been removed', async () => {
  const { store, commit, open } = await aFeed()
  await commit([created(1), staged(1, 1, 2), appended(1, 1, 2), reported(1, [1, 2]), created(2)])
  const counts = { pending: 0, working: 0, succeeded: 2, failed: 0, cancelled: 0 }
  const early = open(1_000)
  await until(() => early.some(({ type }) => type === 'instructions.reported'), 'it is told')
  await commit([{ type: 'boss.over', boss: 1, at, status: 'finished', counts }])
  await commit([{ type: 'boss.removed', boss: 1, at }, created(3)])
  await until(async () => (await store.read('beforeLast', 1)) === 0, 'it is swept out of the log')
  const late = open(1_000)
  await until(() => late.length > 0, 'it is told what there is')
  expect(late.map(({ type }) => type)).not.toContain('instructions.reported')
})
