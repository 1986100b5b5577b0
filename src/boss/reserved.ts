import { coerce } from '../footprint/coerce.js'
import { invalid } from './errors.js'
import { faultOfRetry, type RetryPolicy, type Terms } from './terms.js'

/** Attributes that mean the same for every kind (DESIGN section 4, "Rows"); null where the row gives none. */
export interface Reserved {
  readonly name: string | null
  /** int32, larger first; 0 when not given. */
  readonly priority: number
  /** MiB */
  readonly memory: number | null
  /** s */
  readonly expectedTime: number | null
  /** CPUs; 1 when not given. */
  readonly cores: number
  /** s between being asked to end and being killed. */
  readonly grace: number | null
  /** It is carried out by a process of its own. */
  readonly fresh: boolean
  readonly fileA: string | null
  readonly fileB: string | null
  /** What it may cost and how often it is tried; null when the row says nothing of it. */
  readonly terms: Terms | null
}

type Given = Readonly<Record<string, unknown>>

const PRIORITY_MOST = 2 ** 31 - 1
/** A day, as for `--grace` of the daemon. */
const GRACE_MOST = 86_400
/** A year. */
const LIMIT_MOST = 31_536_000

/**
 * Reads the reserved attributes of a row. `name`, `memory` and `expected_time` are taylorism's base attributes and coerced by
 * its rules; the others must be of their type. null counts as not given.
 * @param position of the row, from 1; messages name it.
 * @throws {Refusal} invalid.
 */
export function reservedOf(row: Given, position: number): Reserved {
  let some = false
  for (const key in row) some ||= reservedNames.has(key)
  if (!some) return nothing
  return {
    name: nameOf(row, position),
    priority: integer(row, position, 'priority', -PRIORITY_MOST - 1, PRIORITY_MOST) ?? 0,
    memory: amount(row, position, 'memory', 'MiB'),
    expectedTime: amount(row, position, 'expected_time', 'seconds'),
    cores: integer(row, position, 'cores', 1, PRIORITY_MOST) ?? 1,
    grace: grace(row, position),
    fresh: flag(row, position, 'fresh'),
    fileA: text(row, position, 'fileA'),
    fileB: text(row, position, 'fileB'),
    terms: terms(row, position),
  }
}

/** Of a row that gives none of them, as most do. */
const nothing: Reserved = {
  name: null,
  priority: 0,
  memory: null,
  expectedTime: null,
  cores: 1,
  grace: null,
  fresh: false,
  fileA: null,
  fileB: null,
  terms: null,
}
const reservedNames = new Set(
  'name priority memory expected_time cores grace fresh fileA fileB timeout expires retry at_most_once'.split(' '),
)

const wrong = (position: number, attribute: string, what: string) =>
  invalid(`row ${position}: "${attribute}" ${what}`, { row: position, attribute })

function given(row: Given, name: string): unknown {
  return Object.hasOwn(row, name) ? (row[name] ?? undefined) : undefined
}

function nameOf(row: Given, position: number): string | null {
  const value = given(row, 'name')
  if (value === undefined) return null
  const name = String(coerce('str', value))
  if (name.length === 0 || name.length > 255 || /\p{Cc}/u.test(name)) {
    throw wrong(position, 'name', 'must be a text of 1 to 255 characters without control characters')
  }
  return name
}

function amount(row: Given, position: number, attribute: string, unit: string): number | null {
  const value = given(row, attribute)
  if (value === undefined) return null
  const number = coerce('float', value)
  if (typeof number === 'number' && Number.isFinite(number) && number >= 0) return number
  throw wrong(position, attribute, `must be a number of ${unit} from 0 on, not ${JSON.stringify(value)?.slice(0, 80)}`)
}

function grace(row: Given, position: number): number | null {
  const value = given(row, 'grace')
  if (value === undefined) return null
  if (typeof value === 'number' && value >= 0 && value <= GRACE_MOST) return value
  throw wrong(position, 'grace', `must be a number of seconds from 0 to ${GRACE_MOST}`)
}

function flag(row: Given, position: number, attribute: string): boolean {
  const value = given(row, attribute) ?? false
  if (typeof value === 'boolean') return value
  throw wrong(position, attribute, 'must be true or false')
}

function terms(row: Given, position: number): Terms | null {
  const timeout = limit(row, position, 'timeout')
  const expires = limit(row, position, 'expires')
  const retry = given(row, 'retry')
  const once = given(row, 'at_most_once')
  if (timeout === undefined && expires === undefined && retry === undefined && once === undefined) return null
  if (once !== undefined && typeof once !== 'boolean') throw wrong(position, 'at_most_once', 'must be true or false')
  const fault = retry === undefined ? undefined : faultOfRetry(retry)
  if (fault !== undefined) throw wrong(position, 'retry', `is no policy of retries: ${fault}`)
  if (once && retry !== undefined) throw wrong(position, 'retry', 'and "at_most_once" exclude each other; leave one of them out')
  return {
    ...(timeout !== undefined && { timeout }),
    ...(expires !== undefined && { expires }),
    ...(retry !== undefined && { retry: retry as RetryPolicy }),
    ...(once && { at_most_once: true }),
  }
}

function limit(row: Given, position: number, attribute: string): number | undefined {
  const value = given(row, attribute)
  if (value === undefined) return undefined
  if (typeof value === 'number' && value > 0 && value <= LIMIT_MOST) return value
  throw wrong(position, attribute, `must be a number of seconds above 0, at most ${LIMIT_MOST}`)
}

function integer(row: Given, position: number, attribute: string, least: number, most: number): number | null {
  const value = given(row, attribute)
  if (value === undefined) return null
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value
  throw wrong(position, attribute, `must be a whole number from ${least} to ${most}`)
}

function text(row: Given, position: number, attribute: string): string | null {
  const value = given(row, attribute)
  if (value === undefined) return null
  if (typeof value === 'string') return value
  throw wrong(position, attribute, 'must be text')
}
