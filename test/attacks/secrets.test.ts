import { mkdirSync, readdirSync, readFileSync, realpathSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { startDaemon, type Daemon, type Problem } from '../support/daemon.js'
import { tempDir } from '../support/temp.js'

const secret = 'hunter2-of-a-file'
const other = 'hunter3-of-a-variable'

afterEach(() => {
  for (const name of ['TEST_API_KEY', 'TAYLORD_TOKEN', 'TEST_OTHER']) delete process.env[name]
})

/** A daemon with a directory of secrets and one in its environment, and secrets that it lets nobody have. */
async function keeper(): Promise<{ daemon: Daemon; dir: string; data: string }> {
  const root = realpathSync(tempDir())
  const [dir, data] = [join(root, 'secrets'), join(root, 'data')]
  mkdirSync(dir)
  writeFileSync(join(dir, 'key'), `${secret}\n`, { mode: 0o600 })
  writeFileSync(join(root, 'outside'), 'not for you')
  symlinkSync(join(root, 'outside'), join(dir, 'link'))
  symlinkSync('key', join(dir, 'same'))
  mkdirSync(join(dir, 'sub'))
  process.env['TEST_API_KEY'] = other
  process.env['TEST_OTHER'] = 'hunter4'
  process.env['TAYLORD_TOKEN'] = 'taylord_hunter5'
  return { daemon: await startDaemon({ data, args: ['--secrets-dir', dir, '--secret-env', 'TEST_API_KEY', '--log', 'trace'] }), dir, data }
}

async function entryOf(daemon: Daemon, row: Record<string, unknown>) {
  const boss = await daemon.hire({ end: true, instructions: [{ kind: 'command', ...row }] })
  return (await daemon.reportOnceOver(boss)).workers_report[0]
}

/** Every byte that a daemon keeps. */
function kept(dir: string): string {
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((file) => join(dir, file))
  return files.map((file) => (statSync(file).isFile() ? readFileSync(file, 'latin1') : '')).join('\n')
}

test('a program gets a secret that its row names, and it is in no report, log or database', async () => {
  const { daemon, data } = await keeper()
  const env = { KEY: { from_file: 'key' }, ALSO: { from_file: 'same' }, API: { from_env: 'TEST_API_KEY' } }
  const script = `test "$KEY" = ${secret.slice(0, 7)}''${secret.slice(7)} && test "$ALSO" = "$KEY" && test "$API" = ${other.slice(0, 7)}''${other.slice(7)} && echo yes`
  const entry = await entryOf(daemon, { program: 'sh', args: ['-c', script], env })
  expect(entry).toMatchObject({ outcome: 'succeeded', report: { stdout: 'yes\n' } })
  const instruction = await daemon.instruction(1, 1)
  expect(instruction.attributes['env']).toEqual(env)
  const failed = await entryOf(daemon, { program: 'false', env })
  await daemon.stop()
  const everything = [JSON.stringify([entry, failed, instruction]), daemon.log, kept(data)].join('\n')
  for (const word of [secret, other, 'hunter4', 'hunter5']) expect(everything).not.toContain(word)
})

test('a row gets no secret that the settings do not list, neither by a path nor by a link', async () => {
  const { daemon, dir } = await keeper()
  const boss = await daemon.hire()
  for (const value of [
    { from_file: '/etc/passwd' },
    { from_file: '../outside' },
    { from_file: `${dir}/../outside` },
    { from_file: '.' },
    { from_file: `${dir}x` },
    { from_env: 'TEST_OTHER' },
    { from_env: 'TAYLORD_TOKEN' },
    { from_env: 'PATH' },
    { from_env: '__proto__' },
    { from_env: 'toString' },
  ]) {
    const { status, body } = await daemon.call<Problem>('POST', `/v1/bosses/${boss.id}/instructions`, {
      json: { instructions: [{ kind: 'command', program: 'true', env: { A: value } }] },
    })
    expect([status, body.code], JSON.stringify(value)).toEqual([422, 'invalid'])
  }
  for (const [file, why] of [
    ['link', 'is no secret of this daemon'],
    ['sub', 'is no file'],
    ['none', 'ENOENT'],
  ] as const) {
    const entry = await entryOf(daemon, { program: 'printenv', args: ['A'], env: { A: { from_file: file } } })
    expect(entry, file).toMatchObject({
      outcome: 'failed',
      cause: 'start',
      report: null,
      error: { message: expect.stringContaining(why) as string },
    })
  }
})

test('without settings no secret can be named', async () => {
  const daemon = await startDaemon()
  const boss = await daemon.hire()
  for (const value of [{ from_file: '/etc/hostname' }, { from_env: 'PATH' }]) {
    const { status } = await daemon.call('POST', `/v1/bosses/${boss.id}/instructions`, {
      json: { instructions: [{ kind: 'command', program: 'true', env: { A: value } }] },
    })
    expect(status).toBe(422)
  }
})

test("programs and tasks find nothing of the daemon's environment but PATH, HOME, LANG and TMPDIR", async () => {
  const { daemon } = await keeper()
  const entry = await entryOf(daemon, { program: 'env' })
  const names = String((entry?.report as { stdout: string } | undefined)?.stdout)
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/=.*/, ''))
  expect(
    names.filter((name) => !/^(?:PATH|HOME|LANG|TMPDIR|TAYLORD_(?:BOSS|INSTRUCTION|NAME|ATTEMPT|TICKET|CPUS|HOST_TOKEN))$/.test(name)),
  ).toEqual([])
  // the host in which tasks run, too, and it was told no secret
  const host = await entryOf(daemon, { program: 'sh', args: ['-c', 'tr "\\0" "\\n" < /proc/$PPID/environ'] })
  const environment = String((host?.report as { stdout: string } | undefined)?.stdout)
  expect(environment).toContain('PATH=')
  for (const word of [other, 'hunter4', 'hunter5']) expect(environment).not.toContain(word)
})
