import { describe, expect, test } from 'vitest'
import { Refusal } from '../../src/boss/errors.js'
import { gather, type Row } from '../../src/boss/instruction.js'
import { kindsOf, outcomeOf, type VectorFamily, vectorsIn } from './vectors.js'

interface ColumnCase {
  readonly id: string
  readonly common: Row
  readonly individual: Record<string, unknown[]>
  readonly expected: { readonly instructions?: readonly Row[]; readonly error?: { readonly message: string } }
}
interface NameCase {
  readonly id: string
  readonly tags: readonly string[]
  readonly instruction: Record<string, unknown>
  readonly expected: {
    readonly name?: string
    readonly attributes?: Record<string, unknown>
    readonly no_adequate_worker?: Record<string, string>
  }
}
const { set_instructions, family, name_expansion } = vectorsIn<{
  set_instructions: ColumnCase[]
  family: VectorFamily
  name_expansion: NameCase[]
}>('expansion.json')

describe('columns make the rows that the real library makes', () => {
  test('in all cases', () => expect(set_instructions).toHaveLength(94))

  test.each(set_instructions)('$id', ({ common, individual, expected }) => {
    if (expected.instructions) return expect(gather(common, individual)).toEqual(expected.instructions)
    expect(() => gather(common, individual)).toThrow(Refusal)
  })
})

const kinds = kindsOf(family)
/** Left out, with the reason. */
const unset = 'quirk:unset-optional-is-__unknown__'
const method = 'exp-s-063'
const isLeftOut = ({ id, tags }: NameCase) => tags.includes(unset) || id === method

describe('[attr] comes out as in the real library', () => {
  const kept = name_expansion.filter((each) => !isLeftOut(each))

  test('in all cases but those with __unknown__ for an unset attribute, and a method of Python', () => {
    expect([name_expansion.length, name_expansion.filter(({ tags }) => tags.includes(unset)).length, kept.length]).toEqual([116, 25, 90])
  })

  test.each(kept)('$id', ({ id, instruction, expected }) => {
    const outcome = outcomeOf(kinds, instruction)
    if (expected.no_adequate_worker) {
      expect(outcome).toMatchObject({ code: 'no-adequate-worker', facts: { kinds: { Exp: expected.no_adequate_worker } } })
    } else if (expected.attributes) {
      const { name, kind: _, memory: __, expected_time: ___, ...attributes } = outcome.attributes ?? {}
      // a name that is not given is <kind>-<id>; a backslash is a backslash
      const wanted = expected.name === '<uuid4>' ? undefined : id === 'exp-s-083' ? 'a\\\\b' : expected.name
      expect({ name, attributes }).toEqual({ name: wanted, attributes: expected.attributes })
    } else expect(outcome).toMatchObject({ code: 'unknown-attribute-token' })
  })

  test.each(name_expansion.filter(({ tags }) => tags.includes(unset)))(
    '$id: an unset attribute needs #default',
    ({ instruction, expected }) => {
      const outcome = outcomeOf(kinds, instruction)
      if (outcome.code) expect(outcome.code).toBe('unknown-attribute-token')
      else expect(outcome.attributes?.['name']).not.toBe(expected.name)
    },
  )
})
