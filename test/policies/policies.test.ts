import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import type { BossDocument } from '../../src/boss/boss-document.js'
import type { InstructionDocument } from '../../src/boss/instruction-document.js'
import type { PolicyView } from '../../src/index.js'
import { lineTestWith, startDaemon, type Daemon, type Page, type Problem } from '../support/daemon.js'
import { Logbook } from '../support/logbook.js'
import { isAlive, processesWith } from '../support/processes.js'
import { tempDir, until } from '../support/temp.js'

const plugins = fileURLToPath(new URL('plugins', import.meta.url))
const four = { plugins, args: ['--slots', '4'] }
const start = (more: Parameters<typeof startDaemon>[0] = {}) => startDaemon({ ...four, ...more })
const test = lineTestWith(four)
const policyProcesses = (daemon: Daemon) => processesWith(daemon.data).filter(({ command }) => command.includes('policy/main.js'))

interface Shown {
  readonly pending: number
  readonly first?: PolicyView['pending'][number]
  readonly last?: number
  readonly workers: PolicyView['workers']
  readonly room: PolicyView['room']
  readonly pid: number
}
const shownTo = (file: string) =>
  (existsSync(file) ? readFileSync(file, 'utf8') : '')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Shown)

test('a policy of a plugin decides who starts, at most as many at once as it says', async ({ daemon }) => {
  const log = new Logbook(tempDir())
  const names = ['aaaaa', 'bbb', 'cccc', 'd', 'ee', 'ffffff']
  const boss = await daemon.hire({
    scheduler: { scheduler: 'shortest-name' },
    instructions: names.map((name) => log.gated(name, name)),
    end: true,
  })
  expect(boss.scheduler).toEqual({ scheduler: 'shortest-name', most: 2, binded: false })
  for (const [at, name] of ['d', 'ee', 'bbb', 'cccc', 'aaaaa', 'ffffff'].entries()) {
    await until(() => log.begun.length === Math.min(6, at + 2), `${at + 2} have begun`)
    log.open(name)
    await log.untilWritten(`- ${name}`)
  }
  const { status, workers_report } = await daemon.reportOnceOver(boss)
  expect(status).toBe('finished')
  expect(workers_report.map(({ scheduler_ticket }) => scheduler_ticket).every((ticket) => ticket === 0 || ticket === 1)).toBe(true)
  expect(log.begun.slice(0, 2).toSorted()).toEqual(['d', 'ee'])
  expect(log.begun.slice(2)).toEqual(['bbb', 'cccc', 'aaaaa', 'ffffff'])
  expect(log.most).toBe(2)
  await until(() => policyProcesses(daemon).length === 0, 'no Boss needs the process any more')
})

test('a policy sees what waits, what works and what room there is', async ({ daemon }) => {
  const log = new Logbook(tempDir())
  const file = join(tempDir(), 'shown')
  const boss = await daemon.hire({
    scheduler: { scheduler: 'told', log: file, most: 1 },
    instructions: [
      { ...log.gated('one', 'g'), memory: 5, expected_time: 2 },
      { kind: 'noop', value: 3, priority: -1 },
    ],
    end: true,
  })
  await log.untilWritten('+ one')
  await until(() => shownTo(file).length === 2, 'it was asked again after the launch')
  const [before, after] = shownTo(file)
  expect(before).toMatchObject({ pending: 2, workers: [], room: { cores: 4 } })
  expect(before?.first).toEqual({
    id: 1,
    name: 'one',
    kind: 'gated',
    memory: 5,
    expected_time: 2,
    cores: 1,
    priority: 0,
    attributes: { kind: 'gated', name: 'one', memory: 5, expected_time: 2, gate: log.gate('g'), log: log.file },
  })
  expect(after).toMatchObject({ pending: 1, first: { id: 2, name: 'noop-2', priority: -1, attributes: { value: 3 } }, room: { cores: 3 } })
  expect(after?.workers).toEqual([{ ...before?.first, scheduler_ticket: 0 }])
  log.open('g')
  expect((await daemon.reportOnceOver(boss)).status).toBe('finished')
})

test('of 20,000 that wait a policy is shown the first 10,000', async ({ daemon }) => {
  const file = join(tempDir(), 'shown')
  const boss = await daemon.hire({
    start: false,
    scheduler: { scheduler: 'told', log: file, most: 500 },
    common_instructions: { kind: 'noop' },
    individual_instructions: { value: Array.from({ length: 20_000 }, (_, i) => i) },
  })
  await daemon.tell(boss, 'work')
  await until(() => shownTo(file).length > 5, 'it was asked')
  const shown = shownTo(file)
  expect(Math.max(...shown.map(({ pending }) => pending))).toBe(10_000)
  expect(shown.map(({ first, last, pending }) => (last ?? 0) - (first?.id ?? 0) + 1 === pending)).not.toContain(false)
  await daemon.tell(boss, 'stop')
  expect((await daemon.reportOnceOver(boss)).status).toBe('pending')
})

