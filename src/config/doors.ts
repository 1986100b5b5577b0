/** One setting of the daemon. */
export interface Setting {
  readonly flag: string
  /** What its value is; '' for a switch, which has none. */
  readonly unit: string
  readonly help: string
  readonly standard: string | undefined
  /** What is wrong with a value; undefined when nothing is. */
  readonly check: (text: string) => string | undefined
}

export const integer = (from: number, to: number) => (text: string) =>
  /^\d+$/.test(text) && Number(text) >= from && Number(text) <= to ? undefined : `must be a whole number from ${from} to ${to}`
export const anything = (text: string) => (text === '' ? 'must not be empty' : undefined)
/** What is wrong with the value of a switch. */
export const onOrOff = (text: string) => (/^(?:true|false|1|0)$/.test(text) ? undefined : 'must be 1 or 0')
/** Whether a switch is on. */
export const switchedOn = (text: string | undefined) => text === 'true' || text === '1'
const listOf = (entry: RegExp, mustBe: string) => (text: string) =>
  text.split(',').every((one) => entry.test(one.trim())) ? undefined : `must be ${mustBe}, separated by commas`

/** Settings of who may come in, by what way, and what programs may be run. */
export const doorSettings = {
  socket: { flag: 'socket', unit: 'PATH', standard: undefined, check: anything, help: 'Unix socket to listen on instead of an address' },
  tlsCert: { flag: 'tls-cert', unit: 'FILE', standard: undefined, check: anything, help: 'certificate to be reached by https, PEM' },
  tlsKey: { flag: 'tls-key', unit: 'FILE', standard: undefined, check: anything, help: 'key of the certificate, PEM' },
  basePath: {
    flag: 'base-path',
    unit: 'PATH',
    standard: undefined,
    check: (text: string) => (/^(?:\/[\w.~-]+)+$/.test(text) ? undefined : 'must be a path such as /taylord'),
    help: 'path under which a proxy shows the daemon, such as /taylord',
  },
  allowAnonymous: {
    flag: 'allow-anonymous',
    unit: '',
    standard: undefined,
    check: onOrOff,
    help: 'let everybody in on any address as long as there is no token',
  },
  firstToken: {
    flag: 'first-token',
    unit: 'FILE',
    standard: undefined,
    check: anything,
    help: 'where a token is asked for and there is none, make one for an admin and write it to this file',
  },
  allowedHosts: {
    flag: 'allowed-hosts',
    unit: 'NAMES',
    standard: undefined,
    check: listOf(/^[\w.-]+(?::\d+)?$/, 'host names'),
    help: 'names under which browsers may reach the daemon, besides localhost and addresses',
  },
  allowedOrigins: {
    flag: 'allowed-origins',
    unit: 'ORIGINS',
    standard: undefined,
    check: listOf(/^https?:\/\/[\w.-]+(?::\d+)?$/, 'origins such as https://example.org'),
    help: 'web pages of other origins that may use the daemon, such as https://example.org',
  },
  rateLimit: {
    flag: 'rate-limit',
    unit: 'N',
    standard: '0',
    check: integer(0, 1_000_000),
    help: 'requests a second that one token may make; 0: without limit',
  },
  noCommand: {
    flag: 'no-command',
    unit: '',
    standard: undefined,
    check: onOrOff,
    help: 'run no programs: the kind command is not offered',
  },
  allowPrograms: {
    flag: 'allow-programs',
    unit: 'PROGRAMS',
    standard: undefined,
    check: listOf(/^[^,\0]+$/, 'names or absolute paths'),
    help: 'programs that the kind command may run, by name or absolute path; default: all',
  },
  allowCwd: {
    flag: 'allow-cwd',
    unit: 'DIRS',
    standard: undefined,
    check: listOf(/^\/[^,\0]*$/, 'absolute paths'),
    help: 'directories in which, or below, programs may run if they name one; default: all',
  },
  allowEnv: {
    flag: 'allow-env',
    unit: 'NAMES',
    standard: undefined,
    check: listOf(/^[^,=\0\s]+$/, 'names of variables'),
    help: 'variables that rows may give to programs where --allow-programs is set; default: none',
  },
  secretsDir: {
    flag: 'secrets-dir',
    unit: 'DIR',
    standard: undefined,
    check: (text: string) => (text.startsWith('/') ? undefined : 'must be an absolute path'),
    help: 'directory of secrets that programs may be given by {"from_file": PATH}',
  },
  secretEnv: {
    flag: 'secret-env',
    unit: 'NAMES',
    standard: undefined,
    check: listOf(/^[^,=\0\s]+$/, 'names of variables'),
    help: 'variables of the daemon\'s that programs may be given by {"from_env": NAME}',
  },
} satisfies Record<string, Setting>
