import { helpOption } from './read.js'
import type { Options, Verb } from './verb.js'

const groups = {
  daemon: 'The daemon',
  work: 'Give work',
  look: 'Look',
  change: 'Tell a Boss',
  more: 'More',
} as const

/** Text of `taylord --help`. */
export function overview(verbs: Readonly<Record<string, Verb>>): string {
  const width = Math.max(...Object.keys(verbs).map((name) => name.length))
  const parts = Object.entries(groups).map(([group, title]) => {
    const lines = Object.entries(verbs)
      .filter(([, verb]) => verb.group === group)
      .map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}\n`)
    return `${title}:\n${lines.join('')}`
  })
  return `taylord: a job server for one big machine

Usage:
  taylord VERB ...        carry it out
  taylord VERB --help     what it takes, with an example
  taylord --version       the version

${parts.join('\n')}
A BOSS is an id, a name (the unfinished Boss of that name, else the newest), or last, the newest of all. IDS are ids of instructions, ranges
and names: 3 8-10 1,4,7-9 frame-12. Data goes to stdout, what is only for a person to stderr; colours and bars are for terminals (NO_COLOR).

  TAYLORD_URL    the daemon, as --server (http://127.0.0.1:8080)
  TAYLORD_TOKEN  the token for a daemon that asks for one, or TAYLORD_TOKEN_FILE, a file that holds it

It ends with 0 when all went well, 1 when a task did not succeed, 2 when it was called wrongly or the daemon refused, 3 when what it names
is not there, 4 when the daemon cannot be reached, 124 when a --timeout was over.
`
}

/** Text of `taylord VERB --help`. */
export function helpOf(name: string, { summary, takes, options, notes, examples }: Verb): string {
  const parts = [
    `taylord ${name}: ${summary}`,
    `Usage:\n  taylord ${name} [options]${takes && ` ${takes}`}`,
    linesOf({ ...options, ...helpOption }),
    notes,
    examples.length > 0 ? `Examples:\n${examples.map((line) => `  ${line}`).join('\n')}` : '',
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function linesOf(options: Options): string {
  const rows = Object.entries(options).map(([name, { short, value, help }]): [string, string] => [
    `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`,
    help,
  ])
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n')
}
