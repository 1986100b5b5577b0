import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { surveyMachine } from '../../dist/machine.js'
import { isAlive } from '../support/processes.js'
import { until } from '../support/temp.js'
import { aBatch, aCrew, aModule, carryOut } from './a-crew.js'

const place = { id: 1, cpus: [] }

test('a task gets its attributes with the name, and what it returns is the report', async () => {
  const entry = await carryOut('echo', { width: 3 })
  expect(entry).toMatchObject({ name: 'echo-0', outcome: 'succeeded', cpus: [] })
  expect(entry.report).toEqual({
    instruction: { kind: 'echo', memory: 0, expected_time: 0, width: 3, name: 'echo-0' },
    context: { cpus: [], scheduler_ticket: 0, boss: 7, instruction: 1000, attempt: 1 },
    aborted: false,
  })
  expect(new Date(entry.finished_at).getTime()).toBeGreaterThanOrEqual(new Date(entry.started_at).getTime())
  expect(entry.usage.max_rss).toBeGreaterThan(10)
})

test('memory is that of the worker itself, however much the process has that started it', async () => {
  const { dir } = aCrew()
  const task = `({ MiB }) => {
    const until = performance.now() + 5
    const held = Buffer.alloc(MiB * 2 ** 20, 1)
    while (performance.now() < until);
    return [held.length, Number(/VmHWM:\\s*(\\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))[1]) / 1024]
  }`
  const holder = aModule(dir, `import { readFileSync } from 'node:fs'\nexport default { worker: 'holder', task: ${task} }`)
  const { crew, told } = aCrew({ holder })
  const parent = Buffer.alloc(300 * 2 ** 20, 1)
  crew.send(place, 'js', aBatch(1, 'holder', [{ MiB: 0 }, { MiB: 400 }]))
  await until(() => told.reports.size === 2, 'both reports')
  for (const row of ['1 0', '1 1']) {
    const { report, usage } = told.reports.get(row) ?? {}
    const [, peak] = report as [number, number]
    expect(usage?.max_rss).toBeGreaterThan(peak - 1)
    expect(usage?.max_rss).toBeLessThan(peak + 10)
  }
  expect(told.reports.get('1 0')?.usage.max_rss).toBeLessThan(parent.length / 2 ** 20)
  expect(told.reports.get('1 1')?.usage.max_rss).toBeGreaterThan(400)
})

test('rows are reported in order, once each, whatever they are cut into', async () => {
  const { crew, told } = aCrew()
  const n = 150
  for (let f = 1; f <= 20; f++)
    crew.send(
      place,
      'js',
      aBatch(
        f,
        'noop',
        Array.from({ length: n }, () => ({})),
      ),
    )
  await until(() => told.reports.size === 20 * n, 'all reports')
  let [f, row] = [1, 0]
  for (const head of told.heads) {
    expect([head.f, head.at]).toEqual([f, row])
    expect(head.o).toBe('.'.repeat(head.n))
    row += head.n
    if (row === n) [f, row] = [f + 1, 0]
  }
  expect(told.heads.map(({ r }) => r)).toEqual(told.heads.map((_, i) => i + 1))
  expect(told.heads.length).toBeLessThan(20 * n) // short rows share a write
})

test('a row that takes long is told to have started before it ends', async () => {
  const { crew, told } = aCrew()
  crew.send(place, 'js', aBatch(1, 'nap', [{ ms: 50 }, { ms: 60_000 }]))
  await until(() => told.order.length === 3, 'the second row to start')
  expect(told.order).toEqual(['started 1 0', 'reported 1 0+1', 'started 1 1'])
})

test('what ended before a long row, however shortly, is told while that row runs', async () => {
  const { crew, told } = aCrew()
  for (let f = 1; f < 200; f += 2) {
    crew.send(place, 'js', aBatch(f, 'noop', [{}, {}, {}]))
    crew.send(place, 'js', aBatch(f + 1, 'nap', [{ ms: 60_000 }]))
    await until(() => told.order.at(-1) === `started ${f + 1} 0`, 'the nap to start')
    expect(told.reports.has(`${f} 2`)).toBe(true)
    crew.stop(f + 1, 0, 10_000, { o: 'r' })
    await until(() => told.reports.has(`${f + 1} 0`), 'the end of the nap')
  }
})

test.each([
  ['thrower', 'RangeError', 'too far'],
  ['rejecter', 'TypeError', 'not that'],
])('what %s throws makes the row failed, with type, message and traceback', async (kind, type, message) => {
  const entry = await carryOut(kind, {})
  expect(entry).toMatchObject({ outcome: 'failed', cause: 'exception', report: null, error: { type, message } })
  expect(entry.traceback).toContain('kinds.mjs')
})

