import type { Random } from '../soak/random.ts'

/** A sort of instruction: what its rows say, and how it may end when nobody cancels it. */
interface Form {
  readonly row: (at: number, random: Random, log: string) => Record<string, unknown>
  readonly outcome: 'succeeded' | 'failed'
  readonly cause?: string
  /** It never begins twice; when the daemon dies it may be `lost`. It writes its name into the log when it begins. */
  readonly once?: boolean
  /** Causes after which it is tried again, and how often in all; after the death of the daemon all are. */
  readonly retry?: { readonly cause: string; readonly attempts: number }
}

const script = 'echo "+ $TAYLORD_NAME" >> "$0"; exec sleep 0.01'

/** By the letter at the end of a name. */
export const forms: Readonly<Record<string, Form>> = {
  n: { row: (at) => ({ kind: 'noop', value: at }), outcome: 'succeeded' },
  s: { row: (_at, random) => ({ kind: 'sleeper', sleeping_time: random.integer(1, 30) / 1000 }), outcome: 'succeeded' },
  t: { row: () => ({ kind: 'command', program: 'true' }), outcome: 'succeeded' },
  f: { row: () => ({ kind: 'command', program: 'false' }), outcome: 'failed', cause: 'exit' },
  r: {
    row: () => ({ kind: 'throwing', retry: { attempts: 3, backoff: 0.01 } }),
    outcome: 'failed',
    cause: 'exception',
    retry: { cause: 'exception', attempts: 3 },
  },
  e: {
    row: () => ({ kind: 'command', program: 'false', retry: { attempts: 2, backoff: 0.05, on: ['exit'] } }),
    outcome: 'failed',
    cause: 'exit',
    retry: { cause: 'exit', attempts: 2 },
  },
  o: {
    row: (_at, random, log) => ({ kind: 'logging', log, ms: random.integer(0, 20), at_most_once: true }),
    outcome: 'succeeded',
    once: true,
  },
  p: {
    row: (_at, _random, log) => ({ kind: 'command', program: 'sh', args: ['-c', script, log], at_most_once: true }),
    outcome: 'succeeded',
    once: true,
  },
}

const weights: (readonly [number, string])[] = [
  [50, 'n'],
  [12, 's'],
  [6, 't'],
  [4, 'f'],
  [6, 'r'],
  [4, 'e'],
  [12, 'o'],
  [6, 'p'],
]

/** The form of an instruction, by its name. */
export const formOf = (name: string): Form | undefined => forms[name.at(-1) ?? '']

/** Rows of one append. Their names hold its tag, the place in it and the form. */
export function rowsOf(tag: string, n: number, random: Random, log: string): Record<string, unknown>[] {
  const only = random.chance(0.3) ? 'n' : undefined
  return Array.from({ length: n }, (_, at) => {
    const letter = only ?? random.of(weights)
    const priority = random.chance(0.1) ? { priority: random.integer(-5, 5) } : {}
    return { name: `${tag}.${at}.${letter}`, ...forms[letter]?.row(at, random, log), ...priority }
  })
}
