import { describe, expect, test } from 'vitest'
import { BadDefinition } from '../../src/footprint/definition.js'
import { kindsOf, outcomeOf, type VectorFamily, vectorsIn } from './vectors.js'

interface Case {
  readonly id: string
  readonly family: string
  readonly tags: readonly string[]
  readonly instruction: Record<string, unknown>
  readonly expected: {
    readonly chosen?: string | null
    readonly attributes?: Record<string, unknown>
    readonly why?: Record<string, Record<string, string>>
    readonly tie?: readonly string[]
    readonly would_resolve_alone?: readonly string[]
  }
}
interface DefinitionCase {
  readonly case: string
  readonly family: VectorFamily
  readonly expected: { readonly ok?: true }
}
const { families, cases, definition_cases } = vectorsIn<{ families: VectorFamily[]; cases: Case[]; definition_cases: DefinitionCase[] }>(
  'resolution.json',
)
const kinds = new Map(families.map((family) => [family.tag, kindsOf(family)]))

/** Why the outcome is ours and not the real library's. */
const mended: Readonly<Record<string, string>> = {
  'quirk:tie': 'equal candidates are a clear error',
  'quirk:unreachable-token-in-another-class-is-fatal': 'a token that another kind lacks does no harm',
  'quirk:only-rule-on-absent-attribute-crashes': 'such a kind is rejected',
  'quirk:more-than-50-attributes': 'any number is resolved',
}
const mendedIn = ({ tags }: Case) => tags.find((tag) => tag in mended)

describe('the choice of the real library', () => {
  const same = cases.filter((each) => !mendedIn(each))

  test('is held in all cases but those that are mended', () => {
    const ours = cases.flatMap((each) => mendedIn(each) ?? [])
    const counts = Object.fromEntries(Object.keys(mended).map((tag) => [tag, ours.filter((each) => each === tag).length]))
    expect([cases.length, same.length, counts]).toEqual([
      382,
      355,
      {
        'quirk:tie': 9,
        'quirk:unreachable-token-in-another-class-is-fatal': 4,
        'quirk:only-rule-on-absent-attribute-crashes': 13,
        'quirk:more-than-50-attributes': 1,
      },
    ])
  })

  test.each(same)('$id', ({ family, instruction, expected }) => {
    const outcome = outcomeOf(kinds.get(family)!, instruction)
    if (expected.chosen) expect(outcome).toEqual({ kind: expected.chosen, attributes: expected.attributes })
    else if (expected.chosen === undefined) expect(outcome).toMatchObject({ code: 'unknown-attribute-token' })
    else if (outcome.code === 'no-adequate-worker') expect(outcome.facts?.['kinds']).toEqual(expected.why)
    else {
      // what is wrong with the same attribute for every kind is told as such
      expect(outcome).toMatchObject({ code: 'invalid', facts: { attribute: 'memory' } })
      expect(Object.values(expected.why ?? {})).toContainEqual({ memory: 'Could not reclass' })
    }
  })
})

describe('mended', () => {
  test.each(cases.filter(mendedIn))('$id', (each) => {
    const { family, instruction, expected } = each
    const outcome = outcomeOf(kinds.get(family)!, instruction)
    switch (mendedIn(each)) {
      case 'quirk:tie':
        return expect(outcome).toMatchObject({
          code: 'ambiguous-worker',
          facts: { kinds: expect.arrayContaining([...(expected.tie ?? [])]) },
        })
      case 'quirk:unreachable-token-in-another-class-is-fatal':
        return expect(expected.would_resolve_alone).toEqual([outcome.kind])
      case 'quirk:only-rule-on-absent-attribute-crashes':
        return expect(outcome).toMatchObject({ code: 'no-adequate-worker', facts: { kinds: { OnMissing: { absent: 'Not found' } } } })
      default:
        return expect(outcome).toMatchObject({ kind: 'Wide51', attributes: { a00: 'd', a01: 'x' } })
    }
  })
})

test.each(definition_cases)('definition: $case', ({ family, expected }) => {
  // each family has a collector of its own, ours is called worker
  const ours = JSON.parse(JSON.stringify(family).replaceAll('"famq"', '"worker"')) as VectorFamily
  if (expected.ok) expect(() => kindsOf(ours)).not.toThrow()
  else expect(() => kindsOf(ours)).toThrow(BadDefinition)
})
