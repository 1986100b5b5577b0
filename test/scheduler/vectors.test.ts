import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { chooseScheduler } from '../../src/scheduler/choose.js'
import { preview } from '../../src/scheduler/preview.js'
import type { Scheduler, Working } from '../../src/scheduler/scheduler.js'
import { anEntry, aWorker, WIDE } from './make.js'

interface Row {
  readonly name: string
  readonly memory?: number
  readonly expected_time?: number
  readonly fileA?: string
  readonly fileB?: string
  readonly scheduler_ticket?: number | null
  readonly [other: string]: unknown
}
interface Expected {
  launchable: { name: string; scheduler_ticket: number | null }[]
  not_yet_launchable: string[]
  /** Hooks that bind, in each that is launched; absent when none is. */
  hooks?: number
  error?: object
}
interface Case {
  id: string
  family: string
  tags: string[]
  form: 'single' | 'sequence'
  cpu_count: number
  system_memory_mib?: number
  scheduler: Record<string, unknown>
  running: Row[]
  pending: Row[]
  expected: Expected
  steps: { finished: string[]; added: Row[]; expected: Expected & { running_after: string[] } }[]
}

const { cases } = JSON.parse(readFileSync(new URL('../vectors/schedulers.json', import.meta.url), 'utf8')) as { cases: Case[] }

/** What BEHAVIOUR section 9 says is mended, and the vectors that show it unmended. */
const mended: Record<string, string> = {
  'quirk:two-launched-share-a-file': 'item 9: two of one file never start together',
  'quirk:half-of-one-cpu-is-zero': 'item 10: half of one CPU is one',
  'quirk:sof-nofile': 'item 9: no file named is no file',
  'quirk:sof-worker-nofile': 'item 9: no file named is no file',
  'quirk:mem-none': 'item 7: refused',
  'quirk:mem-str': 'item 7: refused',
  'quirk:lf-mem-none': 'item 7: refused',
  'quirk:lf-time-none': 'item 7: refused',
  'quirk:lf-time-str': 'item 7: refused',
}
const quirksOf = ({ tags }: Case) => tags.filter((tag) => tag.startsWith('quirk:'))
const copied = cases.filter((one) => quirksOf(one).length === 0)
const single = copied.filter(({ form }) => form === 'single')
const sequences = copied.filter(({ form }) => form === 'sequence')

const schedulerOf = ({ scheduler, cpu_count, system_memory_mib = 0 }: Case): Scheduler =>
  chooseScheduler(scheduler, { cpus: cpu_count, memoryMiB: system_memory_mib })

const named = (rows: readonly object[]) =>
  rows.map((row) => ({ name: Reflect.get(row, 'name'), scheduler_ticket: Reflect.get(row, 'scheduler_ticket') }))

test('all vectors but the mended ones are tried', () => {
  const count = (of: readonly Case[]) =>
    Object.fromEntries([...Map.groupBy(of, ({ family }) => family)].map(([family, some]) => [family, some.length]))
  expect(cases).toHaveLength(381)
  expect(count(single)).toEqual({
    laxist: 19,
    memory: 75,
    'memory-exact': 10,
    'memory-many': 1,
    'single-open-file': 46,
    threads: 59,
    'threads+memory': 74,
    'threads+memory-exact': 10,
  })
  expect(sequences).toHaveLength(42)
  const left = cases.filter((one) => quirksOf(one).length > 0)
  expect(new Set(left.flatMap(quirksOf))).toEqual(new Set(Object.keys(mended)))
  expect(left).toHaveLength(45)
})

