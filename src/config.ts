import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { BadSetting } from './config/bad-setting.js'
import { anything, doorSettings, integer, switchedOn, type Setting } from './config/doors.js'
import { slurmOf, slurmSettings, type Slurm } from './config/slurm.js'

export { BadSetting }
export type { Slurm }

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

/** Every setting once, in the order in which `--help` tells of them. */
const settings = {
  host: { flag: 'host', unit: 'ADDRESS', standard: '127.0.0.1', check: anything, help: 'address to listen on' },
  port: { flag: 'port', unit: 'PORT', standard: '8080', check: integer(0, 65_535), help: 'port to listen on; 0 takes a free one' },
  data: {
    flag: 'data',
    unit: 'DIR',
    standard: 'taylord-data',
    check: anything,
    help: 'directory of the database and of long outputs; made when it is not there',
  },
  plugins: {
    flag: 'plugins',
    unit: 'DIR',
    standard: undefined,
    check: anything,
    help: 'directory of worker kinds: every *.js and *.mjs in it',
  },
  slots: {
    flag: 'slots',
    unit: 'N',
    standard: undefined,
    check: integer(1, 65_536),
    help: 'workers at once; default: the CPUs, or the largest max_threads of a Boss if that is more, up to 512',
  },
  grace: {
    flag: 'grace',
    unit: 'SECONDS',
    standard: '8',
    check: integer(0, 86_400),
    help: 'how long running work may go on after SIGTERM',
  },
  outputMib: {
    flag: 'output-mib',
    unit: 'MIB',
    standard: '10240',
    check: integer(0, 1_000_000_000),
    help: 'MiB of what programs write that are kept of each Boss, beyond what is in its report',
  },
  keepDays: {
    flag: 'keep-days',
    unit: 'DAYS',
    standard: '90',
    check: integer(0, 36_500),
    help: 'days for which Bosses that are over, and the log of events, are kept; 0: without limit',
  },
  keepBosses: {
    flag: 'keep-bosses',
    unit: 'N',
    standard: '10000',
    check: integer(0, 1_000_000_000),
    help: 'Bosses that are over that are kept, the newest; 0: without limit',
  },
  keepMib: {
    flag: 'keep-mib',
    unit: 'MIB',
    standard: '51200',
    check: integer(0, 1_000_000_000),
    help: 'MiB of database and outputs beyond which the oldest Bosses that are over go; 0: without limit',
  },
  keepEvents: {
    flag: 'keep-events',
    unit: 'N',
    standard: '5000000',
    check: integer(0, 1_000_000_000_000),
    help: 'events that are kept for those who follow, the newest; 0: without limit',
  },
  recycleAfter: {
    flag: 'recycle-after',
    unit: 'N',
    standard: '0',
    check: integer(0, 1_000_000_000),
    help: 'tasks after which a worker process makes room for a fresh one; 0 never',
  },
  recycleAbove: {
    flag: 'recycle-above',
    unit: 'MIB',
    standard: '1024',
    check: integer(0, 1_000_000_000),
    help: 'memory above which a worker process does, once its task has ended; 0 never',
  },
  uploadIdle: {
    flag: 'upload-idle',
    unit: 'SECONDS',
    standard: '60',
    check: integer(1, 86_400),
    help: 'how long an upload may send nothing before it is refused',
  },
  maxRows: { flag: 'max-rows', unit: 'N', standard: '10000000', check: integer(1, 1_000_000_000), help: 'rows that one append may have' },
  ...doorSettings,
  ...slurmSettings,
  log: {
    flag: 'log',
    unit: 'LEVEL',
    standard: 'info',
    check: (text) => (levels.includes(text) ? undefined : `must be one of ${levels.join(', ')}`),
    help: 'least level of log lines on stderr',
  },
} satisfies Record<string, Setting>

type Name = keyof typeof settings
const names = Object.keys(settings) as Name[]
const variableOf = (name: Name) => `TAYLORD_${settings[name].flag.replaceAll('-', '_').toUpperCase()}`

/** What the daemon was told, checked; nothing changes it afterwards. */
export interface Config {
  readonly host: string
  readonly port: number
  readonly data: string
  readonly plugins: string | undefined
  readonly slots: number | undefined
  /** s */
  readonly grace: number
  /** MiB */
  readonly outputMib: number
  /** Days; undefined: without limit, as in the next three */
  readonly keepDays: number | undefined
  readonly keepBosses: number | undefined
  /** MiB */
  readonly keepMib: number | undefined
  readonly keepEvents: number | undefined
  /** instructions */
  readonly recycleAfter: number
  /** MiB */
  readonly recycleAbove: number
  /** s */
  readonly uploadIdle: number
  readonly maxRows: number
  readonly log: string
  readonly doors: Doors
  readonly commands: Commands
  /** undefined: not to be used */
  readonly slurm: Slurm | undefined
}

/** Who may come in, and by what way. */
export interface Doors {
  /** Path of a Unix socket to listen on, instead of host and port. */
  readonly socket: string | undefined
  /** Files of the certificate and its key, PEM. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined
  /** Such as `/taylord`; '' for none. */
  readonly basePath: string
  /** File to which a first token is written. */
  readonly firstToken: string | undefined
  readonly allowAnonymous: boolean
  /** undefined: not given */
  readonly allowedHosts: readonly string[] | undefined
  readonly allowedOrigins: readonly string[]
  /** Requests a second of one token; undefined: without limit */
  readonly rateLimit: number | undefined
}

