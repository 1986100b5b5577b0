import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Found, segmentsOf, streams, type StreamName } from '../../src/outputs/segment.js'
import { isAlive } from '../support/processes.js'
import { until } from '../support/temp.js'
import { aBatch, aCrew, carryOut, pidIn } from './a-crew.js'

/** What was kept of a stream of the crew's Boss; undefined when nothing was. */
async function kept(outputs: string, stream: StreamName, instruction = 1000): Promise<Buffer | undefined> {
  const found = await Found.find(segmentsOf(outputs, 7), { instruction, attempt: 1, stream })
  return found?.read(0, 2 ** 30)
}

const place = { id: 1, cpus: [] }
const sh = (script: string, ...args: string[]) => ({ program: 'sh', args: ['-c', script, ...args] })

test('a program reports its exit code and what it wrote', async () => {
  const entry = await carryOut('command', sh('echo out; echo err >&2'))
  expect(entry).toMatchObject({ outcome: 'succeeded', report: { rc: 0, stdout: 'out\n', stderr: 'err\n' } })
  expect(entry.report).not.toHaveProperty('truncated')
})

test('an exit code that is not ok fails, with the last lines of stderr', async () => {
  const entry = await carryOut('command', sh('echo out; echo why >&2; exit 3'))
  expect(entry).toMatchObject({ outcome: 'failed', cause: 'exit', exit_code: 3, stderr_tail: 'why\n', report: { rc: 3, stdout: 'out\n' } })
  expect(entry.error?.message).toContain('3')
})

test('other exit codes can be ok', async () => {
  const entry = await carryOut('command', { ...sh('exit 3'), ok_codes: [0, 3] })
  expect(entry).toMatchObject({ outcome: 'succeeded', report: { rc: 3 } })
})

test('a program that a signal ends fails by it', async () => {
  const entry = await carryOut('command', sh('kill -USR1 $$'))
  expect(entry).toMatchObject({ outcome: 'failed', cause: 'signal', signal: 'SIGUSR1', report: { rc: null } })
})

test('a program that is not there fails to start, by its name and where it was looked for', async () => {
  const entry = await carryOut('command', { program: 'no-such-program' })
  expect(entry).toMatchObject({ outcome: 'failed', cause: 'start', report: null })
  expect(entry.error?.message).toContain('no-such-program')
  expect(entry.error?.message).toContain(process.env['PATH'])
  const path = await carryOut('command', { program: '/nowhere/at-all' })
  expect(path).toMatchObject({ outcome: 'failed', cause: 'start' })
  expect(path.error?.message).toContain('/nowhere/at-all')
})

test('a file that is no program fails to start, and so does one in a directory that is not there', async () => {
  const made = aCrew()
  const file = join(made.dir, 'tool')
  writeFileSync(file, 'no program')
  expect(await carryOut('command', { program: file }, made, 1)).toMatchObject({ outcome: 'failed', cause: 'start' })
  chmodSync(file, 0o755)
  expect(await carryOut('command', { program: file }, made, 2)).toMatchObject({ outcome: 'failed', cause: 'start' })
  const nowhere = join(made.dir, 'nowhere')
  const entry = await carryOut('command', { program: 'true', cwd: nowhere }, made, 3)
  expect(entry).toMatchObject({ outcome: 'failed', cause: 'start' })
  expect(entry.error?.message).toContain(nowhere)
})

test.each([
  [{ program: 'true', args: [1] }, 'args'],
  [{ program: 'true', args: ['a\0b'] }, 'args'],
  [{ program: '' }, 'program'],
  [{ program: 'true', env: { A: 1 } }, 'env'],
  [{ program: 'true', env: { 'A=B': '1' } }, 'env'],
  [{ program: 'true', stdin: 5 }, 'stdin'],
  [{ program: 'true', ok_codes: ['0'] }, 'ok_codes'],
  [{ program: 'true', cwd: 5 }, 'cwd'],
])('attributes of the wrong kind are told by name: %o', async (attributes, name) => {
  const entry = await carryOut('command', attributes)
  expect(entry).toMatchObject({ outcome: 'failed', cause: 'start' })
  expect(entry.error?.message).toContain(name)
})