describe('the preview decides as taylorism, also in what it keeps', () => {
  test.each(single)('$id', (vector) => {
    const scheduler = schedulerOf(vector)
    const { launchable, not_yet_launchable } = preview(scheduler, vector.pending, vector.running)
    expect(named(launchable)).toEqual(vector.expected.launchable)
    expect(not_yet_launchable).toEqual(vector.expected.not_yet_launchable)
    if (vector.expected.hooks !== undefined) expect(scheduler.binded).toBe(vector.expected.hooks === 1)
  })

  test.each(sequences)('$id', (vector) => {
    const scheduler = schedulerOf(vector)
    let pending: Row[] = []
    let running: Row[] = []
    for (const { finished, added, expected } of vector.steps) {
      running = running.filter(({ name }) => !finished.includes(name))
      pending.push(...added)
      const { launchable, not_yet_launchable } = preview(scheduler, pending, running)
      expect(named(launchable)).toEqual(expected.launchable)
      expect(not_yet_launchable).toEqual(expected.not_yet_launchable)
      const kept = new Map(pending.map((row) => [row.name, row]))
      pending = not_yet_launchable.flatMap((name) => kept.get(name) ?? [])
      running.push(...(launchable as Row[]))
      expect(running.map(({ name }) => name)).toEqual(expected.running_after)
    }
  })
})

describe('a live Boss, whose queue lives on, launches the same', () => {
  // what is kept is not moved in a live Boss: where taylorism moves blocked entries ahead, later steps differ
  const alike = sequences.filter(({ scheduler }) => scheduler['singlefile'] === undefined)

  test.each(alike)('$id', (vector) => {
    const scheduler = schedulerOf(vector)
    const pending = scheduler.queue()
    const names: string[] = ['']
    let running: { name: string; worker: Working }[] = []
    for (const { finished, added, expected } of vector.steps) {
      running = running.filter(({ name }) => !finished.includes(name))
      for (const { name, memory, expected_time } of added) {
        names.push(name)
        pending.add(anEntry({ id: names.length - 1, memory, expectedTime: expected_time }))
      }
      const launches = scheduler.launchable(
        pending,
        running.map(({ worker }) => worker),
        WIDE,
        Infinity,
      )
      for (const { entry } of launches) expect(pending.remove(entry)).toBe(true)
      const launched = launches.map(({ entry: { id, memory }, ticket }) => ({ name: names[id] ?? '', worker: aWorker({ memory, ticket }) }))
      expect(launched.map(({ name, worker: { ticket } }) => ({ name, scheduler_ticket: ticket }))).toEqual(expected.launchable)
      expect([...pending].map(({ id }) => names[id])).toEqual(expected.not_yet_launchable)
      running.push(...launched)
      expect(running.map(({ name }) => name)).toEqual(expected.running_after)
    }
  })
})

describe('what taylorism does by accident is mended', () => {
  const by = (tag: string) => cases.filter(({ tags, form }) => tags.includes(tag) && form === 'single')

  test.each(by('quirk:two-launched-share-a-file'))('two of one file do not start together: $id', (vector) => {
    const { launchable, not_yet_launchable } = preview(schedulerOf(vector), vector.pending, vector.running)
    const files = [...vector.running, ...(launchable as Row[])].map(({ fileA, fileB }) => new Set([fileA, fileB]))
    const launchedFiles = files.slice(vector.running.length)
    for (const [i, own] of launchedFiles.entries()) {
      for (const other of [...files.slice(0, vector.running.length), ...launchedFiles.slice(0, i)]) {
        for (const file of own) expect(other.has(file)).toBe(false)
      }
    }
    expect(launchable[0]).toMatchObject(vector.expected.launchable[0] ?? {})
    expect(launchable.length + not_yet_launchable.length).toBe(vector.pending.length)
  })

  test.each(by('quirk:half-of-one-cpu-is-zero'))('half of one CPU is one: $id', (vector) => {
    const { launchable } = preview(schedulerOf(vector), vector.pending, vector.running)
    expect(launchable).toHaveLength(Math.min(vector.pending.length, Math.max(0, 1 - vector.running.length)))
  })

  test.each([...by('quirk:sof-nofile'), ...by('quirk:sof-worker-nofile')])('no file named is no file: $id', (vector) => {
    const { launchable, not_yet_launchable } = preview(schedulerOf(vector), vector.pending, vector.running)
    expect(launchable.length + not_yet_launchable.length).toBe(vector.pending.length)
    expect(launchable.length).toBeGreaterThan(0)
  })

  const refused = cases.filter((one) => quirksOf(one).some((tag) => mended[tag]?.endsWith('refused')))
  test.each(refused)('what is no number is refused: $id', (vector) => {
    expect(() => preview(schedulerOf(vector), vector.pending, vector.running)).toThrow(/"(memory|expected_time)" must be a number/)
  })
})
