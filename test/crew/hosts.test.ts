import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { reapLeftovers } from '../../dist/crew/local.js'
import { runFile, tokenVariable } from '../../dist/frames.js'
import { allowedCpusOf, isAlive } from '../support/processes.js'
import { tempDir, until } from '../support/temp.js'
import { aBatch, aCrew, aModule, pidIn } from './a-crew.js'

const unbound = { id: 1, cpus: [] }

test('a host is bound to the CPUs of its place from its first instruction on, and hosts of two places to theirs', async () => {
  const { crew, told } = aCrew()
  crew.send({ id: 1, cpus: [0] }, 'js', aBatch(1, 'pid'))
  crew.send({ id: 2, cpus: [1] }, 'js', aBatch(2, 'pid'))
  crew.send({ id: 2, cpus: [1] }, 'program', aBatch(3, 'command', [{ program: 'grep', args: ['Cpus_allowed_list', '/proc/self/status'] }]))
  await until(() => told.reports.size === 3, 'the reports')
  expect(allowedCpusOf(told.reports.get('1 0')?.report as number)).toBe('0')
  expect(allowedCpusOf(told.reports.get('2 0')?.report as number)).toBe('1')
  expect(told.reports.get('3 0')).toMatchObject({ report: { stdout: 'Cpus_allowed_list:\t1\n' }, cpus: [1] })
})

test('a host stays warm for the next place with the same CPUs, and for no other', async () => {
  const { crew, told } = aCrew()
  const pidAt = async (id: number, cpus: number[], f: number) => {
    crew.send({ id, cpus }, 'js', aBatch(f, 'pid'))
    await until(() => told.reports.has(`${f} 0`), 'the report')
    return told.reports.get(`${f} 0`)?.report
  }
  const first = await pidAt(1, [0], 1)
  expect(await pidAt(2, [0], 2)).not.toBe(first) // the first place is still held
  crew.release({ id: 1, cpus: [0] })
  expect(await pidAt(3, [1], 3)).not.toBe(first)
  expect(await pidAt(4, [0], 4)).toBe(first)
})

test('of a host that is killed amid short rows exactly the row that ran is to blame', async () => {
  const made = aCrew()
  const marks = join(made.dir, 'marks')
  // each row tells through a file of its own that it begins and that it ends; the last one lasts, so that there is one to kill in any case
  const source = `import { openSync, writeSync } from 'node:fs'
    const fd = openSync(${JSON.stringify(marks)}, 'w')
    const tell = (row, at) => writeSync(fd, String(row).padStart(8), at)
    export default { worker: 'marking', task({ row }) { tell(row, 0); for (const end = performance.now() + (row === 4999 ? 60_000 : 0.02); performance.now() < end; ); tell(row, 8) } }`
  const { crew, told } = aCrew({ marking: aModule(made.dir, source) })
  for (let f = 1; f <= 8; f++) {
    crew.send(
      unbound,
      'js',
      aBatch(
        f,
        'marking',
        Array.from({ length: 5000 }, (_, row) => ({ row })),
      ),
    )
    await until(() => told.reports.has(`${f} ${f * 100}`), 'some reports')
    process.kill(crew.hosts()[0]?.pid ?? 0, 'SIGKILL')
    await until(() => told.ended.length === f, 'the end of the host')
    const end = told.ended[f - 1]
    expect(end).toMatchObject({ frames: [f], cause: 'signal', signal: 'SIGKILL' })
    const [began, ended] = [0, 8].map((at) => Number(readFileSync(marks, 'latin1').slice(at, at + 8))) as [number, number]
    const reported = [...told.reports.keys()].filter((key) => key.startsWith(`${f} `)).length
    expect(reported).toBeLessThanOrEqual(ended + 1)
    // between two rows it is nobody, or the one that is about to begin
    if (began > ended) expect(end?.guilty).toEqual({ f, row: began })
    else expect([undefined, began, began + 1]).toContain(end?.guilty?.row)
  }
})

test('an idle host that dies is forgotten, and the next instruction gets another', async () => {
  const { crew, told } = aCrew()
  crew.send(unbound, 'js', aBatch(1, 'pid'))
  await until(() => told.reports.size === 1, 'the report')
  process.kill(told.reports.get('1 0')?.report as number, 'SIGKILL')
  await until(() => crew.hosts().length === 0, 'the crew to notice')
  crew.send(unbound, 'js', aBatch(2, 'pid'))
  await until(() => told.reports.size === 2, 'the next report')
  expect(told.ended).toEqual([])
})

