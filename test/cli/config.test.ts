import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { BadSetting, readConfig } from '../../src/config.js'
import { tempDir } from '../support/temp.js'

/** A config file with this content. */
function fileOf(content: string): string {
  const file = `${tempDir()}/config.json`
  writeFileSync(file, content)
  return file
}

/** What a refusal says, with FILE for the name of the config file. */
function refusalOf(args: readonly string[], env: NodeJS.ProcessEnv, file = ''): string {
  try {
    readConfig(args, env)
  } catch (error) {
    if (error instanceof BadSetting) return file ? error.message.replaceAll(file, 'FILE') : error.message
    throw error
  }
  return 'accepted'
}

test('without any there are the defaults, and nothing changes a setting afterwards', () => {
  const config = readConfig([], {})
  expect(config).toEqual({
    host: '127.0.0.1',
    port: 8080,
    data: 'taylord-data',
    plugins: undefined,
    slots: undefined,
    grace: 8,
    outputMib: 10_240,
    keepDays: 90,
    keepBosses: 10_000,
    keepMib: 51_200,
    keepEvents: 5_000_000,
    recycleAfter: 0,
    recycleAbove: 1024,
    uploadIdle: 60,
    maxRows: 10_000_000,
    log: 'info',
    doors: {
      socket: undefined,
      tls: undefined,
      basePath: '',
      firstToken: undefined,
      allowAnonymous: false,
      allowedHosts: undefined,
      allowedOrigins: [],
      rateLimit: undefined,
    },
    commands: {
      none: false,
      programs: undefined,
      directories: undefined,
      variables: [],
      secretsDir: undefined,
      secretVariables: [],
    },
  })
  expect(config).toSatisfy(Object.isFrozen)
})

test('a flag goes before a variable, a variable before the config file, and the file before the defaults', () => {
  const file = fileOf('{"port": 1, "grace": 1, "max-rows": 1}')
  const env = { TAYLORD_CONFIG: '/dev/null/none', TAYLORD_PORT: '2', TAYLORD_GRACE: '2' }
  expect(readConfig(['--config', file, '--port', '3'], env)).toMatchObject({ port: 3, grace: 2, maxRows: 1, log: 'info' })
  expect(readConfig([], { TAYLORD_CONFIG: file, TAYLORD_MAX_ROWS: '2' })).toMatchObject({ port: 1, grace: 1, maxRows: 2 })
})

test.each([
  [['--frobnicate'], "Unknown option '--frobnicate'; taylord serve --help lists the settings"],
  [['now'], "Unexpected argument 'now'; taylord serve --help lists the settings"],
  [['--port'], "Option '--port <value>' argument missing; taylord serve --help lists the settings"],
  [['--port', '80a'], '--port must be a whole number from 0 to 65535; it is "80a"'],
  [['--port', '-1'], "Option '--port' argument is ambiguous; taylord serve --help lists the settings"],
  [['--port', '65536'], '--port must be a whole number from 0 to 65535; it is "65536"'],
  [['--slots', '0'], '--slots must be a whole number from 1 to 65536; it is "0"'],
  [['--grace', '1.5'], '--grace must be a whole number from 0 to 86400; it is "1.5"'],
  [['--data', ''], '--data must not be empty; it is ""'],
  [['--base-path', 'taylord'], '--base-path must be a path such as /taylord; it is "taylord"'],
  [['--allowed-origins', '*'], '--allowed-origins must be origins such as https://example.org, separated by commas; it is "*"'],
  [['--tls-cert', 'a.pem'], '--tls-cert and --tls-key go together: give the files of a certificate and of its key'],
  [['--log', 'loud'], '--log must be one of fatal, error, warn, info, debug, trace, silent; it is "loud"'],
])('%j is refused: %s', (args, message) => {
  expect(refusalOf(args, {})).toBe(message)
})

test('a switch is a flag without a value, 1 in a variable and true in the config file', () => {
  expect(readConfig(['--no-command'], {}).commands.none).toBe(true)
  expect(readConfig([], { TAYLORD_ALLOW_ANONYMOUS: '1' }).doors.allowAnonymous).toBe(true)
  expect(readConfig([], { TAYLORD_ALLOW_ANONYMOUS: '0' }).doors.allowAnonymous).toBe(false)
  expect(readConfig(['--config', fileOf('{"no-command": true}')], {}).commands.none).toBe(true)
  expect(refusalOf([], { TAYLORD_NO_COMMAND: 'yes' })).toBe('TAYLORD_NO_COMMAND must be 1 or 0; it is "yes"')
})

test('a bad variable is refused by its name', () => {
  expect(refusalOf([], { TAYLORD_MAX_ROWS: 'x' })).toBe('TAYLORD_MAX_ROWS must be a whole number from 1 to 1000000000; it is "x"')
})

test.each([
  ['{', 'the config file FILE cannot be read: '],
  ['[]', 'the config file FILE must hold one JSON object'],
  [
    '{"prot": 1}',
    '"prot" in FILE is no setting; there are host, port, data, plugins, slots, grace, output-mib, keep-days, keep-bosses, keep-mib, keep-events, recycle-after, recycle-above, upload-idle, max-rows, socket, tls-cert, tls-key, base-path, allow-anonymous, first-token, allowed-hosts, allowed-origins, rate-limit, no-command, allow-programs, allow-cwd, allow-env, secrets-dir, secret-env, slurm, slurm-partition, slurm-account, slurm-qos, slurm-constraint, slurm-max-hosts, slurm-backlog, slurm-minutes, slurm-idle, slurm-memory, slurm-overhead, slurm-ping, slurm-lease, slurm-arrays, log',
  ],
  ['{"port": "x"}', '"port" in FILE must be a whole number from 0 to 65535; it is "x"'],
])('the config file %s is refused: %s', (content, message) => {
  const file = fileOf(content)
  expect(refusalOf(['--config', file], {}, file)).toContain(message)
})

test('a config file that is not there is refused', () => {
  expect(refusalOf(['--config', '/dev/null/none'], {})).toContain('the config file /dev/null/none cannot be read')
})