test('what a policy lets start beyond the room of the machine waits for it, without asking again', async () => {
  const daemon = await start({ args: ['--slots', '2'] })
  const log = new Logbook(tempDir())
  const rows = Array.from({ length: 6 }, (_, i) => log.gated(`g${i}`, 'g'))
  const boss = await daemon.hire({ scheduler: { scheduler: 'everything' }, instructions: rows, end: true })
  await until(() => log.begun.length === 2, 'two have begun')
  log.open('g')
  expect((await daemon.reportOnceOver(boss)).status).toBe('finished')
  expect(log.begun).toHaveLength(6)
  expect(log.most).toBe(2)
})

test('a setting max_threads limits as in taylorism, whatever the policy answers', async ({ daemon }) => {
  const log = new Logbook(tempDir())
  const rows = Array.from({ length: 4 }, (_, i) => log.gated(`g${i}`, 'g'))
  const boss = await daemon.hire({ scheduler: { scheduler: 'few', max_threads: '1' }, instructions: rows, end: true })
  expect(boss.scheduler).toEqual({ scheduler: 'few', max_threads: 1 })
  await log.untilWritten('+ g0')
  log.open('g')
  expect((await daemon.reportOnceOver(boss)).status).toBe('finished')
  expect(log.most).toBe(1)
})

test('a policy gives tickets, and who gets none from it holds the lowest free one', async ({ daemon }) => {
  const boss = await daemon.hire({ scheduler: { scheduler: 'tickets' }, instructions: Array(3).fill({ kind: 'noop' }), end: true })
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(Object.fromEntries(workers_report.map(({ instruction, scheduler_ticket }) => [instruction, scheduler_ticket]))).toEqual({
    1: 0,
    2: 1,
    3: 7,
  })
})

test('what a policy has chosen nothing of says that it waits for it', async ({ daemon }) => {
  const boss = await daemon.hire({ scheduler: { scheduler: 'none' }, instructions: [{ kind: 'noop' }] })
  const waitingFor = async () => (await daemon.get<InstructionDocument>(`/v1/bosses/${boss.id}/instructions/1`)).body.waiting_for
  await until(async () => (await waitingFor())?.includes('chosen nothing'), 'it was asked')
  expect(await waitingFor()).toBe('its custom scheduler, "none", which has chosen nothing and is asked again when rows are appended')
  const { items } = (await daemon.get<Page<InstructionDocument>>(`/v1/bosses/${boss.id}/instructions`)).body
  expect(items[0]?.waiting_for).toBe(await waitingFor())
  // what it says is so
  await daemon.append(boss, { instructions: [{ kind: 'noop' }] })
  await daemon.tell(boss, 'end')
  expect((await daemon.reportOnceOver(boss)).workers_report).toHaveLength(2)
})

test('a Boss that ends while its policy chooses nothing is asked anew by halt and work', async ({ daemon }) => {
  const file = join(tempDir(), 'shown')
  const boss = await daemon.hire({ scheduler: { scheduler: 'told', log: file, most: 0 }, instructions: [{ kind: 'noop' }], end: true })
  const waitingFor = async () => (await daemon.get<InstructionDocument>(`/v1/bosses/${boss.id}/instructions/1`)).body.waiting_for
  await until(
    async () => (await waitingFor())?.endsWith('"told", which has chosen nothing and is asked again after POST …/halt and …/work'),
    'it says so',
  )
  expect(shownTo(file)).toHaveLength(1)
  await daemon.tell(boss, 'halt')
  await daemon.tell(boss, 'work')
  await until(() => shownTo(file).length === 2, 'it is asked again')
  await daemon.tell(boss, 'stop')
  expect((await daemon.reportOnceOver(boss)).status).toBe('pending')
})

test('the policies of plugins are listed beside those of the program', async ({ daemon }) => {
  const { items } = (await daemon.get<{ items: { scheduler: string; file?: string }[] }>('/v1/schedulers')).body
  expect(items.slice(0, 5).map(({ file }) => file)).toEqual(Array(5).fill(undefined))
  expect(items.find(({ scheduler }) => scheduler === 'shortest-name')).toEqual({
    scheduler: 'shortest-name',
    file: 'good.mjs',
    info: 'what the plugin good.mjs says',
    example: { scheduler: 'shortest-name' },
    settings: {
      scheduler: { type: 'str', values: ['shortest-name'], info: 'names the policy' },
      most: { type: 'int', optional: true, default: 2, info: '' },
      binded: { type: 'bool', optional: true, default: false, info: '' },
    },
  })
})

