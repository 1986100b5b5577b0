import type { CompiledAttribute, CompiledKind } from './compile.js'
import { Fault, FOLLOWS, MISSING, TokenFault } from './fault.js'
import { brokenRule } from './only.js'
import { type Given, keyIn, needsReading, Reading } from './reading.js'
import { settle } from './settle.js'
import { mayHoldToken } from './token.js'

/** Why a kind does not accept a row, for each attribute in taylorism's words. */
export type Reasons = Readonly<Record<string, string>>

/** A `[token]` that cannot be replaced, and the attribute it stands in. */
export interface BadToken {
  readonly attribute: string
  readonly token: string
  readonly reason: string
}

/** A kind that takes a row, if it were not for a token. */
export interface Candidate {
  readonly kind: CompiledKind
  /** Attributes that came from the row. */
  readonly supplied: number
  /** All of the kind's, in its order; null where an optional one is unset. Made for this row. */
  readonly attributes: Record<string, unknown>
  /** Base attributes whose text had tokens, as they come out. */
  readonly base?: Given
  readonly badToken: BadToken | undefined
}

/** Base attributes that a row may give. */
const ASKED = ['name', 'memory', 'expected_time'] as const

/** Names the base attributes of a row that a kind has to read: those with tokens, and a name that taylorism takes for none. */
export function textsToRead(row: Given): readonly string[] {
  const { name, memory, expected_time } = row
  const isPlain = !mayHoldToken(name) && name !== 'None' && !mayHoldToken(memory) && !mayHoldToken(expected_time)
  return isPlain ? NONE : ASKED.filter((each) => mayHoldToken(row[each]) || (each === 'name' && name === 'None'))
}

const NONE: readonly string[] = []

/**
 * Holds a row against a kind.
 * @param texts base attributes to read, from `textsToRead`.
 * @returns undefined when the kind does not take it.
 */
export function weigh(kind: CompiledKind, row: Given, texts: readonly string[]): Candidate | undefined {
  const attributes: Record<string, unknown> = {}
  let supplied = 0
  let reading: Reading | undefined
  let badToken: BadToken | undefined
  // one pass without a Reading: most rows have no token, and there may be millions of them
  for (const attribute of kind.attributes) {
    const key = keyIn(row, attribute)
    let value: unknown
    if (key === undefined) {
      if (!attribute.optional) return undefined
      value = attribute.settledDefault === undefined ? (reading ??= new Reading(kind, row)).of(attribute) : attribute.settledDefault
    } else {
      supplied++
      const given = row[key]
      if (given === null) return undefined
      value = needsReading(attribute, given) ? (reading ??= new Reading(kind, row)).of(attribute) : settle(attribute, given)
    }
    if (value instanceof Fault) {
      if (!(value instanceof TokenFault)) return undefined
      badToken ??= badTokenOf(attribute, value)
    }
    attributes[attribute.name] = value
  }
  if (texts.length === 0 && kind.only.length === 0) return { kind, supplied, attributes, badToken }

  reading ??= new Reading(kind, row)
  const base: Record<string, unknown> = {}
  for (const name of texts) {
    const attribute = kind.byName.get(name) as CompiledAttribute
    const value = reading.of(attribute)
    if (value instanceof Fault) {
      if (!(value instanceof TokenFault)) return undefined
      badToken ??= badTokenOf(attribute, value)
    }
    base[name] = value
  }
  return brokenIn(kind, reading) ? undefined : { kind, supplied, attributes, base, badToken }
}

/** Says what keeps a kind from accepting a row: all that is missing, else a wrong `kind`, else all that is wrong, else a rule of `only`. */
export function objectionsOf(kind: CompiledKind, row: Given): { reasons: Reasons; badToken?: BadToken } {
  const missing = kind.attributes.filter((attribute) => !attribute.optional && isMissing(row, attribute))
  if (missing.length > 0) return { reasons: Object.fromEntries(missing.map(({ name }) => [name, MISSING.reason])) }
  const reading = new Reading(kind, row)
  const asked = [...kind.attributes, ...ASKED.map((name) => kind.byName.get(name) as CompiledAttribute)]
  const faults = asked.flatMap((attribute) => {
    const value = reading.of(attribute)
    return value instanceof Fault && value !== FOLLOWS ? [{ attribute, fault: value }] : []
  })
  const wrongKind = faults.find(({ attribute }) => attribute.name === 'kind')
  if (wrongKind) return { reasons: { kind: wrongKind.fault.reason } }
  const broken = faults.length === 0 ? brokenIn(kind, reading) : undefined
  if (broken) return { reasons: { [broken[0]]: broken[1].reason } }
  const inRow = faults.find(({ attribute, fault }) => fault instanceof TokenFault && keyIn(row, attribute) !== undefined)
  return {
    reasons: Object.fromEntries(faults.map(({ attribute, fault }) => [attribute.name, fault.reason])),
    ...(inRow && { badToken: badTokenOf(inRow.attribute, inRow.fault as TokenFault) }),
  }
}

const badTokenOf = ({ name }: CompiledAttribute, { token, reason }: TokenFault): BadToken => ({ attribute: name, token, reason })

function isMissing(row: Given, attribute: CompiledAttribute): boolean {
  const key = keyIn(row, attribute)
  return key === undefined || row[key] === null
}

/** The first rule of `only` that fails. One upon an attribute with a bad token is taken to hold: it is the token that is told. */
function brokenIn({ only, byName }: CompiledKind, reading: Reading) {
  return brokenRule(only, (name) => {
    const attribute = byName.get(name)
    return attribute && reading.of(attribute)
  })
}
