import { coerce, isEqual, NOT_COERCIBLE } from './coerce.js'
import { type CompiledAttribute, type CompiledKind, compileKind } from './compile.js'
import { BadDefinition, type KindDefinition } from './definition.js'

type Given = Readonly<Record<string, unknown>>

/** Why a kind does not accept a row: for each attribute `Missing value`, `Not in values` or `Could not reclass`, taylorism's words. */
export type Reasons = Readonly<Record<string, string>>

export type Resolution =
  /** `attributes`: all of the kind's, in its order; null where an optional one is unset. */
  | { readonly found: 'one'; readonly kind: string; readonly attributes: Given }
  /** Several kinds accept the row and take equally many attributes from it. taylorism picks any of them. */
  | { readonly found: 'many'; readonly kinds: readonly string[] }
  | { readonly found: 'none'; readonly reasons: Readonly<Record<string, Reasons>> }

/** The worker kinds that can be hired. */
export interface Kinds {
  readonly definitions: readonly KindDefinition[]
  /**
   * Finds the kind that accepts a row; when several do, the one that takes most attributes from it. What a kind does not
   * know is ignored. What is given as null counts as not given.
   * @see BEHAVIOUR section 6.
   */
  resolve(row: Given): Resolution
}

/**
 * Makes kinds ready for resolution.
 * @param definitions of different names.
 * @throws {BadDefinition} naming the definition.
 */
export function compileKinds(definitions: readonly unknown[]): Kinds {
  const kinds = definitions.map((definition, i) => compileKind(definition, `definition ${i + 1}`))
  const names = kinds.map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new BadDefinition(twice, 'two definitions have this name')
  const { byKind, open } = indexed(kinds)
  return {
    definitions: kinds.map(({ definition }) => definition),
    resolve(row) {
      const candidates = typeof row['kind'] === 'string' ? (byKind.get(row['kind']) ?? open) : kinds
      return best(candidates, row) ?? { found: 'none', reasons: Object.fromEntries(kinds.map((kind) => [kind.name, reasonsOf(kind, row)])) }
    },
  }
}

/**
 * A kind that lists the texts its `kind` may be need not be asked about others.
 * @returns for each such text the kinds that may accept it; `open` are those that may accept any.
 */
function indexed(kinds: readonly CompiledKind[]): { byKind: Map<string, CompiledKind[]>; open: CompiledKind[] } {
  const listed = new Map<CompiledKind, readonly unknown[] | undefined>()
  for (const kind of kinds) listed.set(kind, kind.attributes.find(({ name, type }) => name === 'kind' && type === 'str')?.values)
  const byKind = new Map<string, CompiledKind[]>()
  for (const text of new Set([...listed.values()].flatMap((texts) => texts ?? []))) {
    const accepting = kinds.filter((kind) => listed.get(kind)?.includes(text) ?? true)
    byKind.set(String(text), accepting)
  }
  return { byKind, open: kinds.filter((kind) => !listed.get(kind)) }
}

interface Accepted {
  readonly kind: string
  readonly attributes: Given
  /** How many attributes came from the row. */
  readonly supplied: number
}

function best(candidates: readonly CompiledKind[], row: Given): Resolution | undefined {
  let first: Accepted | undefined
  let ties: string[] = []
  for (const kind of candidates) {
    const accepted = accept(kind, row)
    if (!accepted) continue
    if (!first || accepted.supplied > first.supplied) {
      first = accepted
      ties = []
    } else if (accepted.supplied === first.supplied) ties.push(kind.name)
  }
  if (!first) return undefined
  if (ties.length > 0) return { found: 'many', kinds: [first.kind, ...ties] }
  return { found: 'one', kind: first.kind, attributes: first.attributes }
}

function accept(kind: CompiledKind, row: Given): Accepted | undefined {
  const attributes: Record<string, unknown> = {}
  let supplied = 0
  for (const attribute of kind.attributes) {
    const key = keyIn(row, attribute)
    if (key !== undefined) supplied++
    const value = valueIn(row, attribute, key)
    const coerced = value === UNSET ? null : coerce(attribute.type, value)
    if (faultOf(attribute, value, coerced) !== undefined) return undefined
    attributes[attribute.name] = coerced
  }
  return { kind: kind.name, attributes, supplied }
}

/** Names what keeps a kind from accepting a row: all that is missing, else a wrong `kind`, else all that is wrong. */
function reasonsOf(kind: CompiledKind, row: Given): Reasons {
  const missing = kind.attributes.filter((attribute) => !attribute.optional && keyIn(row, attribute) === undefined)
  if (missing.length > 0) return Object.fromEntries(missing.map(({ name }) => [name, MISSING]))
  const faults = kind.attributes.flatMap((attribute) => {
    const value = valueIn(row, attribute, keyIn(row, attribute))
    const fault = faultOf(attribute, value, value === UNSET ? null : coerce(attribute.type, value))
    return fault === undefined ? [] : [[attribute.name, fault] as const]
  })
  const wrongKind = faults.find(([name]) => name === 'kind')
  return Object.fromEntries(wrongKind ? [wrongKind] : faults)
}

const UNSET = Symbol('unset')
const MISSING = 'Missing value'

/** The key under which a row gives an attribute; undefined when it does not. */
function keyIn(row: Given, attribute: CompiledAttribute): string | undefined {
  if (gives(row, attribute.name)) return attribute.name
  for (const other of attribute.alias) if (gives(row, other)) return other
  return undefined
}

function gives(row: Given, key: string): boolean {
  return Object.hasOwn(row, key) && row[key] !== undefined && row[key] !== null
}

function valueIn(row: Given, attribute: CompiledAttribute, key: string | undefined): unknown {
  if (key !== undefined) return row[key]
  // the default of a mandatory attribute is for nothing, as in taylorism
  return attribute.optional && attribute.default !== null ? attribute.default : UNSET
}

function faultOf({ optional, values }: CompiledAttribute, value: unknown, coerced: unknown): string | undefined {
  if (value === UNSET) return optional ? undefined : MISSING
  if (values) return values.some((item) => isEqual(item, coerced)) ? undefined : 'Not in values'
  if (coerced === NOT_COERCIBLE) return 'Could not reclass'
  // taylorism takes the text None for a value that is not there
  return coerced === 'None' ? MISSING : undefined
}
