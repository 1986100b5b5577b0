import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { lineTest as test, startDaemon, type Daemon, type Page, type Problem, type Report } from '../support/daemon.js'
import { isAlive } from '../support/processes.js'
import { tempDir, until } from '../support/temp.js'

const one = { limit: 'threads', max_threads: 1 }
const two = { limit: 'threads', max_threads: 2 }

/** Ids of the Bosses that hold places, one for each place. */
const held = async (daemon: Daemon) =>
  (await daemon.get<{ places: { boss: number }[] }>('/v1/resources')).body.places.map(({ boss }) => boss)

test('with start: false nothing starts until the Boss is told to work', async ({ daemon, log }) => {
  log.open('g')
  const boss = await daemon.hire({ start: false, instructions: [log.gated('a', 'g'), log.gated('b', 'g')] })
  expect(boss).toMatchObject({ status: 'halted', halted: true, counts: { pending: 2, working: 0 } })
  // another Boss goes through the whole line meanwhile
  await daemon.reportOnceOver(await daemon.hire({ instructions: [{ kind: 'noop' }], end: true }))
  expect(log.lines).toEqual([])
  expect(await daemon.tell(boss, 'work', { terminate: true })).toMatchObject({ status: 'ending', halted: false })
  expect((await daemon.reportOnceOver(boss)).workers_report).toHaveLength(2)
})

test('halt lets running work finish, takes followers back and starts nothing new; work goes on', async ({ daemon, log }) => {
  const boss = await daemon.hire({
    scheduler: one,
    instructions: [log.gated('a', 'a'), ...['b', 'c', 'd'].map((name) => log.gated(name, 'rest'))],
  })
  log.open('rest')
  await until(async () => (await daemon.boss(boss)).counts.working === 1, 'a is known to work')
  expect(await daemon.tell(boss, 'halt')).toMatchObject({ status: 'halted', halted: true, counts: { working: 1, pending: 3 } })
  log.open('a')
  await until(async () => (await daemon.boss(boss)).counts.succeeded === 1, 'a is reported')
  await daemon.reportOnceOver(await daemon.hire({ instructions: [{ kind: 'noop' }], end: true }))
  expect((await daemon.boss(boss)).counts).toEqual({ pending: 3, working: 0, succeeded: 1, failed: 0, cancelled: 0 })
  expect(log.begun).toEqual(['a'])
  await daemon.tell(boss, 'work', { terminate: true })
  await daemon.reportOnceOver(boss)
  expect(log.begun).toEqual(['a', 'b', 'c', 'd'])
})

test('halt takes hundreds of short followers back, none is lost and none runs twice', async ({ daemon }) => {
  const boss = await daemon.hire({
    scheduler: two,
    common_instructions: { kind: 'noop' },
    individual_instructions: { value: Array.from({ length: 3000 }, (_, i) => i) },
  })
  for (let round = 0; round < 5; round++) {
    await daemon.tell(boss, 'halt')
    await until(async () => (await daemon.boss(boss)).counts.working === 0, 'what runs has finished')
    const { counts } = await daemon.boss(boss)
    expect(counts.pending + counts.working + counts.succeeded).toBe(3000)
    await daemon.tell(boss, 'work')
  }
  await daemon.tell(boss, 'end')
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(workers_report.map(({ instruction }) => instruction).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 3000 }, (_, i) => i + 1),
  )
  expect(workers_report.every(({ attempt }) => attempt === 1)).toBe(true)
})

test('halt is heard before the next one begins also by a host that a task had blocked', async ({ daemon, log }) => {
  const rows = ['a', 'b', 'c'].map((name) => ({ kind: 'blocking', name, log: log.file, gate: log.gate('g') }))
  const boss = await daemon.hire({ scheduler: one, instructions: rows })
  await log.untilWritten('+ a')
  await until(async () => (await daemon.get<Page<{ ahead: number }>>('/v1/workers')).body.items.some(({ ahead }) => ahead > 0), 'b is sent')
  await daemon.tell(boss, 'halt')
  // its word has left for the host by then: the daemon has answered another call
  await daemon.boss(boss)
  log.open('g')
  await until(async () => !(await held(daemon)).includes(boss.id), 'its place is free')
  expect(log.begun).toEqual(['a'])
  await daemon.tell(boss, 'stop')
})

