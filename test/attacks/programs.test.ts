import { copyFileSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startDaemon, startInVain, type Daemon, type Problem } from '../support/daemon.js'
import { tempDir } from '../support/temp.js'

const command = (row: Record<string, unknown>) => ({ kind: 'command', ...row })

/** What comes of one command: the refusal of its append, or its report entry. */
async function attempt(daemon: Daemon, row: Record<string, unknown>) {
  const boss = await daemon.hire({})
  const answer = await daemon.call<Problem>('POST', `/v1/bosses/${boss.id}/instructions`, { json: { instructions: [command(row)] } })
  if (answer.status !== 201) return { status: answer.status, code: answer.body.code, said: answer.body.detail }
  await daemon.tell(boss, 'end')
  const [entry] = (await daemon.reportOnceOver(boss)).workers_report
  return { status: 201, outcome: entry?.outcome, report: entry?.report as { stdout?: string } | null, said: entry?.error?.message ?? '' }
}

/** A directory with a program that the daemon may run, and one that it may not. */
function twoPrograms() {
  const dir = realpathSync(tempDir())
  const [allowed, other] = ['allowed', 'other'].map((name) => join(dir, name)) as [string, string]
  writeFileSync(allowed, '#!/bin/sh\necho "I am allowed: $0"\n', { mode: 0o755 })
  writeFileSync(other, '#!/bin/sh\necho "I am not"\n', { mode: 0o755 })
  return { dir, allowed, other }
}

test('with --allow-programs nothing else is started, however it is named', async () => {
  const { dir, allowed, other } = twoPrograms()
  const daemon = await startDaemon({ args: ['--allow-programs', `echo,${allowed}`] })
  expect(await attempt(daemon, { program: 'echo', args: ['hi'] })).toMatchObject({ outcome: 'succeeded', report: { stdout: 'hi\n' } })
  expect(await attempt(daemon, { program: allowed })).toMatchObject({
    outcome: 'succeeded',
    report: { stdout: expect.stringContaining('I am allowed') as string },
  })
  const link = join(dir, 'link')
  symlinkSync(other, link)
  const tries = [
    'sh',
    '/bin/sh',
    other,
    link,
    './echo',
    '../bin/sh',
    `${allowed}/../other`,
    `${dir}/./allowed`,
    'echo ',
    'ECHO',
    '__proto__',
    'constructor',
  ]
  for (const program of tries) {
    const refused = await attempt(daemon, { program, cwd: dir })
    expect(refused, program).toMatchObject({ status: 422, code: 'invalid', said: expect.stringContaining('--allow-programs') as string })
  }
  // a text that a ticket makes
  expect(await attempt(daemon, { program: '[scheduler_ticket]' })).toMatchObject({ status: 422 })
})

test('a program that was exchanged since the start is not started, and the reason says what to do', async () => {
  const { allowed, other, dir } = twoPrograms()
  const link = join(dir, 'tool')
  symlinkSync(allowed, link)
  const daemon = await startDaemon({ args: ['--allow-programs', link] })
  expect(await attempt(daemon, { program: link })).toMatchObject({ outcome: 'succeeded' })
  rmSync(link)
  symlinkSync(other, link)
  expect(await attempt(daemon, { program: link })).toMatchObject({
    status: 201,
    outcome: 'failed',
    said: expect.stringContaining('start the daemon again') as string,
  })
})

test('with --allow-programs no variable makes an allowed program run other code: LD_PRELOAD, PATH, BASH_ENV', async () => {
  const { dir, allowed } = twoPrograms()
  copyFileSync('/bin/true', join(dir, 'echo'))
  const daemon = await startDaemon({ args: ['--allow-programs', `echo,${allowed}`, '--allow-env', 'LEVEL'] })
  for (const name of [
    'LD_PRELOAD',
    'LD_LIBRARY_PATH',
    'LD_AUDIT',
    'PATH',
    'BASH_ENV',
    'ENV',
    'PYTHONPATH',
    'NODE_OPTIONS',
    'IFS',
    'level',
    'LEVEL2',
  ])
    expect(await attempt(daemon, { program: allowed, env: { [name]: dir } }), name).toMatchObject({
      status: 422,
      said: expect.stringContaining('--allow-env') as string,
    })
  expect(await attempt(daemon, { program: 'echo', args: ['x'], env: { LEVEL: '1' } })).toMatchObject({ report: { stdout: 'x\n' } })
})

