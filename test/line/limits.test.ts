import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { lineTest as test, startDaemon, type Page, type Problem } from '../support/daemon.js'
import { allowedCpusOf, descriptorsOf } from '../support/processes.js'
import { until } from '../support/temp.js'
import { surveyMachine } from '../../src/machine.js'

const { cpus } = surveyMachine()

test('no more than max_threads instructions run at once, and as many as that do', async ({ daemon, log }) => {
  const boss = await daemon.hire({
    scheduler: { limit: 'threads', max_threads: 3 },
    instructions: ['a', 'b', 'c'].map((name) => log.gated(name, 'g')),
  })
  for (const name of ['a', 'b', 'c']) await log.untilWritten(`+ ${name}`)
  await daemon.append(boss, {
    common_instructions: { kind: 'logging', log: log.file, ms: 3 },
    individual_instructions: { name: Array.from({ length: 117 }, (_, i) => `n${i}`) },
  })
  log.open('g')
  await daemon.tell(boss, 'end')
  await daemon.reportOnceOver(boss)
  expect(log.begun).toHaveLength(120)
  expect(log.most).toBe(3)
})

test('taylorism’s other names of the schedulers and their parameters work', async ({ daemon }) => {
  const settled = async (scheduler: object) => (await daemon.hire({ scheduler, end: true })).scheduler
  expect(await settled({ limit: 'processes', maxpc: 2 })).toMatchObject({ max_threads: 2 })
  expect(await settled({ limit: 'threads', max_threads: 0 })).toMatchObject({ max_threads: Math.max(1, Math.trunc(cpus.length / 2)) })
  expect(await settled({ unsorted: true })).toMatchObject({ nosort: true })
})

test('with one worker longer first begins with the longest, those without a time come last', async ({ daemon, log }) => {
  log.open('g')
  const times = { a: 1, b: 5, c: undefined, d: 3, e: 5 }
  const boss = await daemon.hire({
    scheduler: { limit: 'threads+memory', max_threads: 1 },
    start: false,
    instructions: Object.entries(times).map(([name, expected_time]) => ({ ...log.gated(name, 'g'), expected_time })),
  })
  await daemon.tell(boss, 'work', { terminate: true })
  await daemon.reportOnceOver(boss)
  expect(log.begun).toEqual(['b', 'e', 'd', 'a', 'c'])
})

test('what has a larger priority goes first, ahead of the order of the scheduler', async ({ daemon, log }) => {
  log.open('g')
  const rows = [
    { ...log.gated('low', 'g'), priority: -1, expected_time: 100 },
    { ...log.gated('long', 'g'), expected_time: 9 },
    { ...log.gated('short', 'g'), expected_time: 1 },
    { ...log.gated('urgent', 'g'), priority: 5 },
  ]
  const boss = await daemon.hire({ scheduler: { limit: 'threads+memory', max_threads: 1 }, start: false, instructions: rows })
  await daemon.tell(boss, 'work', { terminate: true })
  await daemon.reportOnceOver(boss)
  expect(log.begun).toEqual(['urgent', 'long', 'short', 'low'])
})

test('workers of a bound Boss, and their programs, are held on one core each', async ({ daemon, log, dir }) => {
  const rows = [log.gated('task', 'g'), log.program('program', 'g', `echo $$ > ${join(dir, 'pid')}`)]
  const boss = await daemon.hire({ scheduler: { limit: 'threads', max_threads: 2, binded: true }, instructions: rows, end: true })
  await log.untilWritten('+ task')
  await log.untilWritten('+ program')
  const { body } = await daemon.get<Page<{ pid: number; cpus: number[]; boss?: number; name?: string }>>('/v1/workers')
  const workers = body.items.filter((worker) => worker.boss === boss.id)
  const allowed = Object.fromEntries(workers.map(({ name, pid }) => [name, allowedCpusOf(pid)]))
  expect(new Set(Object.values(allowed))).toEqual(new Set(cpus.slice(0, 2).map(String)))
  expect(workers).toHaveLength(2)
  for (const { name, cpus: told } of workers) expect(told.join(',')).toBe(allowed[name ?? ''])
  expect(allowedCpusOf(Number(readFileSync(join(dir, 'pid'), 'utf8')))).toBe(allowed['program'])
  log.open('g')
  const { workers_report } = await daemon.reportOnceOver(boss)
  for (const { name, cpus: told } of workers_report) expect(told.join(',')).toBe(allowed[name])
})

test('an instruction of two cores is bound to two and none runs beside it', async ({ daemon, log }) => {
  const common = { kind: 'command', program: 'sh', cores: 2, args: ['-c', 'grep Cpus_allowed_list /proc/self/status | cut -f2'] }
  const boss = await daemon.hire({
    scheduler: { limit: 'threads', max_threads: 2, binded: true },
    instructions: [common, log.gated('single', 'g')],
  })
  log.open('g')
  await daemon.tell(boss, 'end')
  const { workers_report } = await daemon.reportOnceOver(boss)
  const wide = workers_report.find(({ kind }) => kind === 'command')
  expect(wide).toMatchObject({ outcome: 'succeeded', cpus: cpus.slice(0, 2), report: { stdout: `${cpus.slice(0, 2).join('-')}\n` } })
  expect((await daemon.instruction(boss, 1)).cores).toBe(2)
})