test('halt also takes back what an idle place was about to get only a part of', async ({ daemon, log }) => {
  const short = (name: string) => ({ kind: 'blocking', name, log: log.file, ms: 2 })
  const names = (prefix: string) => Array.from({ length: 40 }, (_, i) => short(`${prefix}${i}`))
  // now its instructions are known to be short, and many are sent ahead
  await daemon.reportOnceOver(await daemon.hire({ scheduler: one, instructions: names('known'), end: true }))
  const boss = await daemon.hire({ scheduler: two, instructions: [{ ...short('long'), gate: log.gate('g') }, ...names('later')] })
  await log.untilWritten('+ long')
  await log.untilWritten('- later0')
  // the other place has nothing left to do, so half of what is ahead of this one is asked back, and its host cannot answer
  await until(async () => (await held(daemon)).filter((id) => id === boss.id).length === 1, 'one of two places is free')
  await daemon.tell(boss, 'halt')
  const { begun } = log
  // its word has left for the host by then: another Boss goes through the whole line meanwhile
  await daemon.reportOnceOver(await daemon.hire({ instructions: [{ kind: 'noop' }], end: true }))
  log.open('g')
  await until(async () => !(await held(daemon)).includes(boss.id), 'its place is free')
  expect(log.begun).toEqual(begun)
  await daemon.tell(boss, 'stop')
})

test('a Boss that ended while halted goes on when told to work', async ({ daemon }) => {
  const boss = await daemon.hire({ start: false, instructions: [{ kind: 'noop' }], end: true })
  expect(boss).toMatchObject({ halted: true, ending: true })
  const refused = await daemon.get<Problem>(`/v1/bosses/${boss.id}/report?interim=false`, { prefer: 'wait=30' })
  expect([refused.status, refused.body.code]).toEqual([409, 'boss-halted'])
  await daemon.tell(boss, 'work')
  expect((await daemon.reportOnceOver(boss)).status).toBe('finished')
})

test('after end instructions are refused and what is pending is done', async ({ daemon, log }) => {
  const boss = await daemon.hire({ scheduler: one, instructions: [log.gated('a', 'g'), log.gated('b', 'g')] })
  expect(await daemon.tell(boss, 'end')).toMatchObject({ status: 'ending', ending: true })
  const refused = await daemon.post<Problem>(`/v1/bosses/${boss.id}/instructions`, { instructions: [{ kind: 'noop' }] })
  expect([refused.status, refused.body.code]).toEqual([409, 'boss-not-listening'])
  log.open('g')
  expect((await daemon.reportOnceOver(boss)).workers_report.map(({ name }) => name)).toEqual(['a', 'b'])
  expect((await daemon.post<Problem>(`/v1/bosses/${boss.id}/instructions`, { instructions: [{ kind: 'noop' }] })).body.code).toBe(
    'boss-not-listening',
  )
})

test('stop lets running work finish and leaves what is pending', async ({ daemon, log }) => {
  const boss = await daemon.hire({ scheduler: one, instructions: ['a', 'b', 'c'].map((name) => log.gated(name, 'g')) })
  await log.untilWritten('+ a')
  expect(await daemon.tell(boss, 'stop')).toMatchObject({ status: 'stopping' })
  log.open('g')
  const report = await daemon.reportOnceOver(boss)
  expect(report).toMatchObject({ status: 'pending', pending: 2, workers_report: [{ name: 'a', outcome: 'succeeded' }] })
  expect(await daemon.boss(boss)).toMatchObject({ status: 'stopped', counts: { pending: 2, working: 0, succeeded: 1 } })
  expect(log.begun).toEqual(['a'])
})

