import { coerce, NOT_COERCIBLE } from '../boss/coercion.js'

/** An attribute by which a policy is chosen or set, in the words of a footprint. */
export interface PolicyAttribute {
  readonly type: 'str' | 'int' | 'float' | 'bool'
  /** What it may be; anything when absent. */
  readonly values?: readonly (string | boolean)[]
  /** Other names that may be used. */
  readonly alias?: readonly string[]
  /** The policy is found without it. */
  readonly optional?: true
  readonly default?: string | number | boolean
  /** For a person. */
  readonly info: string
}
export type PolicyAttributes = Readonly<Record<string, PolicyAttribute>>

/** What a policy takes of what a Boss asks for. */
export interface Taken {
  /** Coerced, defaults filled in; absent where neither is there. */
  readonly values: Readonly<Record<string, unknown>>
  /** The same attributes as they were given, without defaults. */
  readonly given: Readonly<Record<string, unknown>>
}

/** Why a policy cannot be chosen, for each attribute that is missing or wrong, in taylorism's words. */
export type Reasons = Readonly<Record<string, string>>

type Asked = Readonly<Record<string, unknown>>

/**
 * Reads the attributes of a policy by taylorism's rules: a name before its aliases, null counts as not given, `"3"` is the int 3 and
 * `"False"` the bool true.
 * @see BEHAVIOUR section 6.
 */
export function takeAttributes(attributes: PolicyAttributes, asked: Asked): { taken: Taken } | { reasons: Reasons } {
  const values: Record<string, unknown> = {}
  const given: Record<string, unknown> = {}
  const reasons: Record<string, string> = {}
  for (const [name, attribute] of Object.entries(attributes)) {
    const { type, values: allowed, alias = [], optional } = attribute
    const [raw, other] = isGiven(asked, name) ? [asked[name]] : alias.filter((one) => isGiven(asked, one)).map((one) => asked[one])
    if (raw === undefined) {
      if (!optional) reasons[name] = 'Missing value'
      else if (attribute.default !== undefined) values[name] = attribute.default
      continue
    }
    const value = coerce(type, raw)
    if (value === NOT_COERCIBLE) reasons[name] = 'Could not reclass'
    else if (allowed && !allowed.some((one) => one === value)) reasons[name] = 'Not in values'
    // taylorism takes any of the two
    else if (other !== undefined && other !== raw) reasons[name] = 'Several names with different values'
    values[name] = value
    given[name] = raw
  }
  return Object.keys(reasons).length > 0 ? { reasons } : { taken: { values, given } }
}

const isGiven = (asked: Asked, name: string) => Object.hasOwn(asked, name) && asked[name] !== null && asked[name] !== undefined

/** Every name that an attribute goes by. */
export const namesOf = (attributes: PolicyAttributes) => Object.entries(attributes).flatMap(([name, { alias = [] }]) => [name, ...alias])
