import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { table } from '../../bench/scale.ts'

test('docs/scale.md shows what the simulation comes to', () => {
  expect(readFileSync(new URL('../../docs/scale.md', import.meta.url), 'utf8')).toContain(table())
})
