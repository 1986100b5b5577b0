import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { lineTest as test, type Page, type Problem } from '../support/daemon.js'
import type { Logbook } from '../support/logbook.js'
import { until } from '../support/temp.js'

interface Preview {
  launchable: { name: string; scheduler_ticket: number | null }[]
  not_yet_launchable: string[]
}
interface Case {
  id: string
  tags: string[]
  form: string
  cpu_count: number
  system_memory_mib?: number
  scheduler: object
  running: object[]
  pending: object[]
  expected: Preview
}
const { cases } = JSON.parse(readFileSync(new URL('../vectors/schedulers.json', import.meta.url), 'utf8')) as { cases: Case[] }
const sample = cases
  .filter(({ tags, form }) => form === 'single' && !tags.some((tag) => tag.startsWith('quirk:')))
  .filter((_, at) => at % 6 === 0)

test('a sample of the vectors is decided over HTTP as taylorism decides it', async ({ daemon }) => {
  expect(sample.length).toBeGreaterThan(40)
  for (const { id, scheduler, pending, running, cpu_count, system_memory_mib, expected } of sample) {
    const asked = { scheduler, pending, workers: running, cpu_count, system_memory_mib }
    const { status, body } = await daemon.post<Preview>('/v1/schedulers/preview', asked)
    expect(status, id).toBe(200)
    const launchable = body.launchable.map(({ name, scheduler_ticket }) => ({ name, scheduler_ticket }))
    expect({ launchable, not_yet_launchable: body.not_yet_launchable }, id).toEqual({
      launchable: expected.launchable,
      not_yet_launchable: expected.not_yet_launchable,
    })
  }
})

test('what can never fit is kept, other keys of a row come back', async ({ daemon }) => {
  const { body } = await daemon.post<Preview>('/v1/schedulers/preview', {
    scheduler: { limit: 'memory', max_memory: 10 },
    pending: [
      { name: 'huge', memory: 1e12 },
      { name: 'small', memory: 1, row: [1], scheduler_ticket: 7 },
    ],
  })
  expect(body).toEqual({ launchable: [{ name: 'small', memory: 1, row: [1], scheduler_ticket: 0 }], not_yet_launchable: ['huge'] })
})

test('a bad row, a bad body and a scheduler that is not there are refused', async ({ daemon }) => {
  const memory = { limit: 'memory', max_memory: 10 }
  const refused: [object, string][] = [
    [{ scheduler: { scheduler: 'shortest-name' }, pending: [] }, 'a scheduler of a plugin decides for its Bosses only'],
    [{ scheduler: memory, pending: [{ name: 'a' }, { name: 'b', memory: null }] }, 'pending[1]: "memory"'],
    [{ scheduler: memory, pending: [{ name: 'a', memory: '3' }] }, 'pending[0]: "memory"'],
    [{ scheduler: memory, pending: [{ name: 'a', memory: -1 }] }, 'pending[0]: "memory"'],
    [{ scheduler: memory, pending: [], workers: [{ memory: 'x' }] }, 'workers[0]: "memory"'],
    [{ scheduler: memory, pending: [], workers: [{ scheduler_ticket: 'x' }] }, 'workers[0]: "scheduler_ticket"'],
    [{ scheduler: { limit: 'threads+memory', max_threads: 1 }, pending: [{ name: 'a', expected_time: null }] }, '"expected_time"'],
    [{ scheduler: { limit: 'threads', max_threads: 1, singlefile: true }, pending: [{ name: 'a', fileA: 3 }] }, '"fileA"'],
    [{ scheduler: memory, pending: [{ memory: 1 }] }, 'pending[0]: "name"'],
    [{ scheduler: memory, pending: ['a'] }, 'pending.0'],
    [{ scheduler: memory }, 'pending'],
    [{ scheduler: memory, pending: [], cpu_count: 0 }, 'cpu_count'],
    [{ scheduler: memory, pending: [], cpus: 1 }, 'no field cpus'],
    [{ scheduler: { limit: 'threads' }, pending: [] }, 'no scheduler is chosen'],
    [{ scheduler: { nosort: true, limit: 'mem' }, pending: [] }, 'equally chosen'],
  ]
  for (const [asked, message] of refused) {
    const { status, body } = await daemon.post<Problem>('/v1/schedulers/preview', asked)
    expect([status, body.code, body.detail], JSON.stringify(asked)).toEqual([422, 'invalid', expect.stringContaining(message)])
  }
})

test('the list of schedulers says how each is chosen, and a Boss takes every example', async ({ daemon }) => {
  const { body } = await daemon.get<Page<{ scheduler: string; example: object; settings: object }>>('/v1/schedulers')
  expect(body.items.map(({ scheduler }) => scheduler)).toEqual(['laxist', 'max-threads', 'max-memory', 'longer-first', 'single-open-file'])
  for (const { example } of body.items) {
    const boss = await daemon.hire({ scheduler: example, end: true })
    expect(boss.scheduler).toMatchObject(example)
  }
})

test('a Boss whose scheduler matches nothing, ties or is out of range is refused', async ({ daemon }) => {
  for (const scheduler of [
    {},
    { limit: 'threads' },
    { nosort: true, limit: 'memory' },
    { limit: 'threads', max_threads: -1 },
    { limit: 'mem', x: 1 },
  ]) {
    const { status, body } = await daemon.post<Problem>('/v1/bosses', { scheduler })
    expect([status, body.code], JSON.stringify(scheduler)).toEqual([422, 'invalid'])
  }
})

/** Rows that last until the hosts of two workers are up: what is appended then is worked off by both. */
const twoAtOnce = (log: Logbook) => ['first', 'second'].map((name) => ({ ...log.gated(name, 'g'), memory: 0 }))