test.each(['cycle', 'big'])(
  'a report that JSON cannot hold (%s) makes the row failed, and its neighbours stay as they are',
  async (kind) => {
    const { crew, told } = aCrew()
    crew.send(place, 'js', aBatch(1, 'noop', [{}, {}]))
    crew.send(place, 'js', aBatch(2, kind))
    crew.send(place, 'js', aBatch(3, 'noop'))
    await until(() => told.reports.size === 4, 'all reports')
    expect(told.reports.get('2 0')).toMatchObject({ outcome: 'failed', cause: 'exception' })
    expect(told.reports.get('2 0')?.error?.message).toContain('JSON')
    for (const row of ['1 0', '1 1', '3 0']) expect(told.reports.get(row)?.outcome).toBe('succeeded')
  },
)

test('a report of several megabytes arrives whole', async () => {
  const entry = await carryOut('long', { length: 5_000_000 })
  expect((entry.report as string).length).toBe(5_000_000)
})

test('what goes wrong outside of the promise fails the row that runs, and a fresh host carries on', async () => {
  const { crew, told } = aCrew()
  crew.send(place, 'js', aBatch(1, 'pid'))
  crew.send(place, 'js', aBatch(2, 'stray', [{}, {}]))
  await until(() => told.ended.length === 1, 'the host to leave')
  expect(told.reports.get('2 0')).toMatchObject({ outcome: 'failed', cause: 'exception', error: { message: 'strayed' } })
  expect(told.ended[0]).toMatchObject({ frames: [2], guilty: undefined }) // the second row was never begun
  crew.send(place, 'js', aBatch(3, 'pid'))
  await until(() => told.reports.has('3 0'), 'a report of the next host')
  expect(told.reports.get('3 0')?.report).not.toBe(told.reports.get('1 0')?.report)
})

test.each([0, 3, 75])('a task that calls process.exit(%i) is to blame for it, and what ended before is reported', async (code) => {
  const { crew, told } = aCrew()
  crew.send(place, 'js', aBatch(1, 'noop', [{}, {}, {}]))
  crew.send(place, 'js', aBatch(2, 'exiter', [{ code }, { code }]))
  await until(() => told.ended.length === 1, 'the end of the host')
  expect(told.ended[0]).toMatchObject({ frames: [2], guilty: { f: 2, row: 0 }, cause: 'exit', exitCode: code })
  expect(told.order.at(-1)).toBe('ended')
  expect(told.reports.size).toBe(3)
})

test('the last lines that a task wrote to stderr are there when its host is gone', async () => {
  const { crew, told } = aCrew()
  crew.send(place, 'js', aBatch(1, 'talker', [{ text: `${'noise\n'.repeat(5000)}the reason\n` }]))
  await until(() => told.ended.length === 1, 'the end of the host')
  expect(told.ended[0]?.stderrTail).toMatch(/noise\nthe reason\n$/)
  expect(told.ended[0]?.stderrTail.length).toBeLessThanOrEqual(4096)
})

test('a module that cannot be imported fails every row of the frame with cause start; other kinds go on in a fresh host', async () => {
  const { dir, ...crewAndTold } = aCrew()
  const broken = aModule(dir, 'throw new Error("no licence")')
  const { crew, told } = aCrew({ broken })
  crew.send(place, 'js', aBatch(1, 'broken', [{}, {}]))
  crew.send(place, 'js', aBatch(2, 'noop'))
  await until(() => told.ended.length === 1, 'the host to leave')
  for (const row of ['1 0', '1 1']) {
    expect(told.reports.get(row)).toMatchObject({ outcome: 'failed', cause: 'start', error: { message: 'no licence' } })
  }
  expect(told.ended[0]).toMatchObject({ frames: [2], guilty: undefined })
  crew.send(place, 'js', aBatch(3, 'noop'))
  await until(() => told.reports.has('3 0'), 'the next host')
  await crewAndTold.crew.close(0)
})

test('a module that lacks the kind by now fails its rows with cause start', async () => {
  const { dir } = aCrew()
  const { crew, told } = aCrew({ renamed: aModule(dir, 'export default { worker: "other", task() {} }') })
  crew.send(place, 'js', aBatch(1, 'renamed'))
  await until(() => told.reports.size === 1, 'the report')
  expect(told.reports.get('1 0')).toMatchObject({ outcome: 'failed', cause: 'start' })
  expect(told.reports.get('1 0')?.error?.message).toContain('renamed')
})