test('a program gets its arguments, stdin and a clean environment that tells who it is', async () => {
  const { report } = await carryOut('command', {
    ...sh('printf "%s|" "$0" "$@"; cat; env', 'a b', "it's"),
    stdin: 'ütext\n',
    env: { OWN: 'x y', LANG: 'C.UTF-8' },
  })
  const [first = '', ...env] = (report as { stdout: string }).stdout.trimEnd().split('\n')
  expect(first).toBe("a b|it's|ütext")
  expect(env).toEqual(
    expect.arrayContaining([
      'OWN=x y',
      'LANG=C.UTF-8',
      'TAYLORD_BOSS=7',
      'TAYLORD_INSTRUCTION=1000',
      'TAYLORD_NAME=command-0',
      'TAYLORD_ATTEMPT=1',
      'TAYLORD_TICKET=0',
      'TAYLORD_CPUS=',
    ]),
  )
  const names = env.map((line) => line.split('=')[0])
  expect(names.filter((name) => !/^(PATH|HOME|LANG|TMPDIR|PWD|OLDPWD|SHLVL|_|OWN|TAYLORD_\w+)$/.test(name ?? ''))).toEqual([])
})

test('a program is looked up in the PATH that it is given', async () => {
  const made = aCrew()
  const tools = join(made.dir, 'tools')
  mkdirSync(tools)
  writeFileSync(join(tools, 'hail'), '#!/bin/sh\necho hail\n', { mode: 0o755 })
  const entry = await carryOut('command', { program: 'hail', env: { PATH: `${tools}:/usr/bin:/bin` } }, made)
  expect(entry).toMatchObject({ outcome: 'succeeded', report: { stdout: 'hail\n' } })
})

test('without a directory a program runs in an empty one, of which nothing stays', async () => {
  const made = aCrew()
  const script = 'pwd; ls -A | wc -l; mkdir -p a/b; echo x > a/b/c; chmod 500 a'
  const first = await carryOut('command', sh(script), made, 1)
  const [dir = '', entries] = (first.report as { stdout: string }).stdout.split('\n')
  expect(entries?.trim()).toBe('0')
  expect(existsSync(join(dir, 'a'))).toBe(false)
  const second = await carryOut('command', sh(`${script}; rm -rf "$PWD"`), made, 2)
  expect((second.report as { stdout: string }).stdout.split('\n')[1]?.trim()).toBe('0')
  expect(await carryOut('command', { program: 'true' }, made, 3)).toMatchObject({ outcome: 'succeeded' })
})

test('programs that follow each other closely find an empty directory each, whatever the one before did with its own', async () => {
  const { crew, told } = aCrew()
  const deeds = [
    'true',
    'touch a',
    'mkdir .b',
    'touch a; rm a',
    'ln -s / c',
    'touch -d @1 . a',
    'rmdir "$PWD"',
    'mv "$PWD" "$PWD.old"',
    'chmod 755 .',
  ]
  const rows = Array.from({ length: 90 }, (_, i) => sh(`ls -A; ${deeds[i % deeds.length]}`))
  crew.send(place, 'program', aBatch(1, 'command', rows))
  await until(() => told.reports.size === rows.length, 'all reports')
  for (const entry of told.reports.values()) expect(entry).toMatchObject({ outcome: 'succeeded', report: { stdout: '', stderr: '' } })
})

test('a program has no signal blocked or ignored, and nothing open but its streams', async () => {
  const entry = await carryOut('command', sh('grep -E "^Sig(Blk|Ign)" /proc/self/status; ls /proc/self/fd'))
  const { stdout } = entry.report as { stdout: string }
  // what glibc keeps for itself are signals 32 and 33
  expect(stdout.replaceAll('180000000', '000000000')).toBe(
    'SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n0\n1\n2\n3\n', // the last one is the directory that ls reads
  )
})

test('of a long stream the report has both ends, and the file all of it', async () => {
  const made = aCrew()
  const entry = await carryOut('command', sh('seq 1 100000; echo short >&2'), made)
  const whole = Array.from({ length: 100_000 }, (_, i) => `${i + 1}\n`).join('')
  const { stdout, stderr, truncated } = entry.report as { stdout: string; stderr: string; truncated: unknown }
  expect(truncated).toBeTruthy()
  expect(stdout.startsWith(whole.slice(0, 4096))).toBe(true)
  expect(stdout.endsWith(whole.slice(-4096))).toBe(true)
  expect(stdout.length).toBeLessThan(9000)
  expect(stderr).toBe('short\n')
  expect((await kept(made.outputs, 'stdout'))?.toString()).toBe(whole)
  expect(await kept(made.outputs, 'stderr')).toBeUndefined()
})

test('a stream of 30 MB arrives whole on disk', async () => {
  const made = aCrew()
  await carryOut('command', sh('head -c 30000000 /dev/zero | tr "\\0" x | tee /dev/stderr'), made)
  const expected = Buffer.alloc(30_000_000, 'x')
  for (const stream of streams) expect((await kept(made.outputs, stream))?.equals(expected)).toBe(true)
})

test('a short stream that is no text goes to a file too', async () => {
  const made = aCrew()
  const entry = await carryOut('command', sh('printf "a\\377\\376b"'), made)
  expect((entry.report as { stdout: string }).stdout).toBe('a\ufffd\ufffdb')
  expect(await kept(made.outputs, 'stdout')).toEqual(Buffer.from([0x61, 0xff, 0xfe, 0x62]))
})