test('a policy that nobody defines, unknown settings and settings that do not fit are refused', async ({ daemon }) => {
  const refused = async (scheduler: Record<string, unknown>) => {
    const { status, body } = await daemon.post<Problem>('/v1/bosses', { scheduler })
    expect([status, body.code]).toEqual([422, 'invalid'])
    return body.detail
  }
  expect(await refused({ scheduler: { toString: 1 } })).toMatch(/no plugin defines a scheduler \{"toString":1\}/)
  expect(await refused({ scheduler: 'told', log: '[nope]' })).toMatch(/"log": Unknown token \[nope\]/)
  expect(await refused({ scheduler: 'nope' })).toMatch(/no plugin defines a scheduler "nope"; there is .*"shortest-name"/)
  expect(await refused({ scheduler: 'shortest-name', max_threads: 2 })).toContain(
    '"shortest-name" knows no "max_threads"; its settings are most, binded',
  )
  expect(await refused({ scheduler: 'shortest-name', most: 'many' })).toContain('"most": Could not reclass')
  expect(await refused({ scheduler: 'told' })).toContain('"log": Missing value')
  expect(await refused({ scheduler: 'few', max_threads: 0 })).toContain('"max_threads" must be a whole number from 1 on')
  expect(await refused({ scheduler: 'everything', binded: true })).toContain('it has no settings')
})

const wrong: readonly [scheduler: string, type: string, message: RegExp][] = [
  ['throws', 'RangeError', /no such queue/],
  ['throws-odd', '7', /no queue at all/],
  ['exits', 'PolicyExited', /exit code 3: I am off/],
  ['loops', 'PolicyTimeout', /gave no answer within 1 s/],
  ['hangs', 'PolicyTimeout', /gave no answer within 1 s/],
  ['shouts', 'Error', /: x{2000}$/],
  ['writes-on', 'PolicyExited', /SIGKILL/],
  ['no-list', 'BadAnswer', /\{"first":1\}, which is no list/],
  ['unknown-id', 'BadAnswer', /it names 4711, and nothing that is pending/],
  ['unknown-name', 'BadAnswer', /it names "nobody", and nothing that is pending/],
  ['twice', 'BadAnswer', /names "trigger" twice/],
  ['unknown-member', 'BadAnswer', /it gives \d+ a member "ticket"; an item is an id, a name, .* scheduler_ticket/],
  ['bad-ticket', 'BadAnswer', /scheduler_ticket -1, which is no whole number/],
  ['taken-ticket', 'BadAnswer', /scheduler_ticket 0, which another worker holds/],
]
const failed: BossDocument[] = []

for (const [scheduler, type, message] of wrong)
  test(`a policy that ${scheduler} fails its Boss: what runs is stopped, what waits stays`, async ({ daemon, log }) => {
    const boss = await daemon.hire({
      scheduler: { scheduler, working: 1 },
      instructions: [log.gated('runs', 'never')],
    })
    await until(async () => (await daemon.boss(boss)).counts.working === 1, 'one works')
    await daemon.append(boss, { instructions: [{ kind: 'noop', name: 'trigger' }, { kind: 'noop' }] })
    const listener = await daemon.listen(`/v1/bosses/${boss.id}/events?since=0`)
    const { status, pending, workers_report } = await daemon.reportOnceOver(boss)
    expect({ status, pending }).toEqual({ status: 'workers exception', pending: 2 })
    expect(workers_report).toMatchObject([{ name: 'runs', outcome: 'cancelled', cause: 'stopped' }])
    const error = { type, message: expect.stringMatching(message) as string }
    const document = await daemon.boss(boss)
    expect(document).toMatchObject({ status: 'failed', error })
    expect(document.error?.message).toContain(`the scheduler "${scheduler}": `)
    await listener.untilClosed()
    expect(listener.events).toContainEqual(expect.objectContaining({ type: 'boss.stopping', how: 'error', error }))
    expect(daemon.log).toContain(`Boss ${boss.id} fails: the scheduler`)
    await until(() => policyProcesses(daemon).length === 0, 'its process is gone')
    failed.push(document)
  })

test('while one Boss has a policy that loops, others finish: under the same module, and under the program’s own schedulers', async ({
  daemon,
}) => {
  const noops = {
    common_instructions: { kind: 'noop' },
    individual_instructions: { value: Array.from({ length: 50 }, (_, i) => i) },
    end: true,
  }
  const loops = await daemon.hire({ scheduler: { scheduler: 'loops' }, ...noops })
  const own = await daemon.hire({ scheduler: { limit: 'threads', max_threads: 2 }, ...noops })
  const neighbour = await daemon.hire({ scheduler: { scheduler: 'fine' }, ...noops })
  expect((await daemon.reportOnceOver(own)).workers_report).toHaveLength(50)
  expect((await daemon.reportOnceOver(neighbour)).workers_report).toHaveLength(50)
  expect(await daemon.reportOnceOver(loops)).toMatchObject({ status: 'workers exception', pending: 50, workers_report: [] })
})