test('while an instruction of two cores runs on a machine of two, others wait', async ({ daemon, log }) => {
  const rows = [{ ...log.gated('wide', 'wide'), cores: cpus.length }, log.gated('a', 'g')]
  const boss = await daemon.hire({ scheduler: { limit: 'threads', max_threads: 2, binded: true }, instructions: rows, end: true })
  log.open('g')
  await log.untilWritten('+ wide')
  await daemon.reportOnceOver(await daemon.hire({ instructions: [], end: true }))
  await until(async () => (await daemon.boss(boss)).counts.working === 1, 'the wide one is known to work')
  log.open('wide')
  await daemon.reportOnceOver(boss)
  expect(log.lines).toEqual(['+ wide', '- wide', '+ a', '- a'])
})

test('an instruction that can never fit into the machine is refused under every scheduler', async ({ daemon }) => {
  for (const scheduler of [{ limit: 'threads', max_threads: 2 }, { limit: 'threads', max_threads: 2, binded: true }, { nosort: true }]) {
    const boss = await daemon.hire({ scheduler })
    for (const need of [{ cores: 10_000 }, { memory: 1e9 }]) {
      const { status, body } = await daemon.post<Problem>(`/v1/bosses/${boss.id}/instructions`, {
        instructions: [{ kind: 'noop', ...need }],
      })
      expect([status, body.code], `${JSON.stringify(scheduler)} ${JSON.stringify(need)}`).toEqual([422, 'never-fits'])
      expect(body).toMatchObject({
        row: 1,
        asked: { cores: expect.any(Number), memory: expect.any(Number) },
        available: { cores: expect.any(Number) },
      })
    }
    await daemon.tell(boss, 'end')
  }
})

test('an instruction that names no memory is refused when memory_per_task is more than the machine has', async ({ daemon }) => {
  const { status, body } = await daemon.post<Problem>('/v1/bosses', {
    scheduler: { limit: 'threads+memory', max_threads: 1, max_memory: 1e9, memory_per_task: 1e8 },
    instructions: [{ kind: 'noop' }],
  })
  expect([status, body.code]).toEqual([422, 'never-fits'])
})

test('an instruction of two cores gets them beside a Boss that always has work of one', async ({ daemon, log }) => {
  const two = { limit: 'threads', max_threads: 2 }
  const names = ['a', 'b', 'c', 'd', 'e']
  const many = await daemon.hire({ scheduler: two, instructions: names.map((name) => log.gated(name, name)), end: true })
  await log.untilWritten('+ b')
  const wide = await daemon.hire({ scheduler: two, instructions: [{ kind: 'noop', cores: 2 }], end: true })
  // the two places never come free together by themselves; c and d may have been sent ahead and begin all the same
  log.open('a')
  await until(async () => (await daemon.boss(many)).counts.succeeded === 1, 'a is reported')
  log.open('b')
  await until(async () => (await daemon.boss(many)).counts.succeeded === 2, 'b is reported')
  for (const name of ['c', 'd']) log.open(name)
  await daemon.reportOnceOver(wide)
  for (const name of names) log.open(name)
  expect((await daemon.reportOnceOver(many)).workers_report).toHaveLength(5)
})

test('what longer first sends ahead keeps to its ceiling of memory', async ({ daemon, log }) => {
  const row = (name: string, memory: number, expected_time: number) => ({ ...log.gated(name, name), memory, expected_time })
  const boss = await daemon.hire({
    scheduler: { limit: 'threads+memory', max_threads: 2, max_memory: 100 },
    instructions: [row('a', 90, 9), row('x', 20, 8), row('b', 90, 7), row('c', 80, 6), row('d', 90, 5), row('e', 90, 4)],
    end: true,
  })
  await log.untilWritten('+ a')
  log.open('a')
  await log.untilWritten('+ x')
  await log.untilWritten('+ c') // 20 and 80 MiB together
  log.open('x')
  await log.untilWritten('- x')
  // what could start now would have: another Boss goes through the whole line meanwhile
  await daemon.reportOnceOver(await daemon.hire({ instructions: [{ kind: 'noop' }], end: true }))
  expect(log.begun).toEqual(['a', 'x', 'c'])
  for (const gate of ['b', 'c', 'd', 'e']) log.open(gate)
  await daemon.reportOnceOver(boss)
  expect(log.begun).toEqual(['a', 'x', 'c', 'b', 'd', 'e'])
})

test('a daemon that may open no more files fails what it cannot start and goes on', async () => {
  const daemon = await startDaemon()
  const most = descriptorsOf(daemon.pid) + 20
  execFileSync('prlimit', ['--pid', String(daemon.pid), `--nofile=${most}:${most}`])
  const boss = await daemon.hire({
    scheduler: { limit: 'threads', max_threads: 12 },
    common_instructions: { kind: 'sleeper' },
    individual_instructions: { sleeping_time: Array<number>(12).fill(0.1) },
    end: true,
  })
  const { workers_report } = await daemon.reportOnceOver(boss)
  const causes = workers_report.map(({ cause }) => cause)
  expect(causes).toHaveLength(12)
  expect(new Set(causes)).toEqual(new Set(['start', undefined]))
})
