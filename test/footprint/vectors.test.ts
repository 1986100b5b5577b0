import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compileKinds } from '../../src/footprint/kinds.js'

interface Case {
  id: string
  family: string
  instruction: Record<string, unknown>
  expected: { chosen: string | null; attributes?: Record<string, unknown>; why?: Record<string, Record<string, string>>; tie?: string[] }
}
const { families, cases } = JSON.parse(readFileSync(new URL('../vectors/resolution.json', import.meta.url), 'utf8')) as {
  families: { tag: string; definitions: unknown[] }[]
  cases: Case[]
}
const kindsOf = new Map(families.map(({ tag, definitions }) => [tag, compileKinds(definitions)]))

test.each(cases)('$id', ({ family, instruction, expected }) => {
  const resolution = kindsOf.get(family)?.resolve(instruction)
  if (expected.tie) expect(resolution).toEqual({ found: 'many', kinds: expect.arrayContaining(expected.tie) })
  else if (expected.chosen === null) expect(resolution).toEqual({ found: 'none', reasons: expected.why })
  else expect(resolution).toEqual({ found: 'one', kind: expected.chosen, attributes: expected.attributes })
})