test('output is on disk while the program still runs, however short it is, and goes when the report has all of it', async () => {
  const { crew, told, outputs, dir } = aCrew()
  const gate = join(dir, 'gate')
  const script = 'sleep 0.05; echo hello; echo oops >&2; until [ -e "$0" ]; do sleep 0.01; done'
  crew.send(place, 'program', aBatch(1, 'command', [sh(script, gate)]))
  for (const [stream, text] of [
    ['stdout', 'hello\n'],
    ['stderr', 'oops\n'],
  ] as const)
    await until(async () => (await kept(outputs, stream))?.toString() === text, `what it wrote to ${stream}`)
  expect(told.reports.size).toBe(0)
  writeFileSync(gate, '')
  const entry = await until(() => told.reports.get('1 0'), 'the report')
  expect(entry.report).toEqual({ rc: 0, stdout: 'hello\n', stderr: 'oops\n' })
  for (const stream of streams) expect(await kept(outputs, stream)).toBeUndefined()
  expect(readdirSync(join(outputs, '7')).map((name) => statSync(join(outputs, '7', name)).size)).toEqual([0, 0, 0])
})

test('a hundred programs with long output leave as many files as one', async () => {
  const { crew, told, outputs } = aCrew()
  const rows = Array.from({ length: 100 }, (_, i) => sh('seq $0 $(($0 + 5000))', String(i)))
  crew.send(place, 'program', aBatch(1, 'command', rows))
  await until(() => told.reports.size === 100, 'all reports')
  expect(readdirSync(join(outputs, '7')).toSorted()).toEqual(['0.index', '0.stdout'])
  for (const i of [0, 57, 99]) {
    const whole = Array.from({ length: 5001 }, (_, n) => `${i + n}\n`).join('')
    expect((await kept(outputs, 'stdout', 1000 + i))?.toString()).toBe(whole)
  }
})

test('it is told within some ms of programs that go on that they have begun; of the others with their reports', async () => {
  const { crew, told } = aCrew()
  const rows = [...Array.from({ length: 5 }, () => ({ program: '/bin/true' })), sh('sleep 600')]
  crew.send(place, 'program', aBatch(1, 'command', rows))
  await until(() => told.order.includes('started 1 5'), 'the beginning of the long one')
  expect(told.reports.size).toBe(5)
  crew.stop(1, 5, 100, { o: 'p' })
  await until(() => told.reports.size === 6, 'its end')
})

test('what is cut is said: beyond the room of a Boss nothing is kept, and the program goes on', async () => {
  const made = aCrew({}, undefined, undefined, undefined, 100_000)
  const entry = await carryOut('command', sh('head -c 300000 /dev/zero | tr "\\0" x'), made)
  expect(entry).toMatchObject({
    outcome: 'succeeded',
    report: { rc: 0, truncated: true, cut: { stdout: { written: 300_000, kept: 100_000 } } },
  })
  expect((await kept(made.outputs, 'stdout'))?.length).toBe(100_000)
})

test('CPU time is that of the program and the children it waited for; memory is told when it is known', async () => {
  const entry = await carryOut(
    'command',
    sh('i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; sh -c "i=0; while [ \\$i -lt 300000 ]; do i=\\$((i+1)); done"'),
  )
  expect(entry.usage.cpu).toBeGreaterThan(0.05)
  expect(entry.usage.cpu).toBeLessThanOrEqual(entry.usage.wall + 0.05)
  const large = await carryOut('command', {
    program: process.execPath,
    args: ['-e', 'const b = Buffer.alloc(300e6, 1); if (b.length < 1) process.exit(1)'],
  })
  expect(large.usage.max_rss).toBeGreaterThan(300)
  expect(large.usage.max_rss).toBeLessThan(500)
  const small = await carryOut('command', { program: 'sleep', args: ['0.2'] })
  expect(small.usage.max_rss).toBeGreaterThan(0.1)
  expect(small.usage.max_rss).toBeLessThan(20)
})

test('a program that ignores SIGTERM is killed after the grace, with its children', async () => {
  const { crew, told, dir } = aCrew()
  const file = join(dir, 'pid')
  crew.send(place, 'program', aBatch(1, 'command', [sh('trap "" TERM; sleep 600 & echo $! > "$0"; while :; do wait; done', file)]))
  const child = await pidIn(file)
  crew.stop(1, 0, 100, { o: 'r' })
  const entry = await until(() => told.reports.get('1 0'), 'the report')
  expect(entry).toMatchObject({ outcome: 'cancelled', cause: 'requested', signal: 'SIGKILL', report: { rc: null } })
  await until(() => !isAlive(child), 'the end of its child')
  expect(told.heads[0]?.o).toBe('r')
})

