import { constants } from 'node:os'
import { Refused, Unreachable } from '../client/errors.js'
import { closest } from './closest.js'
import { helpOf, overview } from './help.js'
import { serverOptions } from './options.js'
import { read } from './read.js'
import { BadUsage, type Verb } from './verb.js'
import { inVerbs } from './wording.js'

/** How a command ends. */
export const exit = { ok: 0, taskFailed: 1, usage: 2, notFound: 3, unreachable: 4, timeout: 124 } as const

/**
 * Carries out a command line.
 * @param args what follows `taylord`.
 * @returns the exit code.
 */
export async function command(args: readonly string[], verbs: Readonly<Record<string, Verb>>): Promise<number> {
  process.stdout.on('error', () => undefined) // who writes hears of it, too
  try {
    const [name, ...rest] = verbFirst(args, verbs)
    if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
      process.stdout.write(overview(verbs))
      return exit.ok
    }
    const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined
    if (!verb) throw new BadUsage(`there is no command "${name}"${closest(name, Object.keys(verbs))}; taylord --help lists what there is`)
    if (asksForHelp(rest)) {
      process.stdout.write(helpOf(name, verb))
      return exit.ok
    }
    const asked = read(name, verb, rest)
    return await (await verb.load())(asked)
  } catch (error) {
    return codeOf(error as Error)
  }
}

/** Options that say which daemon is meant may stand before the verb, as in `taylord --server URL ls`. @throws {BadUsage} for others there. */
function verbFirst(args: readonly string[], verbs: Readonly<Record<string, Verb>>): readonly string[] {
  let at = 0
  for (let option; (option = /^--([^=]+)(=)?/.exec(args[at] ?? '')) && Object.hasOwn(serverOptions, option[1] ?? ''); )
    at += option[2] ? 1 : 2
  const [first = ''] = args.slice(at)
  if (at > 0 && first !== '' && !first.startsWith('-')) return [first, ...args.slice(0, at), ...args.slice(at + 1)]
  const isMisplaced = at > 0 || (first.startsWith('-') && first !== '--help' && first !== '-h')
  if (!isMisplaced) return args
  const verb = args.find((word) => Object.hasOwn(verbs, word)) ?? 'VERB'
  throw new BadUsage(`options follow the verb, as in taylord ${verb} ${args[0]}; taylord --help lists what there is`)
}

/** Whether `--help` is among the options. */
export function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return args.slice(0, end < 0 ? undefined : end).some((arg) => arg === '--help' || arg === '-h')
}

/** Tells why it could not be done. @throws what is a bug. */
function codeOf(error: Error): number {
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') return 128 + constants.signals.SIGPIPE // as in `taylord report last | head -1`
  const code =
    error instanceof BadUsage
      ? exit.usage
      : error instanceof Unreachable
        ? exit.unreachable
        : error instanceof Refused
          ? codeOfStatus(error.status)
          : error.name === 'TimeoutError'
            ? exit.timeout
            : undefined
  if (code === undefined) throw error
  const why = error instanceof Refused ? inVerbs(error.message, error.facts['boss']) : error.message
  process.stderr.write(`taylord: ${code === exit.timeout ? 'the time is over, and it is not' : why}${hintFor(error)}\n`)
  return code
}

const codeOfStatus = (status: number) => (status === 404 ? exit.notFound : status >= 500 ? exit.unreachable : exit.usage)

function hintFor(error: Error): string {
  if (error instanceof Refused && error.status === 401) return '; TAYLORD_TOKEN holds the token, or TAYLORD_TOKEN_FILE names its file'
  if (!error.message.startsWith('no daemon answers at')) return ''
  return '; taylord serve starts one, TAYLORD_URL or --server says where it is'
}
