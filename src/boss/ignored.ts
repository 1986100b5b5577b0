import { closest, distance } from 'fastest-levenshtein'
import { Type, type Static } from 'typebox'
import type { Kinds } from '../footprint/kinds.js'

/** So many are named. */
const most = 20

export const IgnoredAttribute = Type.Object(
  {
    attribute: Type.String({ description: 'as the row gives it' }),
    row: Type.Integer({ minimum: 1, description: 'the first row that gives it, from 1' }),
    kind: Type.String({ description: 'which does not know it' }),
    did_you_mean: Type.Optional(Type.String({ description: 'the name nearest to it that the kind knows' })),
  },
  { title: 'IgnoredAttribute' },
)
export type IgnoredAttribute = Static<typeof IgnoredAttribute>

/** What an answer says of them. */
export const ignoredField = Type.Optional(
  Type.Array(IgnoredAttribute, {
    description: `attributes of rows that came to nothing: their kind does not know them, and no [token] stands for them; the first ${most}, absent when there are none. Only in the answer to the call that gave the rows`,
  }),
)

/** Gathers attributes of rows that come to nothing. They are taken all the same, as taylorism takes them; but most are misspelt. */
export class Ignored {
  private readonly found = new Map<string, IgnoredAttribute>()

  constructor(private readonly kinds: Kinds) {}

  /** @param kind that carries the row out. @param position of the row, from 1. */
  note(kind: string, row: Readonly<Record<string, unknown>>, position: number): void {
    const known = this.kinds.names(kind)
    let tokens: ReadonlySet<string> | undefined
    for (const attribute in row) {
      if (this.found.size >= most) return
      if (known.has(attribute) || this.found.has(attribute) || row[attribute] === undefined) continue
      tokens ??= this.kinds.tokensIn(kind, row)
      if (tokens.has(attribute)) continue
      const meant = nearest(attribute, [...known])
      this.found.set(attribute, { attribute: attribute.slice(0, 128), row: position, kind, ...(meant && { did_you_mean: meant }) })
    }
  }

  /** For an answer: nothing when there are none. */
  get field(): { ignored?: IgnoredAttribute[] } {
    return this.found.size > 0 ? { ignored: [...this.found.values()] } : {}
  }
}

/** The word that may have been meant; undefined when none comes near. */
export function nearest(given: string, words: readonly string[]): string | undefined {
  if (words.length === 0) return undefined
  const word = closest(given.slice(0, 128), [...words])
  return distance(given, word) <= Math.max(2, Math.floor(word.length / 3)) ? word : undefined
}