test('a host that cannot be started blames the first row of each try, later and later, and goes on when it can', async () => {
  const { crew, told } = aCrew()
  const path = process.env['PATH']
  onTestFinished(() => void (process.env['PATH'] = path))
  process.env['PATH'] = '/nowhere'
  for (let f = 1; f <= 4; f++) {
    crew.send({ id: 1, cpus: [0] }, 'js', aBatch(f, 'noop', [{}, {}]))
    await until(() => told.ended.length === f, 'the end')
    expect(told.ended[f - 1]).toMatchObject({ frames: [f], guilty: { f, row: 0 }, cause: 'start' })
    expect(told.ended[f - 1]?.message).toContain('taskset')
  }
  const [first = 0, second = 0, third = 0, fourth = 0] = told.endedAt
  expect(second - first).toBeGreaterThan(50)
  expect(fourth - third).toBeGreaterThan(300)
  process.env['PATH'] = path
  crew.send({ id: 1, cpus: [0] }, 'js', aBatch(9, 'noop'))
  await until(() => told.reports.has('9 0'), 'the report')
})

test('a host that says what is no frame is ended, and what runs by then is not to blame', async () => {
  const made = aCrew()
  const source = `import { writeSync } from 'node:fs'
    export default { worker: 'babbler', task() { writeSync(4, 'hello\\n{"r":1,"f":1,"at":0,"n":1,"o":".","ms":1,"bytes":2}\\n{\\n'); return new Promise(() => {}) } }`
  const { crew, told } = aCrew({ babbler: aModule(made.dir, source) })
  crew.send(unbound, 'js', aBatch(1, 'babbler'))
  await until(() => told.ended.length === 1, 'the end of the host')
  expect(told.ended[0]).toMatchObject({ frames: [1], guilty: undefined, cause: 'signal' })
  expect(told.ended[0]?.stderrTail).toContain('what it said cannot be')
  expect(told.reports.size).toBe(0)
})

test.each([
  ['more rows than it was sent', '{"r":1,"f":1,"at":0,"n":3,"o":"...","ms":1,"bytes":9}\n{}\n{}\n{}\n'],
  ['a row before one that it has not reported', '{"r":1,"f":1,"at":1,"n":1,"o":".","ms":1,"bytes":3}\n{}\n'],
  ['rows that another host was sent', '{"r":1,"f":2,"at":0,"n":1,"o":".","ms":1,"bytes":3}\n{}\n'],
  ['rows without as many outcomes', '{"r":1,"f":1,"at":0,"n":1,"o":"..","ms":1,"bytes":3}\n{}\n'],
])('a host that reports %s is not believed, and ended', async (_, said) => {
  const made = aCrew()
  const source = `import { writeSync } from 'node:fs'
    export default { worker: 'liar', task() { writeSync(4, ${JSON.stringify(said)}); return new Promise(() => {}) } }`
  const { crew, told } = aCrew({ liar: aModule(made.dir, source) })
  crew.send({ id: 2, cpus: [] }, 'js', aBatch(2, 'spin', [{ ms: 60_000 }]))
  crew.send({ id: 1, cpus: [] }, 'js', aBatch(1, 'liar', [{}, {}]))
  await until(() => told.ended.length === 1, 'the end of the host')
  expect(told.ended[0]).toMatchObject({
    frames: [1],
    guilty: undefined,
    stderrTail: expect.stringContaining('what it said cannot be') as string,
  })
  expect(told.heads).toEqual([])
})