/** What the kind `command` may run, and with which secrets. */
export interface Commands {
  readonly none: boolean
  /** undefined: without limit, as in the next one */
  readonly programs: readonly string[] | undefined
  readonly directories: readonly string[] | undefined
  readonly variables: readonly string[]
  /** Directory of files that `from_file` may name. */
  readonly secretsDir: string | undefined
  /** Variables of the daemon that `from_env` may name. */
  readonly secretVariables: readonly string[]
}

/** The options of `taylord serve` by their flags, for its help and for completions. */
export function settingOptions(): Record<string, { value?: string; help: string; choices?: readonly string[] | 'file' }> {
  const own = names.map((name) => {
    const { flag, unit, help, standard }: Setting = settings[name]
    const files = unit === 'DIR' || unit === 'FILE'
    const takes = unit === '' ? {} : { value: unit }
    return [flag, { ...takes, help: `${help}${standard === undefined ? '' : ` (${standard})`}`, ...(files && { choices: 'file' }) }]
  })
  const help = 'the same settings as a JSON object, by their names here without dashes in front'
  return Object.fromEntries([...own, ['config', { value: 'FILE', help, choices: 'file' }]])
}

/**
 * Reads the settings: flags, then `TAYLORD_*` variables, then the file of `--config`, then defaults.
 * @throws {BadSetting} naming the setting and where it came from.
 */
export function readConfig(args: readonly string[], env: NodeJS.ProcessEnv): Config {
  const flags = readFlags(args)
  const file = flags['config'] ?? env['TAYLORD_CONFIG']
  const fromFile = file === undefined ? {} : readFile(file)
  const value = (name: Name): string | undefined => {
    const { flag, standard, check } = settings[name] as Setting
    const sources: [string, string | undefined][] = [
      [`--${flag}`, flags[flag]],
      [variableOf(name), env[variableOf(name)]],
      [`"${flag}" in ${file}`, fromFile[flag]],
    ]
    const [source, text] = sources.find(([, given]) => given !== undefined) ?? ['', standard]
    const wrong = text === undefined ? undefined : check(text)
    if (wrong !== undefined) throw new BadSetting(`${source} ${wrong}; it is ${JSON.stringify(text)}`)
    return text
  }
  const number = (name: Name) => {
    const text = value(name)
    return text === undefined ? undefined : Number(text)
  }
  const list = (name: Name) =>
    value(name)
      ?.split(',')
      .map((entry) => entry.trim())
  const [cert, key] = [value('tlsCert'), value('tlsKey')]
  if ((cert === undefined) !== (key === undefined))
    throw new BadSetting('--tls-cert and --tls-key go together: give the files of a certificate and of its key')
  if (value('socket') !== undefined && cert !== undefined)
    throw new BadSetting('--tls-cert is for an address and a port; a Unix socket (--socket) has no use for it')
  return Object.freeze({
    host: value('host') ?? '',
    port: number('port') ?? 0,
    data: value('data') ?? '',
    plugins: value('plugins'),
    slots: number('slots'),
    grace: number('grace') ?? 0,
    outputMib: number('outputMib') ?? 0,
    keepDays: number('keepDays') || undefined,
    keepBosses: number('keepBosses') || undefined,
    keepMib: number('keepMib') || undefined,
    keepEvents: number('keepEvents') || undefined,
    recycleAfter: number('recycleAfter') ?? 0,
    recycleAbove: number('recycleAbove') ?? 0,
    uploadIdle: number('uploadIdle') ?? 0,
    maxRows: number('maxRows') ?? 0,
    log: value('log') ?? '',
    doors: Object.freeze({
      socket: value('socket'),
      tls: cert !== undefined && key !== undefined ? { cert, key } : undefined,
      basePath: value('basePath') ?? '',
      firstToken: value('firstToken'),
      allowAnonymous: switchedOn(value('allowAnonymous')),
      allowedHosts: list('allowedHosts')?.map((host) => host.toLowerCase()),
      allowedOrigins: list('allowedOrigins') ?? [],
      rateLimit: number('rateLimit') || undefined,
    }),
    commands: Object.freeze({
      none: switchedOn(value('noCommand')),
      programs: list('allowPrograms'),
      directories: list('allowCwd'),
      variables: list('allowEnv') ?? [],
      secretsDir: value('secretsDir'),
      secretVariables: list('secretEnv') ?? [],
    }),
    slurm: switchedOn(value('slurm')) ? slurmOf(value, number) : undefined,
  })
}

function readFlags(args: readonly string[]): Record<string, string | undefined> {
  const all: readonly Setting[] = names.map((name) => settings[name])
  const options = Object.fromEntries([
    ...all.map(({ flag, unit }) => [flag, { type: unit === '' ? ('boolean' as const) : ('string' as const) }]),
    ['config', { type: 'string' as const }],
  ])
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false })
    return Object.fromEntries(Object.entries(values).map(([flag, given]) => [flag, String(given)]))
  } catch (error) {
    throw new BadSetting(`${(error as Error).message.split(/\.\s/)[0]}; taylord serve --help lists the settings`)
  }
}

function readFile(file: string): Record<string, string | undefined> {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new BadSetting(`the config file ${file} cannot be read: ${(error as Error).message}`)
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new BadSetting(`the config file ${file} must hold one JSON object`)
  const known = names.map((name) => settings[name].flag as string)
  for (const key of Object.keys(content)) {
    if (!known.includes(key)) throw new BadSetting(`"${key}" in ${file} is no setting; there are ${known.join(', ')}`)
  }
  return Object.fromEntries(Object.entries(content).map(([key, given]) => [key, String(given)]))
}

/** How long history is kept, in ms; undefined for ever. */
export const ageMsOf = ({ keepDays }: Pick<Config, 'keepDays'>) => keepDays && keepDays * 86_400_000