test('a module that ends the process while it is imported is to blame, with cause start', async () => {
  const { dir } = aCrew()
  const { crew, told } = aCrew({ quitter: aModule(dir, 'process.exit(4)') })
  crew.send(place, 'js', aBatch(1, 'quitter', [{}, {}]))
  await until(() => told.ended.length === 1, 'the end of the host')
  expect(told.ended[0]).toMatchObject({ frames: [1], guilty: { f: 1, row: 0 }, cause: 'start', exitCode: 4 })
})

test('a task that heeds the signal ends as what the caller said', async () => {
  const { crew, told } = aCrew()
  crew.send(place, 'js', aBatch(1, 'nap', [{ ms: 60_000 }, { ms: 1 }]))
  crew.send(place, 'js', aBatch(2, 'obliging'))
  crew.send(place, 'js', aBatch(3, 'nap', [{ ms: 60_000 }]))
  await until(() => told.order.includes('started 1 0'), 'the first nap')
  crew.stop(1, 0, 10_000, { o: 'r' })
  await until(() => told.order.includes('started 2 0'), 'the obliging one')
  expect(told.reports.get('1 0')).toMatchObject({ outcome: 'cancelled', cause: 'requested', report: null })
  expect(told.reports.get('1 1')?.outcome).toBe('succeeded')
  crew.stop(2, 0, 10_000, { o: 'p' })
  await until(() => told.order.includes('started 3 0'), 'the last nap')
  expect(told.reports.get('2 0')).toMatchObject({ outcome: 'cancelled', cause: 'stopped', report: 'as far as I came' })
  crew.stop(3, 0, 10_000, { o: 't' })
  await until(() => told.reports.has('3 0'), 'the last report')
  expect(told.reports.get('3 0')).toMatchObject({ outcome: 'failed', cause: 'timeout' })
  expect(told.heads.map(({ o }) => o).join('')).toBe('r.pt')
})

test('a task that blocks its process is killed after the grace, and only what it ran is to blame', async () => {
  const { crew, told } = aCrew()
  crew.send(place, 'js', aBatch(1, 'spin', [{ ms: 60_000 }, { ms: 1 }]))
  await until(() => told.order.includes('started 1 0'), 'the spin')
  crew.stop(1, 0, 50, { o: 'r' })
  await until(() => told.ended.length === 1, 'the end of the host')
  expect(told.ended[0]).toMatchObject({ frames: [1], guilty: { f: 1, row: 0 }, cause: 'signal', signal: 'SIGKILL' })
})

test('a stop that comes too late stops nothing, one that comes before the row begins keeps it from beginning', async () => {
  const { crew, told } = aCrew()
  crew.send(place, 'js', aBatch(1, 'noop'))
  await until(() => told.reports.size === 1, 'the report')
  crew.send(place, 'js', aBatch(2, 'nap', [{ ms: 60_000 }, { ms: 60_000 }]))
  crew.stop(1, 0, 0, { o: 'r' })
  crew.stop(2, 1, 0, { o: 'r', error: { type: 'Cancelled', message: 'not wanted' } })
  crew.stop(2, 0, 10_000, { o: 'p' })
  await until(() => told.reports.size === 3, 'the other reports')
  expect(told.heads.map(({ o }) => o).join('')).toBe('.pr')
  expect(told.reports.get('2 1')).toMatchObject({ outcome: 'cancelled', error: { message: 'not wanted' }, usage: { wall: 0 } })
  expect(told.ended).toEqual([])
})

test('rows wanted back come back, except those that have begun', async () => {
  const { crew, told } = aCrew()
  crew.send(place, 'js', aBatch(1, 'nap', [{ ms: 60_000 }, { ms: 1 }, { ms: 1 }, { ms: 1 }]))
  crew.send(place, 'js', aBatch(2, 'noop', [{}, {}]))
  crew.send(place, 'js', aBatch(3, 'noop'))
  await until(() => told.order.includes('started 1 0'), 'the first row')
  crew.takeBack(1, 3)
  crew.takeBack(1, 0) // less than has begun
  crew.takeBack(2, 0)
  crew.stop(1, 0, 10_000, { o: 'r' })
  await until(() => told.reports.has('3 0'), 'the last frame')
  expect(told.order.filter((what) => what.startsWith('kept'))).toEqual(['kept 1 3', 'kept 1 1', 'kept 2 0'])
  expect([...told.reports.keys()]).toEqual(['1 0', '3 0'])
  expect(crew.hosts()).toMatchObject([{ role: 'js', frames: [] }])
})

