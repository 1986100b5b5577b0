import { type BadToken, type Candidate, objectionsOf, type Reasons, textsToRead, weigh } from './candidate.js'
import { type CompiledKind, compileKind } from './compile.js'
import { BadDefinition, type KindDefinition, type Objection, RESERVED } from './definition.js'
import { mayHoldToken, tokenNames } from './token.js'

export type { BadToken, Reasons } from './candidate.js'

type Given = Readonly<Record<string, unknown>>

export type Resolution =
  /**
   * `attributes`: all of the kind's, in its order; null where an optional one is unset; made for this row, so that others may be added. `base`:
   * those of name, memory and expected_time whose text had tokens, expanded and coerced.
   */
  | { readonly found: 'one'; readonly kind: string; readonly attributes: Record<string, unknown>; readonly base?: Given }
  /** Several kinds accept the row with equal weight. taylorism picks any of them. */
  | { readonly found: 'many'; readonly kinds: readonly string[] }
  /** The kind that would be chosen has a token that cannot be replaced. */
  | { readonly found: 'token'; readonly kind: string; readonly badToken: BadToken }
  /** `badToken`: one in the row's own text, which a kind that objects to other things too could not replace. */
  | { readonly found: 'none'; readonly reasons: Readonly<Record<string, Reasons>>; readonly badToken?: BadToken }

/** The worker kinds that can be hired. */
export interface Kinds {
  readonly definitions: readonly KindDefinition[]
  /**
   * Finds the kind that accepts a row; when several do, one of the strongest priority, of these the one that takes most attributes from
   * the row. What a kind does not know is ignored but for tokens. null counts as not given where the attribute is optional.
   * @see BEHAVIOUR sections 6 and 7.
   */
  resolve(row: Given): Resolution
  /** What a kind that was found has against what resolution made of the row; the footprint language cannot say it. */
  objection(kind: string, attributes: Given, row: Given): ReturnType<Objection>
  /** What a row of a kind may be given: the attributes of the kind, their aliases, and those that mean the same for every kind. */
  names(kind: string): ReadonlySet<string>
  /** Names that tokens in texts of the row, or in defaults of the kind, stand for. */
  tokensIn(kind: string, row: Given): ReadonlySet<string>
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
  const objections = new Map(kinds.flatMap(({ name, definition: { objection } }) => (objection ? [[name, objection]] : [])))
  const known = new Map(kinds.map((kind) => [kind.name, namesOf(kind)]))
  const defaults = new Map(kinds.map(({ name, attributes }) => [name, attributes.map((attribute) => attribute.default)]))
  return {
    definitions: kinds.map(({ definition }) => definition),
    resolve(row) {
      const { kind } = row
      const candidates = typeof kind === 'string' && !mayHoldToken(kind) ? (byKind.get(kind) ?? open) : kinds
      return best(candidates, row) ?? refusal(kinds, row)
    },
    objection: (kind, attributes, row) => objections.get(kind)?.(attributes, row),
    names: (kind) => known.get(kind) ?? new Set(),
    tokensIn: (kind, row) => new Set([...Object.values(row), ...(defaults.get(kind) ?? [])].flatMap(tokenNames)),
  }
}

const namesOf = ({ attributes, byName }: CompiledKind) =>
  new Set([...byName.keys(), ...attributes.flatMap(({ alias }) => alias), ...RESERVED, 'kind', 'fileA', 'fileB'])

/**
 * A kind that lists the texts its `kind` may be need not be asked about others.
 * @returns for each such text the kinds that may accept it; `open` are those that may accept any.
 */
function indexed(kinds: readonly CompiledKind[]): { byKind: Map<string, CompiledKind[]>; open: CompiledKind[] } {
  const listed = new Map<CompiledKind, readonly unknown[] | undefined>()
  for (const kind of kinds) {
    const attribute = kind.attributes.find(({ name, type }) => name === 'kind' && (type === 'str' || type === 'FPStr'))
    listed.set(kind, attribute?.values && [...attribute.values, ...(attribute.remap?.keys() ?? [])])
  }
  const byKind = new Map<string, CompiledKind[]>()
  for (const text of new Set([...listed.values()].flatMap((texts) => texts ?? []))) {
    if (typeof text === 'string')
      byKind.set(
        text,
        kinds.filter((kind) => listed.get(kind)?.includes(text) ?? true),
      )
  }
  return { byKind, open: kinds.filter((kind) => !listed.get(kind)) }
}

/** Below 0 when `a` weighs less. */
const compare = (a: Candidate, b: Candidate) => a.kind.rank - b.kind.rank || a.supplied - b.supplied

function best(candidates: readonly CompiledKind[], row: Given): Resolution | undefined {
  const texts = textsToRead(row)
  let first: Candidate | undefined
  let blocked: Candidate | undefined
  let ties: string[] = []
  for (const kind of candidates) {
    const candidate = weigh(kind, row, texts)
    if (!candidate) continue
    if (candidate.badToken) {
      if (!blocked || compare(candidate, blocked) > 0) blocked = candidate
      continue
    }
    const more = first ? compare(candidate, first) : 1
    if (more > 0) {
      first = candidate
      ties = []
    } else if (more === 0) ties.push(kind.name)
  }
  // a kind that could not be made stands in the way only if it would have been the choice
  if (blocked?.badToken && (!first || compare(blocked, first) > 0))
    return { found: 'token', kind: blocked.kind.name, badToken: blocked.badToken }
  if (!first) return undefined
  if (ties.length > 0) return { found: 'many', kinds: [first.kind.name, ...ties] }
  const { kind, attributes, base } = first
  return base ? { found: 'one', kind: kind.name, attributes, base } : { found: 'one', kind: kind.name, attributes }
}

function refusal(kinds: readonly CompiledKind[], row: Given): Resolution {
  const objections = kinds.map((kind) => [kind.name, objectionsOf(kind, row)] as const)
  const badToken = objections.find(([, objection]) => objection.badToken)?.[1].badToken
  return {
    found: 'none',
    reasons: Object.fromEntries(objections.map(([name, { reasons }]) => [name, reasons])),
    ...(badToken && { badToken }),
  }
}
