import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { startDaemon, testKinds, type Report } from '../support/daemon.js'
import { Logbook } from '../support/logbook.js'
import { untilGone } from '../support/processes.js'
import { tempDir, until } from '../support/temp.js'
import { begin, taylord } from './taylord.js'

/** A file that describes a Boss. */
function describe(boss: unknown, name = 'boss.json'): string {
  const file = join(tempDir(), name)
  writeFileSync(file, typeof boss === 'string' ? boss : JSON.stringify(boss))
  return file
}

const two = { limit: 'threads', max_threads: 2 }

interface Case {
  id: string
  steps: { scheduler: object; common: object; individual: object }[]
  stdout: string[]
}
const vectors = new URL('../vectors/lifecycle.json', import.meta.url)
const batch = (JSON.parse(readFileSync(vectors, 'utf8')) as { cases: Case[] }).cases.find(({ id }) => id === 'lc-s-48-batch-main')!

/** What is printed of each report, in the order of names: which of two workers ends first does not matter. */
const printed = (text: string) =>
  text
    .trimEnd()
    .split(/^(?==+\nWORKER)/m)
    .map((part) => part.trimEnd())
    .toSorted()

test('run prints what taylorism’s batch_main prints, and leaves nothing behind', async () => {
  const [{ scheduler, common, individual } = { scheduler: {}, common: {}, individual: {} }] = batch.steps
  const dir = tempDir()
  const file = describe({ scheduler, common_instructions: { ...common, mark: join(dir, 'm') }, individual_instructions: individual })
  const tmp = tempDir()
  const { code, stdout, stderr } = await taylord(['run', file, '--plugins', testKinds], { TMPDIR: tmp })
  expect(printed(stdout)).toEqual(printed(batch.stdout.join('\n')))
  expect([code, stderr.split('\n').filter((line) => !line.startsWith('{'))]).toEqual([0, ['1 of 2 done', '2 of 2 done', '']])
  expect(readdirSync(tmp)).toEqual([])
  await untilGone(tmp)
})

test('run is carried out where the variables of a daemon that others reach are set, as in the image', async () => {
  const dir = tempDir()
  const first = join(dir, 'admin.token')
  writeFileSync(first, 'of another daemon')
  const env = {
    TAYLORD_HOST: '0.0.0.0',
    TAYLORD_FIRST_TOKEN: first,
    TAYLORD_SOCKET: join(dir, 's.sock'),
    TAYLORD_BASE_PATH: '/taylord',
    TAYLORD_TOKEN: 'taylord_of-another-daemon',
  }
  const { code, stderr } = await taylord(['run', describe({ instructions: [{ kind: 'sleeper', sleeping_time: 0, timout: 5 }] })], env)
  expect(code, stderr).toBe(0)
  expect(stderr).toContain('sleeper has no attribute "timout", which row 1 gives; it is ignored (did you mean timeout?)')
  expect(existsSync(join(dir, 's.sock'))).toBe(false)
})

test('a Boss’s shared arrays go with the daemon of its run', async () => {
  const instructions = [{ kind: 'command', program: 'sh', args: ['-c', 'test -f "$TAYLORD_ARRAY_sum" && printf %s "$TAYLORD_ARRAY_sum"'] }]
  const file = describe({ arrays: { sum: { dtype: 'int64', shape: [1] } }, instructions })
  const { code, stdout } = await taylord(['run', file, '--json'])
  expect(code).toBe(0)
  const [{ report } = { report: undefined }] = (JSON.parse(stdout) as Report).workers_report
  const { stdout: path } = report as { stdout: string }
  expect(path).toMatch(/^\/dev\/shm\/taylord-/)
  expect(existsSync(dirname(dirname(path)))).toBe(false)
})

test('when one fails the others go on, its report says why, and run ends with 1', async () => {
  const file = describe(
    `
scheduler: { limit: threads, max_threads: 1 }
instructions:
  - { kind: throwing, name: bad, message: no luck }
  - { kind: command, name: program, program: sh, args: [-c, 'echo out; exit 3'] }
  - { kind: noop, name: good, value: 7 }
`,
    'boss.yaml',
  )
  const { code, stdout, stderr } = await taylord(['run', '--plugins', testKinds, file])
  expect(code).toBe(1)
  const told = stdout.split(/^=+\n(WORKER NAME: .*)\n-+\n/m).slice(1)
  expect(told).toEqual([
    'WORKER NAME: bad',
    expect.stringMatching(/^failed: exception: RangeError: no luck\nRangeError: no luck\n {4}at /),
    'WORKER NAME: program',
    expect.stringMatching(/^failed: exit \(exit code 3\).*\n\{"rc":3,"stdout":"out\\n","stderr":""\}\n$/),
    'WORKER NAME: good',
    '7\n',
  ])
  expect(stderr).toContain('3 of 3 done, 2 did not succeed\n')
})

