import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { TestCrew, unbound } from '../support/crew.js'
import { Logbook } from '../support/logbook.js'
import { allowedCpusOf, descriptorsOf, isAlive } from '../support/processes.js'
import { tempDir, until } from '../support/temp.js'
import { surveyMachine } from '../../src/machine.js'

const noops = (n: number) => Array.from({ length: n }, (_, value) => ({ value }))
const sh = (script: string, ...args: string[]) => ({ program: 'sh', args: ['-c', script, ...args] })

test('rows of a frame are reported in their order, each once', async () => {
  const crew = new TestCrew()
  const [first, second] = [crew.send(unbound(1), 'noop', noops(1000)), crew.send(unbound(1), 'noop', noops(10))]
  await crew.reported(second, 10)
  expect(crew.rowsOf(first)).toEqual(noops(1000).map(({ value }) => value))
  expect(crew.entriesOf(first).map(({ report }) => report)).toEqual(noops(1000).map(({ value }) => value))
  expect(crew.told.findLastIndex((told) => told.type === 'reported' && told.f === first)).toBeLessThan(
    crew.told.findIndex((told) => told.type === 'reported' && told.f === second),
  )
})

test('a row that lasts has told that it began, and what ended before it has been reported', async () => {
  const crew = new TestCrew()
  const log = new Logbook(tempDir())
  const f = crew.send(unbound(1), 'noop', noops(5))
  const g = crew.send(unbound(1), 'gated', [{ gate: log.gate('g'), log: log.file, name: 'long' }])
  await until(() => crew.told.some((told) => told.type === 'started' && told.f === g), 'the long row has begun')
  expect(crew.rowsOf(f)).toEqual([0, 1, 2, 3, 4])
  expect(crew.rowsOf(g)).toEqual([])
  log.open('g')
  expect(await crew.reported(g, 1)).toMatchObject([{ name: 'long', outcome: 'succeeded', usage: { wall: expect.any(Number) as number } }])
})

test('exceptions, values that are no JSON and programs that fail are reported; the host goes on', async () => {
  const crew = new TestCrew()
  const f = crew.send(unbound(1), 'throwing', [{ message: 'a' }])
  const g = crew.send(unbound(1), 'cyclic', [{}])
  const h = crew.send(unbound(1), 'noop', noops(1))
  await crew.reported(h, 1)
  expect(crew.entriesOf(f)).toMatchObject([{ outcome: 'failed', cause: 'exception', error: { type: 'RangeError', message: 'a' } }])
  expect(crew.entriesOf(g)).toMatchObject([{ outcome: 'failed', cause: 'exception', error: { type: 'TypeError' } }])
  const p = crew.send(unbound(1), 'command', [
    sh('exit 3'),
    sh('kill -KILL $$'),
    { program: 'no-such-program' },
    { program: '/etc/hostname' },
    sh('echo $0', 'fine'),
  ])
  expect(await crew.reported(p, 5)).toMatchObject([
    { cause: 'exit', exit_code: 3 },
    { cause: 'signal', signal: 'SIGKILL' },
    { cause: 'start', error: { message: expect.stringContaining('no-such-program') as string } },
    { cause: 'start' },
    { outcome: 'succeeded', report: { rc: 0, stdout: 'fine\n' } },
  ])
  expect(crew.told.filter(({ type }) => type === 'ended')).toEqual([])
})

test('a task that ends its process is to blame, those behind it come back', async () => {
  const crew = new TestCrew()
  const f = crew.send(unbound(1), 'noop', noops(3))
  const g = crew.send(unbound(1), 'exiting', [{ code: 9 }, { code: 8 }])
  const h = crew.send(unbound(1), 'noop', noops(3))
  expect(await crew.ended()).toMatchObject({ frames: [g, h], guilty: { f: g, row: 0 }, cause: 'exit', exitCode: 9 })
  expect(crew.rowsOf(f)).toEqual([0, 1, 2])
  expect(crew.rowsOf(h)).toEqual([])
})