test('a Boss that is stopped with nothing pending has finished', async ({ daemon, log }) => {
  const boss = await daemon.hire({ scheduler: one, instructions: [log.gated('a', 'g')] })
  await log.untilWritten('+ a')
  await daemon.tell(boss, 'stop')
  log.open('g')
  expect(await daemon.reportOnceOver(boss)).toMatchObject({ status: 'finished', pending: 0, workers_report: [{ outcome: 'succeeded' }] })
})

test('stop now sends SIGTERM to a program and aborts a task; both are cancelled, what waits is left', async ({ daemon, log, dir }) => {
  const heard = join(dir, 'heard')
  const rows = [
    log.program('program', 'never', `trap 'echo term > ${heard}; exit 3' TERM`),
    log.gated('task', 'never'),
    log.gated('waiting', 'never'),
  ]
  const boss = await daemon.hire({ scheduler: two, instructions: rows })
  await log.untilWritten('+ program')
  await log.untilWritten('+ task')
  await daemon.tell(boss, 'stop?now=true')
  const report = await daemon.reportOnceOver(boss)
  expect(report).toMatchObject({ status: 'pending', pending: 1 })
  const byName = Object.fromEntries(report.workers_report.map((entry) => [entry.name, entry]))
  expect(byName['program']).toMatchObject({ outcome: 'cancelled', cause: 'stopped', exit_code: 3 })
  expect(byName['task']).toMatchObject({ outcome: 'cancelled', cause: 'stopped' })
  expect(readFileSync(heard, 'utf8')).toBe('term\n')
  expect((await daemon.boss(boss)).counts).toEqual({ pending: 1, working: 0, succeeded: 0, failed: 0, cancelled: 2 })
})

test('a program and a task that do not heed a stop are killed after the grace', async ({ daemon, log }) => {
  const boss = await daemon.hire({
    scheduler: two,
    instructions: [log.program('deaf', 'never', "trap '' TERM"), { kind: 'busy', name: 'busy', log: log.file }],
  })
  await log.untilWritten('+ deaf')
  await log.untilWritten('+ busy')
  await daemon.tell(boss, 'stop?now=true')
  const { status, workers_report } = await daemon.reportOnceOver(boss)
  expect(status).toBe('finished')
  const byName = Object.fromEntries(workers_report.map((entry) => [entry.name, entry]))
  expect(byName['deaf']).toMatchObject({ outcome: 'cancelled', cause: 'stopped', signal: 'SIGKILL' })
  expect(byName['busy']).toMatchObject({ outcome: 'cancelled', cause: 'stopped' })
})

test('an instruction may say itself how long it may clean up', async ({ daemon, log }) => {
  const boss = await daemon.hire({
    scheduler: two,
    instructions: [
      { ...log.program('patient', 'never', "trap '' TERM"), grace: 1.5 },
      { kind: 'busy', name: 'hasty', log: log.file, grace: 0 },
    ],
  })
  await log.untilWritten('+ patient')
  await log.untilWritten('+ hasty')
  await daemon.tell(boss, 'stop?now=true')
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(workers_report.map(({ name, cause }) => [name, cause])).toEqual([
    ['hasty', 'stopped'],
    ['patient', 'stopped'],
  ])
})

test('stop now is heard by a task whose module was still being loaded', async ({ log }) => {
  const plugins = tempDir()
  const awaitGate = `log('+ module'); while (!existsSync(${JSON.stringify(log.gate('g'))})) await new Promise((go) => setTimeout(go, 5))`
  writeFileSync(
    join(plugins, 'late.mjs'),
    `import { appendFileSync, existsSync } from 'node:fs'
    const log = (line) => appendFileSync(${JSON.stringify(log.file)}, line + '\\n')
    if (process.env.TAYLORD_HOST_TOKEN) { ${awaitGate} }
    export default { worker: 'late', footprint: { attr: { kind: { values: ['late'] } } }, task: () => new Promise(() => {}) }`,
  )
  const daemon = await startDaemon({ plugins })
  const boss = await daemon.hire({ instructions: [{ kind: 'late' }] })
  await log.untilWritten('+ module')
  await daemon.tell(boss, 'stop?now=true')
  const { body } = await daemon.get<Page<{ pid: number }>>('/v1/workers')
  log.open('g')
  expect((await daemon.reportOnceOver(boss)).workers_report).toMatchObject([{ outcome: 'cancelled', cause: 'stopped' }])
  expect(body.items.map(({ pid }) => isAlive(pid))).toEqual([true]) // it was told, and did not have to be killed
})

