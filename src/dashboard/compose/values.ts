import type { components } from '../../client/client.js'

export type Kind = components['schemas']['Kind']
/** An attribute as a footprint describes it. */
export interface Attribute {
  readonly type?: string
  readonly values?: readonly unknown[]
  readonly optional?: boolean
  readonly default?: unknown
  readonly info?: string
  readonly alias?: readonly string[]
}
export type Row = Readonly<Record<string, unknown>>

/** What every kind takes, and what it is. */
export const reserved: Readonly<Record<string, Attribute>> = {
  name: {},
  memory: { type: 'float', info: 'MiB; what takes more is ended' },
  cores: { type: 'int', default: 1 },
  priority: { type: 'int', default: 0, info: 'larger first' },
  expected_time: { type: 'float', info: 's' },
  timeout: { type: 'float', info: 's' },
  retry: { type: 'FPDict', info: 'as in {"attempts": 3}' },
  expires: { type: 'float' },
  grace: { type: 'float' },
  at_most_once: { type: 'bool' },
  fresh: { type: 'bool' },
}
/** Those that a form asks for; a file may have all. */
export const asked = Object.entries(reserved).slice(0, 7)

/** The attributes of a kind that are its own, without `kind`. */
export const attributesOf = ({ footprint }: Pick<Kind, 'footprint'>): [string, Attribute][] =>
  Object.entries((footprint as { attr: Record<string, Attribute> }).attr).filter(([name]) => name !== 'kind')

/**
 * What somebody wrote for an attribute, as JSON has it: numbers and truths by the attribute's type, lists and objects as JSON or, a list, an item a line.
 * What is none stays a text, so that the daemon says what is wrong with it.
 */
export function valueOf(text: string, { type = 'str' }: Attribute = {}): unknown {
  if (type === 'int' || type === 'float') return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
  if (type === 'bool') return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : text
  if (!/^FP(List|Tuple|Set|Dict)$/.test(type)) return text
  try {
    if (/^\s*[[{]/.test(text)) return JSON.parse(text) as unknown
  } catch {
    return text
  }
  return type === 'FPDict' ? text : text.split('\n')
}

/** The attributes that a form holds: those that somebody filled in. */
export const rowOf = (given: Readonly<Record<string, string>>, attributes: readonly (readonly [string, Attribute])[]): Row =>
  Object.fromEntries(attributes.flatMap(([name, attribute]) => (given[name] ? [[name, valueOf(given[name], attribute)]] : [])))