test('a Boss under a policy goes on after a restart', async () => {
  const daemon = await start()
  const log = new Logbook(tempDir())
  const instructions = ['a', 'bb', 'ccc', 'dddd'].map((name) => log.gated(name, name))
  const boss = await daemon.hire({ scheduler: { scheduler: 'shortest-name', most: 1 }, instructions, end: true })
  log.open('a')
  await log.untilWritten('+ bb')
  await until(async () => (await daemon.boss(boss)).counts.succeeded === 1, 'the first one is reported')
  expect(policyProcesses(daemon)).toHaveLength(1)
  await daemon.crash() // holds that nothing is left over
  const again = await start({ data: daemon.data })
  for (const name of ['bb', 'ccc', 'dddd']) log.open(name)
  const { status, workers_report } = await again.reportOnceOver(boss)
  expect(status).toBe('finished')
  expect(workers_report.map(({ name }) => name)).toEqual(['a', 'bb', 'ccc', 'dddd'])
})

test('the process of a policy ends when a Boss is over before its question was put', async ({ daemon }) => {
  const rows = { instructions: [{ kind: 'noop' }] }
  const hangs = await daemon.hire({ scheduler: { scheduler: 'slow' }, ...rows, end: true })
  const waits = await daemon.hire({ scheduler: { scheduler: 'fine' }, ...rows })
  await daemon.tell(waits, 'stop')
  expect((await daemon.reportOnceOver(waits)).status).toBe('pending')
  expect((await daemon.reportOnceOver(hangs)).status).toBe('finished')
  await until(() => policyProcesses(daemon).length === 0, 'no Boss needs the process any more')
})

test('SIGKILL of the daemon ends a policy in the middle of a loop', async () => {
  const daemon = await start()
  await daemon.hire({ scheduler: { scheduler: 'loops' }, instructions: [{ kind: 'noop' }] })
  const [policy] = await until(() => (policyProcesses(daemon).length > 0 ? policyProcesses(daemon) : undefined), 'it is asked')
  await daemon.crash()
  // one that is just exiting has lost its environment and is no zombie yet
  await until(() => !isAlive(policy?.pid ?? 0), 'its end')
})

test('after a restart without its plugin a Boss fails and says why; the daemon and the others are well', async () => {
  const dir = join(tempDir(), 'plugins')
  mkdirSync(dir)
  for (const file of ['good.mjs', 'bad.mjs']) copyFileSync(join(plugins, file), join(dir, file))
  const daemon = await start({ plugins: dir })
  const instructions = [
    { kind: 'sleeper', sleeping_time: 30 },
    { kind: 'sleeper', sleeping_time: 0 },
  ]
  const boss = await daemon.hire({ name: 'orphan', scheduler: { scheduler: 'shortest-name', most: 1 }, instructions })
  const halted = await daemon.hire({ scheduler: { scheduler: 'few', max_threads: 1 }, instructions, start: false })
  const other = await daemon.hire({ instructions: [{ kind: 'sleeper', sleeping_time: 0 }], start: false })
  await until(async () => (await daemon.boss(boss)).counts.working === 1, 'it works')
  await daemon.crash()
  const again = await start({ data: daemon.data, plugins: tempDir() })
  for (const { id } of [boss, halted]) {
    expect(await again.reportOnceOver(id)).toMatchObject({ status: 'workers exception', pending: 2, workers_report: [] })
    const error = {
      type: 'NoScheduler',
      message: expect.stringMatching(/no plugin defines a scheduler "[\w-]+"; none defines any/) as string,
    }
    expect(await again.boss(id)).toMatchObject({ status: 'failed', error })
  }
  expect(await again.boss(boss)).toMatchObject({ scheduler: { scheduler: 'shortest-name', most: 1, binded: false } })
  await again.tell(other, 'work', { terminate: true })
  expect((await again.reportOnceOver(other)).status).toBe('finished')
  expect((await again.get<Page<unknown>>('/v1/bosses')).body.items).toHaveLength(3)
})

// the last one, as it ends the daemon that the others share
test('a Boss that failed of its policy is the same after a restart', async ({ daemon }) => {
  expect(failed).toHaveLength(wrong.length)
  await daemon.crash()
  const again = await start({ data: daemon.data })
  for (const document of failed) expect(await again.boss(document)).toEqual(document)
})