test('a host that is killed amid a batch of fast rows blames the very row that ran', async () => {
  const crew = new TestCrew()
  const log = new Logbook(tempDir())
  const fast = crew.send(unbound(1), 'noop', noops(200))
  const f = crew.send(
    unbound(1),
    'logging',
    // the last one lasts, so that there is one to kill in any case
    Array.from({ length: 400 }, (_, i) => ({ name: String(i), log: log.file, ms: i === 399 ? 60_000 : 1 })),
  )
  await log.untilWritten('- 150')
  process.kill(await crew.pidOf(f), 'SIGKILL')
  const end = await crew.ended()
  const ran = log.lines.at(-1) ?? ''
  const [sign, row] = [ran[0], Number(ran.slice(2))]
  expect(end).toMatchObject({ frames: [f], cause: 'signal', signal: 'SIGKILL' })
  // between two rows it blames none, or the next one if that was just to begin
  const guilty = sign === '+' ? [row] : [undefined, row, row + 1]
  expect(guilty).toContain(end.guilty?.row)
  expect(crew.rowsOf(fast)).toHaveLength(200)
  expect(crew.rowsOf(f)).toEqual(crew.rowsOf(f).map((_, i) => i))
  expect(crew.rowsOf(f).length).toBeLessThanOrEqual(row + 1)
})

test('a busy loop that is killed from outside is to blame, and the next host carries on at its place', async () => {
  const crew = new TestCrew()
  const log = new Logbook(tempDir())
  const f = crew.send(unbound(1), 'busy', [{ name: 'busy', log: log.file }])
  await log.untilWritten('+ busy')
  process.kill(await crew.pidOf(f), 'SIGSEGV')
  expect(await crew.ended()).toMatchObject({ guilty: { f, row: 0 }, cause: 'signal', signal: 'SIGSEGV' })
  await crew.reported(crew.send(unbound(1), 'noop', noops(1)), 1)
})

test('rows that have not begun can be taken back; those that have stay', async () => {
  const crew = new TestCrew()
  const log = new Logbook(tempDir())
  const f = crew.send(
    unbound(1),
    'gated',
    ['a', 'b', 'c', 'd'].map((name) => ({ name, gate: log.gate('g'), log: log.file })),
  )
  const g = crew.send(unbound(1), 'noop', noops(5))
  await log.untilWritten('+ a')
  crew.crew.takeBack(f, 2)
  crew.crew.takeBack(g, 0)
  await until(() => crew.told.filter(({ type }) => type === 'kept').length === 2, 'both are answered')
  expect(crew.told.filter(({ type }) => type === 'kept')).toEqual([
    { type: 'kept', f, row: 2 },
    { type: 'kept', f: g, row: 0 },
  ])
  log.open('g')
  const h = crew.send(unbound(1), 'noop', noops(1))
  await crew.reported(h, 1)
  expect(crew.rowsOf(f)).toEqual([0, 1])
  expect(crew.rowsOf(g)).toEqual([])
  expect(log.begun).toEqual(['a', 'b'])
})

test('taking back from a row that has begun keeps that row', async () => {
  const crew = new TestCrew()
  const log = new Logbook(tempDir())
  const f = crew.send(
    unbound(1),
    'gated',
    ['a', 'b'].map((name) => ({ name, gate: log.gate('g'), log: log.file })),
  )
  await log.untilWritten('+ a')
  crew.crew.takeBack(f, 0)
  await until(() => crew.told.some(({ type }) => type === 'kept'), 'it is answered')
  expect(crew.told.filter(({ type }) => type === 'kept')).toEqual([{ type: 'kept', f, row: 1 }])
  log.open('g')
  await crew.reported(f, 1)
})

test('a task that blocks its process does not keep what waits behind it', async () => {
  const crew = new TestCrew()
  const log = new Logbook(tempDir())
  const f = crew.send(
    unbound(1),
    'blocking',
    ['a', 'b'].map((name) => ({ name, gate: log.gate('g'), log: log.file })),
  )
  const g = crew.send(unbound(1), 'noop', noops(3))
  await log.untilWritten('+ a')
  crew.crew.takeBack(g, 1)
  crew.crew.takeBack(f, 0)
  await until(() => crew.told.filter(({ type }) => type === 'kept').length === 2, 'both come back while it blocks')
  expect(log.lines).toEqual(['+ a'])
  log.open('g')
  const h = crew.send(unbound(1), 'noop', noops(1))
  await crew.reported(h, 1)
  expect(crew.told.filter(({ type }) => type === 'kept')).toEqual([
    { type: 'kept', f: g, row: 1 },
    { type: 'kept', f, row: 1 },
  ])
  expect(crew.rowsOf(f)).toEqual([0])
  expect(crew.rowsOf(g)).toEqual([0])
  expect(log.begun).toEqual(['a'])
})