test('stop now during hundreds of short instructions ends at once and counts every one', async ({ daemon }) => {
  const boss = await daemon.hire({
    scheduler: two,
    common_instructions: { kind: 'sleeper', sleeping_time: 0.001 },
    individual_instructions: { wakeup_sentence: Array<string>(5000).fill('x') },
  })
  await until(async () => (await daemon.boss(boss)).counts.succeeded > 0, 'some are reported')
  await daemon.tell(boss, 'stop?now=true')
  const report = await daemon.reportOnceOver(boss)
  const { counts, status } = await daemon.boss(boss)
  expect(status).toBe('stopped')
  expect(counts.pending + counts.succeeded + counts.cancelled).toBe(5000)
  expect(report.workers_report).toHaveLength(counts.succeeded + counts.cancelled)
  expect(report.pending).toBe(counts.pending)
})

test('stop_listening makes a Boss over at once; its program goes on unheard', async ({ daemon, log }) => {
  const boss = await daemon.hire({ name: 'unheard', scheduler: one, instructions: [log.program('a', 'g'), log.program('b', 'g')] })
  await log.untilWritten('+ a')
  await daemon.tell(boss, 'work', { stop_listening: true })
  const report = await daemon.reportOnceOver(boss)
  expect(report).toMatchObject({ workers_report: [] })
  const { status } = await daemon.boss(boss)
  log.open('g')
  await log.untilWritten('- a')
  expect(log.begun).toEqual(['a'])
  // the name is free, and so is the place when the program has ended
  const next = await daemon.hire({ name: 'unheard', scheduler: one, instructions: [{ kind: 'noop' }], end: true })
  expect((await daemon.reportOnceOver(next)).status).toBe('finished')
  expect((await daemon.report(boss.id)).workers_report).toEqual([])
  expect(status).toBe('stopped')
})

test('stop_listening makes a Boss over at once also when its worker was sent more to do', async ({ daemon, log }) => {
  const boss = await daemon.hire({ scheduler: one, instructions: ['a', 'b', 'c', 'd'].map((name) => log.gated(name, name)) })
  await log.untilWritten('+ a')
  await daemon.tell(boss, 'work', { stop_listening: true })
  expect(await daemon.reportOnceOver(boss)).toMatchObject({ status: 'pending', workers_report: [] })
  for (const gate of ['a', 'b', 'c', 'd']) log.open(gate)
  await log.untilWritten('- a')
  await daemon.reportOnceOver(await daemon.hire({ scheduler: one, instructions: [{ kind: 'noop' }], end: true }))
  expect(log.begun).toEqual(['a'])
})

test('on_error: stop ends the siblings of what failed and keeps the reports of those that had finished', async ({ daemon, log, dir }) => {
  const heard = join(dir, 'heard')
  const boss = await daemon.hire({
    scheduler: two,
    on_error: 'stop',
    instructions: [{ kind: 'noop', name: 'finished' }, log.program('sibling', 'never', `trap 'echo term > ${heard}; exit 1' TERM`)],
  })
  await log.untilWritten('+ sibling')
  await until(async () => (await daemon.boss(boss)).counts.succeeded === 1, 'one has finished')
  await daemon.append(boss, { instructions: [{ kind: 'throwing', name: 'guilty' }, log.gated('later', 'never')] })
  const report = await daemon.reportOnceOver(boss)
  expect(report.status).toBe('workers exception')
  const ends = Object.fromEntries(report.workers_report.map(({ name, outcome, cause }) => [name, `${outcome} ${cause}`]))
  expect(ends).toMatchObject({ finished: 'succeeded undefined', guilty: 'failed exception', sibling: 'cancelled stopped' })
  expect(existsSync(heard)).toBe(true)
  expect((await daemon.boss(boss)).status).toBe('failed')
})