test('rows behind one that has run for a while are back at once, though its task blocks the process', async () => {
  const { crew, told } = aCrew()
  crew.send(place, 'js', aBatch(1, 'spin', [{ ms: 1000 }, { ms: 1 }, { ms: 1 }]))
  await until(() => told.order.includes('started 1 0'), 'the first row')
  await setTimeout(50)
  crew.takeBack(1, 2)
  expect(told.order.at(-1)).toBe('kept 1 2')
  crew.takeBack(1, 0)
  expect(told.order.at(-1)).toBe('kept 1 1')
  crew.send(place, 'js', aBatch(2, 'noop'))
  await until(() => told.reports.has('2 0'), 'the next frame')
  expect([...told.reports.keys()]).toEqual(['1 0', '2 0'])
  expect(told.order.filter((what) => what.startsWith('kept'))).toEqual(['kept 1 2', 'kept 1 1'])
})

test('a report tells how long its host waited for a CPU that others had', async () => {
  const { crew, told } = aCrew()
  const cpus = surveyMachine().cpus.slice(0, 1)
  for (const f of [1, 2]) crew.send({ id: f, cpus }, 'js', aBatch(f, 'spin', [{ ms: 300 }]))
  await until(() => told.heads.length === 2, 'both reports')
  for (const { ms, waited = 0 } of told.heads) expect(waited).toBeLessThanOrEqual(ms)
  // where both spun at once, one of them waited
  expect(told.heads.some(({ waited = 0 }) => waited > 1)).toBe(true)
})

test('rows of a short kind can be taken back while it is being worked off, and none is lost or done twice', async () => {
  const { crew, told } = aCrew()
  const n = 3000
  crew.send(
    place,
    'js',
    aBatch(
      1,
      'noop',
      Array.from({ length: n }, () => ({})),
    ),
  )
  await until(() => told.heads.length > 0, 'the first reports')
  crew.takeBack(1, 0)
  const kept = await until(() => told.order.find((what) => what.startsWith('kept')), 'the answer')
  const k = Math.min(n, Number(kept.split(' ')[2]))
  await until(() => told.reports.size >= k, 'what was kept')
  crew.send(place, 'js', aBatch(2, 'noop'))
  await until(() => told.reports.has('2 0'), 'the next frame')
  expect(told.reports.size).toBe(k + 1)
})

test('what a task started does not outlive its host', async () => {
  const { crew, told } = aCrew()
  const { report: child } = await carryOut('parent', { program: 'sleep', args: ['600'] }, { crew, told } as ReturnType<typeof aCrew>)
  expect(isAlive(child as number)).toBe(true)
  crew.send(place, 'js', aBatch(2, 'killed'))
  await until(() => !isAlive(child as number), 'the end of the child')
})

test('sleeper tells for how long it slept and where, as Python writes it', async () => {
  const unbound = await carryOut('sleeper', { sleeping_time: 0.02, wakeup_sentence: 'Hello !' })
  expect(unbound.report).toBe('Hello ! Woke up after 0.02 s sleep on cpu [None]')
  const { crew, told } = aCrew()
  crew.send({ id: 1, cpus: [1] }, 'js', aBatch(1, 'sleeper', [{ sleeping_time: 0, wakeup_sentence: 'Up!' }]))
  await until(() => told.reports.size === 1, 'the report')
  expect(told.reports.get('1 0')).toMatchObject({ report: 'Up! Woke up after 0.0 s sleep on cpu [1]', cpus: [1] })
})

test('a host that has more to report than what is on its way to disk waits, and goes on with the acknowledgements', async () => {
  const { crew, told } = aCrew()
  told.acknowledges = false
  const rows = 40
  const long = Array.from({ length: rows }, () => ({ length: 2 ** 20 }))
  crew.send(place, 'js', aBatch(1, 'long', long))
  await until(() => told.heads.length > 0, 'it reports')
  const pid = crew.hosts()[0]?.pid ?? 0
  let waitsSince = Infinity
  // system calls of these numbers, of two machines, are write and writev: nobody takes what it says
  const blocked = () => /^(1|20|64|66) /.test(readFileSync(`/proc/${pid}/syscall`, 'latin1'))
  for (let seen = 0; seen < 20; ) {
    const before = told.heads.length
    await until(blocked, 'it waits')
    if (seen === 0) waitsSince = performance.now()
    await setTimeout(5) // what it has written is read meanwhile
    seen = before === told.heads.length ? seen + 1 : 0
  }
  const unwritten = told.heads.reduce((sum, { bytes }) => sum + bytes, 0)
  expect(unwritten).toBeGreaterThan(2 * 2 ** 20)
  expect(unwritten).toBeLessThan(5 * 2 ** 20)
  told.acknowledges = true
  told.acknowledge()
  const waited = performance.now() - waitsSince
  await until(() => told.reports.size === rows, 'all is reported')
  // its wait is none of a row's time
  expect(Math.max(...[...told.reports.values()].map(({ usage }) => usage.wall * 1000))).toBeLessThan(waited)
})