test('with --server it uses the daemon that is there, and --json prints its report as one document', async () => {
  const server = await startDaemon()
  const boss = {
    name: 'there',
    instructions: [
      { kind: 'noop', value: 1 },
      { kind: 'noop', value: 2 },
    ],
  }
  // what a file says about start and end does not matter
  const { code, stdout } = await taylord(['run', describe({ ...boss, start: false, end: false }), '--json', '--server', `${server.url}/`])
  expect(code).toBe(0)
  const { workers_report, ...head } = JSON.parse(stdout) as Report
  expect(await server.report('there')).toEqual({ ...head, workers_report })
  expect(workers_report.map(({ report }) => report)).toEqual([1, 2])
  const none = await taylord(['run', describe({ individual_instructions: {} }), '--json', '--server', server.url])
  expect([none.code, JSON.parse(none.stdout)]).toEqual([0, { boss: 2, status: 'finished', pending: 0, workers_report: [] }])
})

test.each([
  [['run'], 'run needs a FILE that describes a Boss; taylord run --help tells more'],
  [['run', 'a', 'b'], 'b is more than run takes; taylord run --help tells more'],
  [['run', 'a', '--frobnicate'], 'there is no option --frobnicate; taylord run --help lists its options'],
  [['run', 'a', '--server', 'here'], '--server takes a URL such as http://127.0.0.1:8080, or unix:PATH; it is "here"'],
  [
    ['run', 'a', '--server', 'http://h', '--plugins', 'p'],
    '--plugins is for a daemon of its own; the one at --server has its plugins already',
  ],
  [['run', 'a', '--plugins', '/dev/null'], '--plugins takes a directory of worker kinds; /dev/null is none'],
  [['run', '/dev/null/none'], "/dev/null/none cannot be read: ENOTDIR: not a directory, open '/dev/null/none'"],
])('%j is refused with 2 and told what to do', async (args, message) => {
  expect(await taylord(args)).toEqual({ code: 2, stdout: '', stderr: `taylord: ${message}\n` })
})

test.each([
  ['boss.json', '[]', 'must hold one object that describes a Boss'],
  ['boss.json', '{', 'cannot be read: '],
  ['boss.yaml', 'a: [', 'cannot be read: '],
  ['boss.yaml', '', 'must hold one object that describes a Boss'],
])('a file %s that holds %j is refused with 2', async (name, content, message) => {
  const file = describe(content, name)
  const { code, stderr } = await taylord(['run', file])
  expect([code, stderr]).toEqual([2, expect.stringContaining(`taylord: ${file} ${message}`)])
})

test('what the daemon refuses ends with 2 and names the file, a daemon that is not there with 4', async () => {
  const file = describe({ instructions: [{ kind: 'nonesuch' }] })
  const refused = await taylord(['run', file])
  expect([refused.code, refused.stdout]).toEqual([2, ''])
  expect(refused.stderr).toContain(`taylord: ${file}: row 1: no worker kind takes this instruction of kind "nonesuch"`)
  const away = await taylord(['run', file, '--server', 'http://127.0.0.1:1'])
  expect([away.code, away.stderr]).toEqual([4, expect.stringContaining('taylord: no daemon answers at http://127.0.0.1:1: ')])
})

test('Ctrl-C stops the Boss: programs get their grace, no report is printed, nothing is left', async () => {
  const dir = tempDir()
  const log = new Logbook(dir)
  const heard = join(dir, 'heard')
  const instructions = [log.program('a', 'never', `trap 'sleep 0.2; echo term > ${heard}; exit 0' TERM`)]
  const tmp = tempDir()
  const running = begin(['run', describe({ scheduler: two, instructions })], { TMPDIR: tmp })
  await log.untilWritten('+ a')
  running.kill('SIGINT')
  const { code, stdout, stderr } = await running.ended
  expect([code, stdout]).toEqual([130, ''])
  expect(stderr).toContain('taylord: SIGINT: stopping Boss 1\n')
  expect(readFileSync(heard, 'utf8')).toBe('term\n')
  expect(readdirSync(tmp)).toEqual([])
  await untilGone(tmp)
})

test('a second Ctrl-C does not wait for what does not heed the first', async () => {
  const log = new Logbook(tempDir())
  const tmp = tempDir()
  const running = begin(['run', describe({ instructions: [log.program('a', 'never', "trap '' TERM")] })], { TMPDIR: tmp })
  await log.untilWritten('+ a')
  running.kill('SIGINT')
  running.kill('SIGTERM')
  const { code } = await running.ended
  expect([130, 143]).toContain(code)
  await until(() => readdirSync(tmp).length === 0, 'the data is removed')
  await untilGone(tmp)
})

test('when run itself is killed its daemon, the programs and the data go, too', async () => {
  const log = new Logbook(tempDir())
  const tmp = tempDir()
  const running = begin(['run', describe({ instructions: [log.program('a', 'never')] })], { TMPDIR: tmp })
  await log.untilWritten('+ a')
  running.kill('SIGKILL')
  await until(() => readdirSync(tmp).length === 0, 'the data is removed')
  await untilGone(tmp)
  expect(existsSync(log.gate('never'))).toBe(false)
})

test('whoever reads its output may leave', async () => {
  const file = describe({ common_instructions: { kind: 'noop' }, individual_instructions: { value: Array(3000).fill(0) } })
  const tmp = tempDir()
  const { stdout, stderr } = await taylord(
    ['-c', `"$0" run "$1" --plugins "$2" | head -2`, `${process.cwd()}/bin/taylord`, file, testKinds],
    { TMPDIR: tmp },
    '/bin/sh',
  )
  expect(stdout).toMatch(/^=+\nWORKER NAME: noop-\d+\n$/)
  expect(stderr).not.toContain('EPIPE')
  await untilGone(tmp)
})
