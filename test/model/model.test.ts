import { join } from 'node:path'
import fc from 'fast-check'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { Shelf } from '../../dist/arrays/shelf.js'
import { compileKinds } from '../../dist/footprint/kinds.js'
import { openPolicies } from '../../dist/policy/policies.js'
import { chooseScheduler } from '../../dist/scheduler/choose.js'
import { openStore, StoreRefuses, type Store } from '../../dist/store/store.js'
import { openWorkshop, type OpenWorkshop } from '../../dist/workshop.js'
import type { ReportEntry } from '../../src/boss/report.js'
import { tempDir, until } from '../support/temp.js'
import { FaultyCrew } from './faulty-crew.js'
import { scaled } from '../support/scale.js'

const log = pino({ level: 'silent' })
const kinds = compileKinds(['ok', 'bad', 'deadly'].map((worker) => ({ worker, footprint: { attr: { kind: { values: [worker] } } } })))
/** How many of the commits fail. */
const refusals = Number(process.env['TAYLORD_MODEL_REFUSALS'] ?? 0.004)
const measure = { cpus: 4, memoryMiB: 1_000 }

/** A workshop with a real store that may refuse a commit, and a crew that does whatever crews may do. */
class House {
  private constructor(
    readonly workshop: OpenWorkshop,
    readonly crew: FaultyCrew,
    private readonly store: Store,
  ) {}

  static async open(dir: string, random: () => number): Promise<House> {
    const store = await openStore(join(dir, 'taylord.db'))
    const crew = new FaultyCrew(random)
    const workshop = await openWorkshop({
      store: {
        ...store,
        commit: (facts) => (facts.length > 0 && random() < refusals ? Promise.reject(new StoreRefuses('no room')) : store.commit(facts)),
      },
      crew,
      policies: openPolicies(log),
      log,
      kinds,
      roles: { ok: 'js', bad: 'js', deadly: 'js' },
      kindsDocument: { items: [], refused: [] },
      enforcement: { mode: 'rss', reason: undefined },
      schedulerOf: (given) => chooseScheduler(given, measure),
      machine: { node: 'here', cpus: [0, 1, 2, 3], order: [0, 1, 2, 3], memoryMiB: measure.memoryMiB },
      slots: undefined,
      maxRows: 1_000,
      outputs: join(dir, 'outputs'),
      keep: { ageMs: undefined, bosses: undefined, bytes: undefined },
      shelf: new Shelf(dir),
    })
    return new House(workshop, crew, store)
  }

  /** As a crash: what the crew would have told is lost. */
  async close(): Promise<void> {
    await this.crew.close()
    await this.workshop.close()
    await this.store.close()
  }
}