/** Replays a log: after each line, what runs. */
function* running(lines: readonly string[]): Generator<string[]> {
  const now = new Set<string>()
  for (const line of lines) {
    const name = line.slice(2)
    if (line.startsWith('+')) now.add(name)
    else now.delete(name)
    yield [...now]
  }
}

test('under the memory scheduler the sum stays below max_memory, also with short work that is sent ahead', async ({ daemon, log }) => {
  const memory = Array.from({ length: 150 }, (_, i) => [40, 10, 25, 5, 0, 60, 90][(i * 5) % 7] as number)
  const boss = await daemon.hire({
    scheduler: { limit: 'memory', max_memory: 100, memory_per_task: 20 },
    instructions: twoAtOnce(log),
  })
  await until(() => log.begun.length === 2, 'two are at work')
  await daemon.append(boss, {
    common_instructions: { kind: 'logging', log: log.file, ms: 2 },
    individual_instructions: { name: memory.map((_, i) => `n${i}`), memory },
  })
  log.open('g')
  await daemon.tell(boss, 'end')
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(workers_report.every(({ outcome }) => outcome === 'succeeded')).toBe(true)
  expect(log.begun).toHaveLength(152)
  for (const names of running(log.lines)) {
    expect(names.reduce((sum, name) => sum + (memory[Number(name.slice(1))] ?? 0), 0)).toBeLessThan(100)
  }
  expect(log.most).toBeGreaterThan(1)
})

test('under the memory scheduler more run at once than there are cores, and a small one overtakes a large one', async ({ daemon, log }) => {
  const row = (name: string, memory: number) => ({ ...log.gated(name, 'g'), memory })
  const boss = await daemon.hire({
    scheduler: { limit: 'memory', max_memory: 101 },
    instructions: [row('first', 60), row('large', 60), row('a', 10), row('b', 10), row('c', 10), row('d', 10), row('e', 10)],
    end: true,
  })
  const together = ['first', 'a', 'b', 'c', 'd']
  for (const name of together) await log.untilWritten(`+ ${name}`)
  expect(log.begun).toHaveLength(5)
  log.open('g')
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(workers_report).toHaveLength(7)
  const tickets = workers_report.filter(({ name }) => together.includes(name)).map((entry) => entry.scheduler_ticket)
  expect(new Set(tickets)).toEqual(new Set([0, 1, 2, 3, 4]))
})

test('what can never stay below max_memory is refused at append', async ({ daemon }) => {
  const boss = await daemon.hire({ scheduler: { limit: 'memory', max_memory: 100 } })
  for (const memory of [100, undefined]) {
    const { status, body } = await daemon.post<Problem>(`/v1/bosses/${boss.id}/instructions`, { instructions: [{ kind: 'noop', memory }] })
    expect([status, body.code]).toEqual([422, 'never-fits'])
  }
  const roomy = await daemon.hire({ scheduler: { limit: 'memory', max_memory: 1e12, memory_per_task: 1e10 } })
  const { body } = await daemon.post<Problem>(`/v1/bosses/${roomy.id}/instructions`, { instructions: [{ kind: 'noop' }] })
  expect(body.code).toBe('never-fits')
  await daemon.tell(boss, 'end')
  await daemon.tell(roomy, 'end')
})

test('under the single-file scheduler no two that name one file run at once, and files are no reason to idle', async ({ daemon, log }) => {
  const rows = Array.from({ length: 120 }, (_, i) => ({
    name: `n${i}`,
    fileA: i % 11 === 0 ? undefined : `f${(i * 7) % 5}`,
    fileB: i % 3 === 0 ? `f${(i * 3) % 8}` : undefined,
  }))
  const boss = await daemon.hire({
    scheduler: { limit: 'threads', max_threads: 4, singlefile: true },
    instructions: twoAtOnce(log),
  })
  await until(() => log.begun.length === 2, 'two are at work')
  await daemon.append(boss, {
    common_instructions: { kind: 'logging', log: log.file, ms: 3 },
    individual_instructions: {
      name: rows.map(({ name }) => name),
      fileA: rows.map(({ fileA }) => fileA ?? null),
      fileB: rows.map(({ fileB }) => fileB ?? null),
    },
  })
  log.open('g')
  await daemon.tell(boss, 'end')
  await daemon.reportOnceOver(boss)
  expect(log.begun).toHaveLength(122)
  for (const names of running(log.lines)) {
    const open = names.flatMap((name) => {
      const { fileA, fileB } = rows[Number(name.slice(1))] ?? {}
      return [...new Set([fileA, fileB].filter((file) => file !== undefined))]
    })
    expect(new Set(open).size, names.join(' ')).toBe(open.length)
  }
  expect(log.most).toBeGreaterThan(1)
  expect(log.most).toBeLessThanOrEqual(4)
})

test('an instruction whose file is open waits and is overtaken', async ({ daemon, log }) => {
  const boss = await daemon.hire({
    scheduler: { limit: 'threads', max_threads: 2, singlefile: true, binded: true },
    instructions: [
      { ...log.gated('holder', 'hold'), fileA: 'x' },
      { ...log.gated('blocked', 'g'), fileB: 'x' },
      { ...log.gated('other', 'g'), fileA: 'y' },
    ],
    end: true,
  })
  log.open('g')
  await log.untilWritten('+ holder')
  await log.untilWritten('- other')
  expect(log.begun).toHaveLength(2)
  log.open('hold')
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(log.begun.at(-1)).toBe('blocked')
  expect(workers_report.map(({ cpus }) => cpus.length)).toEqual([1, 1, 1])
})