test('closing asks what runs to end, kills what does not, and leaves nothing', async () => {
  const { crew, told, run, dir } = aCrew()
  const [heeds, ignores] = [join(dir, 'heeds'), join(dir, 'ignores')]
  const sh = (script: string, file: string) => ({ program: 'sh', args: ['-c', script, file] })
  crew.send(
    { id: 1, cpus: [0] },
    'program',
    aBatch(1, 'command', [
      sh('trap "echo bye > $0.said; exit" TERM; echo $$ > "$0"; while :; do sleep 0.01; done', heeds),
      { program: 'true' },
    ]),
  )
  crew.send(
    { id: 2, cpus: [1] },
    'program',
    aBatch(2, 'command', [sh('trap "" TERM; touch left; echo $$ > "$0"; while :; do sleep 0.01; done', ignores)]),
  )
  crew.send({ id: 3, cpus: [] }, 'js', aBatch(3, 'spin', [{ ms: 60_000 }]))
  const programs = [await pidIn(heeds), await pidIn(ignores)]
  await until(() => told.order.includes('started 3 0'), 'the spin')
  const hosts = crew.hosts().map(({ pid }) => pid ?? 0)
  await crew.close(1000)
  expect(readFileSync(`${heeds}.said`, 'utf8')).toBe('bye\n')
  expect(hosts.filter(isAlive)).toEqual([])
  for (const pid of programs) await until(() => !isAlive(pid), 'the end of a program')
  expect(readdirSync(run)).toEqual([])
})

test('a program ends with its host, also one that has lost the token', async () => {
  const { crew, told, dir } = aCrew()
  const file = join(dir, 'pid')
  crew.send(unbound, 'program', aBatch(1, 'command', [{ program: 'sh', args: ['-c', 'echo $$ > "$0"; exec env -i sleep 600', file] }]))
  const program = await pidIn(file)
  await until(() => readFileSync(`/proc/${program}/cmdline`, 'latin1').startsWith('sleep'), 'the exec')
  process.kill(crew.hosts()[0]?.pid ?? 0, 'SIGKILL')
  await until(() => told.ended.length === 1, 'the end of the host')
  expect(told.ended[0]).toMatchObject({ frames: [1], guilty: { f: 1, row: 0 }, cause: 'signal' })
  await until(() => !isAlive(program), 'the end of the program')
})

test('nothing outlives a daemon that is killed: no host, no guard, no program, no grandchild', async () => {
  const dir = tempDir()
  const daemon = spawn(process.execPath, [new URL('./a-daemon.mjs', import.meta.url).pathname, dir], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  onTestFinished(() => void daemon.kill('SIGKILL'))
  const [program, grandchild] = [await pidIn(join(dir, 'program')), await pidIn(join(dir, 'grandchild'))]
  await until(() => existsSync(join(dir, 'spinning')), 'the blocked task')
  const files = readdirSync(join(dir, 'run')).filter((name) => !name.endsWith('.d'))
  const pids = files.map((file) => Number(readFileSync(join(dir, 'run', file), 'latin1').slice(runFile.host, runFile.host + 15)))
  const guards = pids.map((pid) => Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]))
  expect(pids.length).toBe(2)
  expect([...pids, ...guards, program, grandchild].every(isAlive)).toBe(true)
  daemon.kill('SIGKILL')
  await until(() => ![...pids, ...guards, program, grandchild].some(isAlive), 'the end of all')
  await reapLeftovers(join(dir, 'run'))
  expect(readdirSync(join(dir, 'run'))).toEqual([])
})

test('a start ends what carries the token of a run file, waits for it, and touches nothing else', async () => {
  const run = join(tempDir(), 'run')
  mkdirSync(run)
  const token = 'a'.repeat(32)
  const start = (env: Record<string, string>) => {
    const child = spawn('sleep', ['600'], { stdio: 'ignore', env })
    onTestFinished(() => void child.kill('SIGKILL'))
    return child.pid ?? 0
  }
  const [ours, innocent] = [start({ [tokenVariable]: token }), start({ [tokenVariable]: 'b'.repeat(32) })]
  const page = Buffer.alloc(runFile.bytes)
  // the innocent one has the pid of a program that is long gone
  page.write(`${String(innocent).padEnd(15)}\n${String(ours).padEnd(15)}\n${token}\n`, 'latin1')
  writeFileSync(join(run, '1-1'), page)
  writeFileSync(join(run, '1-2'), 'torn')
  mkdirSync(join(run, '1-1.d', 'deep'), { recursive: true })
  await until(() => readFileSync(`/proc/${ours}/cmdline`, 'latin1').startsWith('sleep'), 'the exec')
  await reapLeftovers(run)
  await until(() => !isAlive(ours), 'the end of ours') // it may be just exiting
  expect(isAlive(innocent)).toBe(true)
  expect(readdirSync(run)).toEqual([])
})
