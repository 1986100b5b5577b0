import type { Option, Options } from './verb.js'

/** @param what a document it prints. */
export const json = (what: string): Options => ({ json: { help: `print ${what}` } })

export const quiet = (what = 'ids only'): Options => ({ quiet: { short: 'q', help: `print ${what}` } })

/** An option with a value. */
export const word = (value: string, help: string, choices?: Option['choices']): Option => ({ value, help, ...(choices && { choices }) })

/** How an instruction may end. */
export const outcomes: readonly string[] = ['succeeded', 'failed', 'cancelled']

/** How a time is written. */
export const time = 'a time is 90s, 15m, 12h, 30d, or seconds'

/** Of every verb that asks a daemon. */
export const serverOptions: Options = {
  server: { value: 'URL', help: 'the daemon (TAYLORD_URL, else http://127.0.0.1:8080); unix:PATH is a socket' },
  'token-file': { value: 'FILE', choices: 'file', help: 'a file that holds a token (TAYLORD_TOKEN_FILE); TAYLORD_TOKEN is one itself' },
}

/** Where rows come from, and what all of them have; of `submit` and `append`. */
export const rowOptions: Options = {
  kind: { value: 'KIND', help: 'the worker kind; command when there is a program' },
  each: {
    value: 'VALUE...',
    many: true,
    help: 'one instruction for each value: a file, a quoted glob such as "*.jpg", or - for lines of stdin',
  },
  null: { short: '0', help: 'what --each - reads ends with NULs in place of newlines, as find -print0 writes it' },
  env: { value: 'NAME=VALUE', repeated: true, help: 'a variable for the program; as often as there are some' },
  memory: { value: 'SIZE', help: 'memory of each: 512M, 2G or 2GiB; MiB when it is a number' },
  'expected-time': { value: 'S', help: 'how long each may last, for the scheduler' },
  cores: { value: 'N', help: 'cores of each' },
  priority: { value: 'N', help: 'of each; larger goes first' },
  timeout: { value: 'TIME', help: 'what an attempt may take: 90s, 15m, 12h, 30d, or seconds' },
  expires: { value: 'TIME', help: 'what each may wait for its start' },
  retries: { value: 'N', help: 'how often what failed is tried again' },
  'dry-run': { help: 'print the first rows that would be sent, and send nothing' },
}