test('a module that throws on import fails its row as a start; one that ends the process ends the host', async () => {
  const crew = new TestCrew()
  const f = crew.send(unbound(1), 'throws-on-import', [{}])
  const g = crew.send(unbound(1), 'noop', noops(1))
  await until(() => crew.told.some(({ type }) => type === 'ended') || crew.rowsOf(g).length > 0, 'the host has left, or gone on')
  expect(crew.entriesOf(f)).toMatchObject([
    { outcome: 'failed', cause: 'start', error: { message: 'this plugin does not want to be imported' } },
  ])
  for (const told of crew.told) if (told.type === 'ended') expect(told).toMatchObject({ frames: [g], guilty: undefined })
  const other = new TestCrew()
  const h = other.send(unbound(1), 'exits-on-import', [{}, {}])
  expect(await other.ended()).toMatchObject({ frames: [h], guilty: { f: h, row: 0 }, cause: 'start', exitCode: 7 })
})

test('stop sends SIGTERM to the group of a program, then SIGKILL; a child that left the group ends with the host', async () => {
  const crew = new TestCrew()
  const log = new Logbook(tempDir())
  const pids = (name: string) => join(crew.dir, name)
  const script = `trap '' TERM
setsid sh -c 'echo $$ > "$0"; exec sleep 600' "${pids('grandchild')}" &
sh -c 'echo $$ > "$0"; trap "" TERM; while :; do sleep 0.05; done' "${pids('child')}" &
until [ -s "${pids('grandchild')}" ] && [ -s "${pids('child')}" ]; do sleep 0.01; done
echo "+ all" >> "${log.file}"
while :; do sleep 0.05; done`
  const f = crew.send(unbound(1), 'command', [sh(script), sh('echo next')])
  await log.untilWritten('+ all')
  crew.crew.stop(f, 0, 100, { o: 'p' })
  const [stopped, next] = await crew.reported(f, 2)
  expect(stopped).toMatchObject({ outcome: 'cancelled', cause: 'stopped', signal: 'SIGKILL' })
  expect(next).toMatchObject({ outcome: 'succeeded' })
  const [child, grandchild] = ['child', 'grandchild'].map((name) => Number(readFileSync(pids(name), 'utf8')))
  await until(() => !isAlive(child ?? 0), 'the child is gone')
  await crew.crew.close(500)
  await until(() => !isAlive(grandchild ?? 0), 'the grandchild goes with its host at the latest')
})

test('a program that ends well because it was told to end is cancelled all the same', async () => {
  const crew = new TestCrew()
  const log = new Logbook(tempDir())
  const f = crew.send(unbound(1), 'command', [sh(`trap 'exit 0' TERM; echo + >> "${log.file}"; while :; do sleep 0.02; done`)])
  await until(() => log.lines.length > 0, 'it runs')
  crew.crew.stop(f, 0, 5000, { o: 'p' })
  expect(await crew.reported(f, 1)).toMatchObject([{ outcome: 'cancelled', cause: 'stopped' }])
})

test('a row that is stopped before it begins does not begin, and the others go on', async () => {
  const crew = new TestCrew()
  const log = new Logbook(tempDir())
  const f = crew.send(
    unbound(1),
    'gated',
    ['a', 'b'].map((name) => ({ name, gate: log.gate('g'), log: log.file })),
  )
  await log.untilWritten('+ a')
  crew.crew.stop(f, 1, 50, { o: 'p' })
  crew.crew.stop(f + 100, 0, 50, { o: 'p' })
  log.open('g')
  expect(await crew.reported(f, 2)).toMatchObject([{ outcome: 'succeeded' }, { outcome: 'cancelled', cause: 'stopped' }])
})