test('on_error: continue keeps the siblings of what failed', async ({ daemon }) => {
  const boss = await daemon.hire({
    scheduler: one,
    instructions: [{ kind: 'throwing' }, { kind: 'exiting', code: 4 }, { kind: 'noop' }],
    end: true,
  })
  const { status, workers_report } = await daemon.reportOnceOver(boss)
  expect(status).toBe('finished')
  expect(workers_report.map(({ outcome, cause }) => [outcome, cause])).toEqual([
    ['failed', 'exception'],
    ['failed', 'exit'],
    ['succeeded', undefined],
  ])
})

test('signals to a Boss that is over change nothing: end and stop answer, work and halt refuse', async ({ daemon }) => {
  const boss = await daemon.hire({ end: true })
  for (const signal of ['end', 'stop', 'stop?now=true']) expect(await daemon.tell(boss, signal)).toMatchObject({ status: 'finished' })
  for (const signal of ['work', 'halt']) {
    const { status, body } = await daemon.post<Problem>(`/v1/bosses/${boss.id}/${signal}`)
    expect([status, body.code]).toEqual([409, 'boss-not-listening'])
  }
})

test('the program of a worker is gone once its instruction is reported as cancelled', async ({ daemon, log, dir }) => {
  const pidFile = join(dir, 'pid')
  const boss = await daemon.hire({ scheduler: one, instructions: [log.program('a', 'never', `echo $$ > ${pidFile}`)] })
  await log.untilWritten('+ a')
  await daemon.tell(boss, 'stop?now=true')
  const { workers_report } = (await daemon.reportOnceOver(boss)) satisfies Report
  expect(workers_report).toMatchObject([{ cause: 'stopped', signal: 'SIGTERM' }])
  expect(isAlive(Number(readFileSync(pidFile, 'utf8')))).toBe(false)
})

for (const [signal, json] of [['halt'], ['stop'], ['stop?now=true'], ['work', { stop_listening: true }]] as const) {
  test(`${json ? 'stop_listening' : signal.replace('?now=true', ' now')} amid thousands of short instructions leaves counts, list and report that agree`, async ({
    daemon,
  }) => {
    const n = 4000
    const boss = await daemon.hire({
      scheduler: two,
      common_instructions: { kind: 'noop' },
      individual_instructions: { value: Array.from({ length: n }, (_, i) => i) },
    })
    await until(async () => (await daemon.boss(boss)).counts.succeeded > 300, 'it is under way')
    await daemon.tell(boss, signal, json)
    // what is short runs without being told to work: no worker holds any of it when all is done or given back
    const idle = async () =>
      (await daemon.get<Page<{ boss?: number }>>('/v1/workers')).body.items.every((worker) => worker.boss !== boss.id)
    if (signal === 'halt') await until(idle, 'no worker holds anything of it')
    else await daemon.reportOnceOver(boss)
    const [{ counts }, report, { body }] = await Promise.all([
      daemon.boss(boss),
      daemon.report(boss, '?limit=10000'),
      daemon.get<Page<{ id: number; status: string }>>(`/v1/bosses/${boss.id}/instructions?limit=10000`),
    ])
    const listed = Map.groupBy(body.items, ({ status }) => status)
    for (const status of ['pending', 'working', 'succeeded', 'failed', 'cancelled'] as const)
      expect(listed.get(status)?.length ?? 0, status).toBe(counts[status])
    expect(body.items).toHaveLength(n)
    expect(report.workers_report).toHaveLength(counts.succeeded + counts.cancelled)
    expect(new Set(report.workers_report.map(({ instruction }) => instruction)).size).toBe(report.workers_report.length)
    if (signal === 'halt') await daemon.tell(boss, 'stop')
  })
}