const rows = fc.array(
  fc.record({
    kind: fc.constantFrom('ok', 'ok', 'ok', 'bad', 'deadly'),
    terms: fc.constantFrom(
      {},
      {},
      {},
      { at_most_once: true },
      { retry: { attempts: 3, backoff: 0.002 } },
      { expires: 0.005 },
      { timeout: 0.002 },
      { memory: 400 },
    ),
    priority: fc.integer({ min: -1, max: 1 }),
  }),
  { minLength: 1, maxLength: 30 },
)
const id = fc.integer({ min: 1, max: 60 })
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: rows.map((given) => ({ do: 'append' as const, rows: given.map(({ terms, ...row }) => ({ ...row, ...terms })) })),
  },
  { weight: 3, arbitrary: id.map((one) => ({ do: 'cancel' as const, id: one })) },
  { weight: 1, arbitrary: fc.constant({ do: 'cancelAll' as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('prioritise' as const), id, priority: fc.integer({ min: -5, max: 5 }) }) },
  { weight: 2, arbitrary: fc.constantFrom({ do: 'halt' as const }, { do: 'work' as const }, { do: 'retry' as const }) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 15 }).map((ms) => ({ do: 'wait' as const, ms })) },
  { weight: 1, arbitrary: fc.constant({ do: 'crash' as const }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never
const scheduler = fc.constantFrom(
  { limit: 'threads', max_threads: 3 },
  { limit: 'threads+memory', max_threads: 3, max_memory: 500, memory_per_task: 50 },
  { nosort: true },
)

/** What cannot be done as things stand, or not while the store refuses, changes nothing. */
const tolerated = new Set(['not-found', 'already-done', 'boss-not-listening', 'store-refuses', 'name-taken'])

/** What was tolerated last, for who reads a failure. */
let lately = ''

async function attempt<T>(act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act()
  } catch (error) {
    if (tolerated.has((error as { code?: string }).code ?? '')) return void (lately = (error as Error).message)
    throw error
  }
}

/** Numbers from 0 to 1, the same for the same seed. @see mulberry32 */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

async function take(house: House, boss: string, one: Exclude<Step, { do: 'crash' }>): Promise<number> {
  const { workshop } = house
  switch (one.do) {
    case 'append':
      return (await attempt(() => workshop.appends.append(boss, [one.rows])))?.count ?? 0
    case 'retry':
      return (await attempt(() => workshop.appends.retry(boss, {})))?.count ?? 0
    case 'cancel':
      await attempt(() => workshop.orders.cancel(boss, one.id, 'not wanted'))
      return 0
    case 'cancelAll':
      await attempt(() => workshop.orders.cancelMatching(boss, {}, 'none is wanted'))
      return 0
    case 'prioritise':
      await attempt(() => workshop.orders.prioritise(boss, one.id, one.priority))
      return 0
    case 'halt':
    case 'work':
      await attempt(() => (one.do === 'halt' ? workshop.halt(boss) : workshop.work(boss, {})))
      return 0
    case 'wait':
      await new Promise((resolve) => setTimeout(resolve, one.ms))
      return 0
  }
}

const runs = Number(process.env['TAYLORD_MODEL_RUNS'] ?? scaled(12, 1_000))

test('whatever is asked and whatever the crew does, everything agrees at every step and each instruction ends once', {
  timeout: 60_000 + runs * 5_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(scheduler, fc.array(step, { minLength: 5, maxLength: 40 }), fc.integer(), async (policy, steps, seed) => {
      const dir = tempDir()
      const random = randomOf(seed)
      let house = await House.open(dir, random)
      const began = new Map<string, number>()
      try {
        const { id: number } = await until(() => attempt(() => house.workshop.create({ scheduler: policy, rows: [] })), 'a Boss')
        const boss = String(number)
        let given = 0
        for (const one of steps) {
          if (one.do === 'crash') {
            await house.close()
            for (const [key, n] of house.crew.began) began.set(key, (began.get(key) ?? 0) + n)
            house = await House.open(dir, random)
          } else given += await take(house, boss, one)
          expect(await house.workshop.consistency()).toEqual([])
        }
        const { workshop } = house
        await until(() => attempt(() => workshop.work(boss, { terminate: true })), 'the end is heard').catch((error: Error) => {
          throw new Error(`${error.message}: ${lately}`)
        })
        await until(async () => (await workshop.boss(boss)).over_at, 'the Boss is over')
        const { counts } = await workshop.boss(boss)
        expect(counts).toMatchObject({ pending: 0, working: 0 })
        expect(counts.succeeded + counts.failed + counts.cancelled).toBe(given)
        const { lines } = await workshop.report(boss, { after: 0, limit: 10_000, interim: false })
        const entries = new TextDecoder()
          .decode(lines)
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as ReportEntry)
        expect(new Set(entries.map(({ instruction }) => instruction)).size).toBe(given)
        expect(entries).toHaveLength(given)
        for (const [key, n] of house.crew.began) began.set(key, (began.get(key) ?? 0) + n)
        for (const { items } of [await workshop.instructions(boss, { limit: 10_000 })]) {
          for (const { id: instruction, limits, status } of items) {
            expect(['succeeded', 'failed', 'cancelled']).toContain(status)
            const times = [...began].filter(([key]) => key.startsWith(`${boss}/${instruction}/`)).reduce((sum, [, n]) => sum + n, 0)
            if (limits.at_most_once) expect(times, `instruction ${instruction} begins at most once`).toBeLessThanOrEqual(1)
          }
        }
        expect(await workshop.consistency()).toEqual([])
      } finally {
        await house.close()
      }
    }),
    { numRuns: runs, endOnFailure: true, ...(process.env['TAYLORD_SEED'] !== undefined && { seed: Number(process.env['TAYLORD_SEED']) }) },
  )
})
