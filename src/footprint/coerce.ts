import type { AttributeType } from './definition.js'
import { pythonText } from './python.js'

/** What `coerce` answers for a value that the type does not take. */
export const NOT_COERCIBLE = Symbol('could not reclass')

/**
 * Brings a JSON value to a type by the rules of Python's constructors: `"2"` makes 2, 3.9 makes 3, `"3.9"` makes no int,
 * any text but the empty one is true, `"ab"` is the list of its letters. Numbers that JSON cannot write are not taken.
 * @returns the value, or `NOT_COERCIBLE`.
 * @see BEHAVIOUR section 6, "Coercion".
 */
export function coerce(type: AttributeType, value: unknown): unknown {
  switch (type) {
    case 'str':
    case 'FPStr':
      return pythonText(value)
    case 'int':
      return toInt(value)
    case 'float':
      return toFloat(value)
    case 'bool':
      return isTrue(value)
    case 'FPList':
    case 'FPTuple':
      return itemsOf(value) ?? NOT_COERCIBLE
    case 'FPSet':
      return toSet(value)
    case 'FPDict':
      return toDict(value)
    case 'array':
      return typeof value === 'string' ? value : NOT_COERCIBLE
  }
}

const INT = /^\s*[+-]?\d+(?:_\d+)*\s*$/
const FLOAT = /^\s*[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?\s*$/

function toInt(value: unknown): unknown {
  // true is an instance of int already, so it stays
  if (typeof value === 'boolean') return value
  const number = typeof value === 'number' ? value : typeof value === 'string' && INT.test(value) ? numberOf(value) : NaN
  // an int has no -0
  return Number.isFinite(number) ? Math.trunc(number) + 0 : NOT_COERCIBLE
}

function toFloat(value: unknown): unknown {
  if (typeof value === 'boolean') return Number(value)
  const number = typeof value === 'number' ? value : typeof value === 'string' && FLOAT.test(value) ? numberOf(value) : NaN
  return Number.isFinite(number) ? number : NOT_COERCIBLE
}

const numberOf = (text: string) => Number(text.replaceAll('_', ''))

function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0
  return Boolean(value)
}

/** What Python meets when it walks through a value; undefined for what cannot be walked through. */
function itemsOf(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value
  if (typeof value === 'string') return Array.from(value)
  if (typeof value === 'object' && value !== null) return Object.keys(value)
  return undefined
}

/** Python cannot hash a list or an object. */
const isHashable = (value: unknown) => typeof value !== 'object' || value === null

function toSet(value: unknown): unknown {
  const items = itemsOf(value)
  if (!items?.every(isHashable)) return NOT_COERCIBLE
  return [...new Set(items)].sort((a, b) => (pythonText(a) < pythonText(b) ? -1 : 1))
}

function toDict(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  const pairs = itemsOf(value)?.map(itemsOf)
  if (!pairs) return NOT_COERCIBLE
  const entries: [string, unknown][] = []
  for (const pair of pairs) {
    if (pair?.length !== 2 || !isHashable(pair[0])) return NOT_COERCIBLE
    entries.push([pythonText(pair[0]), pair[1]])
  }
  return Object.fromEntries(entries)
}

/** Whether two coerced values are equal as Python sees it: true equals 1, lists and objects by what they hold. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a === 'boolean' || typeof b === 'boolean') return isNumeric(a) && isNumeric(b) && Number(a) === Number(b)
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false
  const [keys, others] = [Object.keys(a), Object.keys(b)]
  return keys.length === others.length && keys.every((key) => Object.hasOwn(b, key) && isEqual(Reflect.get(a, key), Reflect.get(b, key)))
}

const isNumeric = (value: unknown) => typeof value === 'number' || typeof value === 'boolean'