test('with --allow-cwd a program runs in no other directory, neither by .. nor by a link', async () => {
  const dir = realpathSync(tempDir())
  const [inside, outside] = ['work', 'work-not'].map((name) => join(dir, name)) as [string, string]
  for (const made of [inside, join(inside, 'deep'), outside]) mkdirSync(made)
  symlinkSync(outside, join(inside, 'out'))
  symlinkSync(join(inside, 'deep'), join(inside, 'in'))
  const daemon = await startDaemon({ args: ['--allow-cwd', inside] })
  const pwd = (cwd?: string, as = 'cwd') => attempt(daemon, { program: 'pwd', args: ['-P'], ...(cwd !== undefined && { [as]: cwd }) })
  expect(await pwd(inside)).toMatchObject({ report: { stdout: `${inside}\n` } })
  expect(await pwd(`${inside}/deep/../deep/`)).toMatchObject({ report: { stdout: `${inside}/deep\n` } })
  expect(await pwd(`${inside}/in`)).toMatchObject({ report: { stdout: `${inside}/deep\n` } })
  expect(await pwd()).toMatchObject({ outcome: 'succeeded' })
  for (const [cwd, as] of [['/'], [outside], [`${inside}/..`], [`${inside}/../work-not`], [outside, 'literal_cwd']])
    expect(await pwd(cwd, as), cwd).toMatchObject({ status: 422, said: expect.stringContaining('--allow-cwd') as string })
  for (const cwd of ['deep', '.'])
    expect(await pwd(cwd), cwd).toMatchObject({ status: 422, said: expect.stringContaining('absolute') as string })
  expect(await pwd(`${inside}/out`)).toMatchObject({ outcome: 'failed', said: expect.stringContaining('--allow-cwd') as string })
})

test('with --no-command there is no such kind, and what was stored of it before does not run', async () => {
  const dir = tempDir()
  const [data, mark] = [join(dir, 'data'), join(dir, 'mark')]
  const before = await startDaemon({ data })
  const boss = await before.hire({ start: false, end: true, instructions: [command({ program: 'touch', args: [mark] })] })
  await before.stop()
  const daemon = await startDaemon({ data, args: ['--no-command'] })
  expect(await attempt(daemon, { program: 'true' })).toMatchObject({ status: 422, code: 'no-adequate-worker' })
  await daemon.tell(boss, 'work')
  const [entry] = (await daemon.reportOnceOver(boss)).workers_report
  expect(entry).toMatchObject({ outcome: 'failed' })
  expect(() => readFileSync(mark)).toThrow('ENOENT')
})

test('arguments and variables are handed over as they are: no shell reads them, and none has a zero character', async () => {
  const daemon = await startDaemon()
  const hostile = ['; id', '$(id)', '`id`', '| id', '\n id', '--', '-x', '*', '~', '"\'', '\\']
  const report = await attempt(daemon, { program: 'printf', args: ['%s\\0', ...hostile] })
  expect(report).toMatchObject({ report: { stdout: `${hostile.join('\0')}\0` } })
  const variables = await attempt(daemon, { program: 'printenv', args: ['A'], env: { A: 'x\nTAYLORD_BOSS=9' } })
  expect(variables).toMatchObject({ report: { stdout: 'x\nTAYLORD_BOSS=9\n' } })
  for (const row of [
    { program: 'true\0' },
    { program: 'true', args: ['a\0b'] },
    { program: 'true', cwd: '/tmp\0' },
    { program: 'true', env: { A: '\0' } },
    { program: 'true', env: { 'A=B': '1' } },
    { program: 'true', env: { '': '1' } },
    { program: 'true', env: { 'A\0': '1' } },
    { program: 'true', env: { A: 1 } },
    { program: 'true', env: { A: { from_file: '/etc/passwd', from_env: 'X' } } },
    { program: 'true', env: { A: { from_file: '' } } },
    { program: 'true', env: { A: {} } },
  ])
    expect(await attempt(daemon, row), JSON.stringify(row)).toMatchObject({ status: 422 })
})

test.each([
  [['--allow-programs', 'no-such-program'], '--allow-programs: there is no program "no-such-program" in PATH'],
  [['--allow-programs', 'bin/tool'], '--allow-programs takes names and absolute paths'],
  [['--allow-cwd', '/no/such'], '--allow-cwd: /no/such cannot be used'],
  [['--secrets-dir', '/no/such'], '--secrets-dir: /no/such cannot be used'],
  [['--secret-env', 'NO_SUCH_SECRET'], '--secret-env: there is no variable NO_SUCH_SECRET'],
])('%j keeps the daemon from starting: %s', async (args, message) => {
  const refused = await startInVain({ data: join(tempDir(), 'data'), args })
  expect(refused).toMatchObject({ code: 1, message: expect.stringContaining(message) as string })
})
