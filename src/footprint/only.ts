import { isEqual } from './coerce.js'
import { type Fault, NO_MATCH, NOT_FOUND, TokenFault } from './fault.js'
import { pythonText } from './python.js'

/** A condition on a resolved attribute, made ready. */
export interface Only {
  readonly attribute: string
  readonly holds: (value: unknown) => boolean
}

/**
 * Makes the rules of `only` ready.
 * @throws {SyntaxError} naming the rule whose regular expression is none.
 * @see BEHAVIOUR section 6, item 3.
 */
export function compileOnly(rules: Readonly<Record<string, unknown>>): Only[] {
  return Object.entries(rules).map(([name, rule]) => {
    const [, bound, bounded] = /^(after|before)_(.+)$/s.exec(name) ?? []
    const each = Array.isArray(rule) ? rule : [rule]
    if (bounded === undefined) {
      const tests = each.map((item) => equals(name, item))
      return { attribute: name, holds: (value) => tests.some((test) => test(value)) }
    }
    const isAtLeast = bound === 'after'
    return { attribute: bounded, holds: (value) => each.some((item) => reaches(value, item) === isAtLeast) }
  })
}

/**
 * Holds the rules against what a kind made of a row.
 * @param valueOf null for an attribute that is unset, undefined for one that the kind does not have. A rule upon a TokenFault is passed over.
 * @returns the first rule that fails, and how.
 */
export function brokenRule(rules: readonly Only[], valueOf: (attribute: string) => unknown): readonly [string, Fault] | undefined {
  for (const { attribute, holds } of rules) {
    const value = valueOf(attribute)
    if (value instanceof TokenFault) continue
    // taylorism crashes on it
    if (value === undefined) return [attribute, NOT_FOUND]
    if (value === null || !holds(value)) return [attribute, NO_MATCH]
  }
  return undefined
}

function equals(name: string, item: unknown): (value: unknown) => boolean {
  const source = expressionOf(item)
  if (source === undefined) return (value) => isEqual(value, item)
  const expression = compileExpression(name, source)
  return (value) => expression.test(pythonText(value))
}

/** `{ $re: text }`, as JSON writes a regular expression; a plugin's RegExp has become one on its way here. */
export function expressionOf(item: unknown): string | undefined {
  const source = typeof item === 'object' && item !== null && '$re' in item ? item.$re : undefined
  return typeof source === 'string' ? source : undefined
}

function compileExpression(name: string, source: string): RegExp {
  // Python writes flags and named groups in its own way
  const [, flags = '', rest = ''] = /^(?:\(\?([ims]+)\))?(.*)$/s.exec(source) ?? []
  try {
    return new RegExp(`^(?:${rest.replaceAll('(?P<', '(?<')})`, flags.replace('m', ''))
  } catch (error) {
    throw new SyntaxError(`"${name}" has a regular expression that is none: ${(error as Error).message}`, { cause: error })
  }
}

/** Whether `a` is at least `b`; undefined where Python does not order them: it does numbers among themselves, and texts. */
function reaches(a: unknown, b: unknown): boolean | undefined {
  if (typeof a === 'string' && typeof b === 'string') return a >= b
  return isNumeric(a) && isNumeric(b) ? a >= b : undefined
}

const isNumeric = (value: unknown): value is number | boolean => typeof value === 'number' || typeof value === 'boolean'