test('a program that heeds SIGTERM is reported as the caller said, whatever its exit code', async () => {
  const { crew, told, dir } = aCrew()
  for (const [f, code, o, cause] of [
    [1, 0, 'p', 'stopped'],
    [2, 4, 't', 'timeout'],
  ] as const) {
    const file = join(dir, `pid${f}`)
    crew.send(place, 'program', aBatch(f, 'command', [sh(`trap "exit ${code}" TERM; echo $$ > "$0"; while :; do sleep 0.01; done`, file)]))
    await pidIn(file)
    crew.stop(f, 0, 60_000, { o })
    const entry = await until(() => told.reports.get(`${f} 0`), 'the report')
    expect(entry).toMatchObject({ outcome: cause === 'timeout' ? 'failed' : 'cancelled', cause, exit_code: code, report: { rc: code } })
    expect(told.heads.at(-1)?.o).toBe(o)
  }
})

test('what a program leaves behind in its group ends with it, also when it holds the streams', async () => {
  const made = aCrew()
  const [loud, mute] = [join(made.dir, 'loud'), join(made.dir, 'mute')]
  const entry = await carryOut(
    'command',
    sh('sleep 600 & echo $! > "$0"; sleep 600 > /dev/null 2>&1 & echo $! > "$1"; echo done', loud, mute),
    made,
  )
  expect(entry).toMatchObject({ outcome: 'succeeded', report: { stdout: 'done\n' } })
  for (const file of [loud, mute]) {
    const pid = await pidIn(file)
    await until(() => !isAlive(pid), 'the end of what it left')
  }
})

test('of programs that follow each other closely none inherits what the one before left running, and each has its own output', async () => {
  const made = aCrew()
  const file = join(made.dir, 'pids')
  const rows = Array.from({ length: 40 }, (_, i) =>
    // one that goes on writing, one in silence, one in a session of its own, and one whose streams are closed before it ends
    sh(
      [
        'while echo n; do :; done & echo $! >> "$0"',
        'sleep 600 > /dev/null 2>&1 & echo $! >> "$0"',
        'setsid sleep 600 & echo $! >> "$0"',
        'exec >&- 2>&-; sleep 0.02',
      ][i % 4] ?? '',
      file,
    ),
  ).flatMap((left, i) => [left, sh(`echo ${i}`)])
  made.crew.send(place, 'program', aBatch(1, 'command', rows))
  await until(() => made.told.reports.size === rows.length, 'all reports')
  for (let i = 0; i < 40; i++)
    expect(made.told.reports.get(`1 ${2 * i + 1}`)).toMatchObject({ outcome: 'succeeded', report: { stdout: `${i}\n` } })
  const pids = readFileSync(file, 'utf8').trim().split('\n').map(Number)
  expect(pids).toHaveLength(30)
  expect(pids.filter(isAlive)).toEqual([])
})

test('a grandchild that left the group and holds the streams does not hold up the report', async () => {
  const made = aCrew()
  const file = join(made.dir, 'pid')
  const entry = await carryOut(
    'command',
    sh('setsid sh -c \'echo $$ > "$0"; exec sleep 600\' "$0" & until [ -s "$0" ]; do sleep 0.01; done; echo done', file),
    made,
  )
  expect(entry).toMatchObject({ outcome: 'succeeded', report: { stdout: 'done\n' } })
  const pid = await pidIn(file)
  await made.crew.close(0)
  await until(() => !isAlive(pid), 'the guard to end it')
})

test('500 programs, some of which fail to start, leave no descriptor and no zombie behind', async () => {
  const { crew, told } = aCrew()
  const rows = Array.from({ length: 250 }, (_, i) =>
    i % 10 === 0 ? { program: 'no-such-program' } : { ...sh('echo $0', String(i)), stdin: 'x' },
  )
  crew.send(place, 'program', aBatch(1, 'command', rows.slice(0, 20)))
  await until(() => told.reports.size === 20, 'the first reports')
  const pid = crew.hosts()[0]?.pid
  const descriptors = () => readdirSync(`/proc/${pid}/fd`).length
  const before = descriptors()
  crew.send(place, 'program', aBatch(2, 'command', rows))
  crew.send(place, 'program', aBatch(3, 'command', rows))
  await until(() => told.reports.size === 520, 'all reports')
  rows.forEach((row, i) => {
    if ('stdin' in row) expect(told.reports.get(`3 ${i}`)?.report).toMatchObject({ stdout: `${i}\n` })
  })
  await until(() => descriptors() <= before + 1, 'what it opened is closed')
  const children = () => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
  await until(() => children().length === 1, 'the guard is its only child')
})