test('a task that blocks its process is killed with it after the grace', async () => {
  const crew = new TestCrew()
  const log = new Logbook(tempDir())
  const f = crew.send(unbound(1), 'busy', [{ name: 'busy', log: log.file }])
  await log.untilWritten('+ busy')
  crew.crew.stop(f, 0, 50, { o: 'p' })
  expect(await crew.ended()).toMatchObject({ guilty: { f, row: 0 }, cause: 'signal', signal: 'SIGKILL' })
})

test('five hundred programs leave no descriptor open in their host', async () => {
  const crew = new TestCrew()
  const first = crew.send(unbound(1), 'command', [sh('sleep 0.05; seq 1 5000'), { program: 'true' }, { program: 'no-such-program' }])
  await crew.reported(first, 3)
  const warm = crew.send(unbound(1), 'command', [{ program: 'true' }])
  const pid = await crew.pidOf(warm).catch(() => 0)
  await crew.reported(warm, 1)
  const host = pid || (crew.crew.hosts()[0]?.pid ?? 0)
  const before = descriptorsOf(host)
  const rows = Array.from({ length: 500 }, (_, i) =>
    i % 50 === 0 ? sh('seq 1 5000; exit 1') : i % 50 === 1 ? { program: 'no-such-program' } : { program: 'true' },
  )
  await crew.reported(crew.send(unbound(1), 'command', rows), 500)
  await until(() => descriptorsOf(host) <= before, 'as many as before are open')
})

test('bound hosts run on their own core, and so do their programs', async () => {
  const { cpus } = surveyMachine()
  const crew = new TestCrew()
  const cat = sh('grep Cpus_allowed_list /proc/self/status | cut -f2')
  const frames = cpus.slice(0, 2).map((cpu, id) => ({
    cpu,
    task: crew.send({ id, cpus: [cpu] }, 'told', [{}]),
    program: crew.send({ id, cpus: [cpu] }, 'command', [cat]),
  }))
  for (const { cpu, task, program } of frames) {
    expect(await crew.reported(task, 1)).toMatchObject([{ cpus: [cpu], report: { cpus: [cpu] } }])
    expect(await crew.reported(program, 1)).toMatchObject([{ cpus: [cpu], report: { stdout: `${cpu}\n` } }])
  }
  for (const {
    pid,
    cpus: [cpu],
  } of crew.crew.hosts())
    expect(allowedCpusOf(pid ?? 0)).toBe(String(cpu))
})

test('a released host is used again for the same CPUs and not for others', async () => {
  const { cpus } = surveyMachine()
  const [cpu = 0] = cpus
  const crew = new TestCrew()
  const pidsOf = async (f: number) => (await crew.reported(f, 1)).map(({ report }) => (report as { pid: number }).pid)
  const first = await pidsOf(crew.send({ id: 1, cpus: [cpu] }, 'told', [{}]))
  crew.crew.release({ id: 1, cpus: [cpu] })
  expect(await pidsOf(crew.send({ id: 2, cpus: [cpu] }, 'told', [{}]))).toEqual(first)
  expect(await pidsOf(crew.send(unbound(3), 'told', [{}]))).not.toEqual(first)
})

test('close ends hosts and programs and leaves no file of theirs', async () => {
  const crew = new TestCrew()
  const log = new Logbook(tempDir())
  const { kind: _kind, ...row } = log.program('a', 'never', `trap '' TERM; echo $$ > ${join(crew.dir, 'pid')}`)
  crew.send(unbound(1), 'command', [row])
  crew.send(unbound(2), 'busy', [{ name: 'busy', log: log.file }])
  await log.untilWritten('+ a')
  await log.untilWritten('+ busy')
  const hosts = crew.crew.hosts().map(({ pid }) => pid ?? 0)
  await crew.crew.close(100)
  expect(hosts.filter(isAlive)).toEqual([])
  await until(() => !isAlive(Number(readFileSync(join(crew.dir, 'pid'), 'utf8'))), 'the program is gone')
  expect(readdirSync(join(crew.dir, 'run'))).toEqual([])
})
