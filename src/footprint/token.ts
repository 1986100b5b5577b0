import type { AttributeType } from './definition.js'
import { Fault, TokenFault } from './fault.js'
import { pythonFormat } from './format.js'
import { pythonText } from './python.js'

/**
 * `[name]`, `[name:method]`, `[name#default]`, `[name%format]`, combined in this order; `[]` and `[a-b]` are none. Written so that no text
 * takes more than a time proportional to its length.
 */
const TOKEN = /\[([\p{L}\p{N}_]+)(?::+([\p{L}\p{N}_][:\p{L}\p{N}_]*))?(?:#([\p{L}\p{N}_]+))?(?:%([^\]][^\][]{0,99}))?\]/gu
const MOST_ROUNDS = 50
/** Characters that a text may grow by. */
const MOST_GROWTH = 1_000_000
const ENDLESS = 'Endless tokens: what they stand for holds them again, or is too long'

/** What a name in brackets stands for. */
export type Meaning =
  | { readonly value: unknown; readonly type?: AttributeType }
  /** There is nothing of this name, or an optional attribute that is not set; `#default` stands in for either. */
  | 'unknown'
  | 'unset'
  /** Known when the instruction starts: the token stays. */
  | 'later'
  /** It stands, in the end, for the text it is in. */
  | 'circle'
  | Fault

/**
 * Replaces the tokens of a text, and those of what comes out, until none is left. A backslash is a backslash (taylorism reads it as a
 * template of its own).
 * @param meaningOf what a name stands for.
 * @returns the text; `later` when a token is left in it that waits for the start; or the fault that ends it.
 * @see BEHAVIOUR section 7.
 */
export function expand(text: string, meaningOf: (name: string) => Meaning): { text: string; later: boolean } | Fault {
  let fault: Fault | undefined
  let later = false
  let result = text
  for (let round = 0; ; round++) {
    let replaced = false
    let growth = result.length - text.length
    later = false
    const next = result.replace(TOKEN, (token, name: string, method?: string, fallback?: string, format?: string) => {
      if (fault) return token
      const meaning = meaningOf(name)
      if (meaning === 'later') {
        later = true
        return token
      }
      const put = method === undefined || isMissing(meaning) ? replacement(token, name, meaning, fallback, format) : noMethod(token, method)
      if (put instanceof Fault) fault = put
      else if ((growth += put.length - token.length) > MOST_GROWTH) fault = new TokenFault(text.slice(0, 80), ENDLESS)
      else replaced = true
      return fault || put instanceof Fault ? token : put
    })
    if (fault) return fault
    if (!replaced) return { text: next, later }
    if (round === MOST_ROUNDS) return new TokenFault(text.slice(0, 80), ENDLESS)
    result = next
  }
}

/** Whether a value may hold a token. */
export const mayHoldToken = (value: unknown): value is string => typeof value === 'string' && value.includes('[')

/** Names of what may be tokens in a value. */
export const tokenNames = (value: unknown): string[] =>
  mayHoldToken(value) ? Array.from(value.matchAll(/\[([\p{L}\p{N}_]+)/gu), ([, name = '']) => name) : []

/** Whether a text has a token that waits for the start: the ticket is given only then. */
export const waitsForTicket = (text: string): boolean => text.includes('[scheduler_ticket')

/** Replaces the tokens that waited for the start. One whose format does not suit the ticket stays. */
export function expandTicket(text: string, ticket: number | null): string {
  const all = expand(text, (name) => (name === 'scheduler_ticket' ? { value: ticket } : 'later'))
  return all instanceof Fault ? text : all.text
}

const isMissing = (meaning: Meaning) => meaning === 'unknown' || meaning === 'unset'

const noMethod = (token: string, method: string) =>
  new TokenFault(token, `Unknown method in ${token}: ${method} is one of Python's, and there are none here`)

function replacement(token: string, name: string, meaning: Meaning, fallback?: string, format?: string): string | Fault {
  if (meaning instanceof Fault) return meaning
  if (meaning === 'circle') return new TokenFault(token, `Circular token ${token}: it stands, in the end, for itself`)
  if (typeof meaning === 'string') {
    if (fallback !== undefined) return fallback
    const what = meaning === 'unset' ? `${name} is not set` : `there is no attribute ${name}`
    return new TokenFault(token, `Unknown token ${token}: ${what}, and the token has no #default`, meaning === 'unset')
  }
  if (format === undefined) return pythonText(meaning.value, meaning.type)
  return pythonFormat(meaning.value, format, meaning.type) ?? new TokenFault(token, `Wrong format in ${token}: it does not suit the value`)
}
