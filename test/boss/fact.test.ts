import { expect, test } from 'vitest'
import { together, type Fact } from '../../src/boss/fact.js'
import { appended, created, staged } from '../store/a-store.js'

const append = (boss: number, first: number, n = 1): Fact[] => [staged(boss, first, n), appended(boss, first, first + n - 1)]

test('appends that follow upon each other become one, with the rows and in the order in which they came', () => {
  const [rows, whole, ...others] = together([...append(1, 5), ...append(1, 6, 2), ...append(1, 8)])
  expect(others).toEqual([])
  expect(whole).toEqual(appended(1, 5, 8))
  expect(rows).toMatchObject({ boss: 1, rows: { first: 5, n: 4, name: ['name-5', 'name-6', null, 'name-8'], kind: Array(4).fill('noop') } })
  const { attributes } = (rows as Extract<Fact, { type: 'instructions.staged' }>).rows
  expect(attributes.split('\n').map((text) => (JSON.parse(text) as { row: number }).row)).toEqual([0, 0, 1, 0])
})

test.each<[string, Fact[]]>([
  ['of several Bosses', [...append(1, 1), ...append(2, 1), ...append(1, 2)]],
  ['with something between them', [...append(1, 1), created(2), ...append(1, 2)]],
  ['with ids between them', [...append(1, 1), ...append(1, 7)]],
  ['the end of a larger one', [staged(1, 1, 2), staged(1, 3, 1), appended(1, 1, 3), ...append(1, 4)]],
  ['alone', append(1, 1, 3)],
])('what comes %s stays as it is', (_, facts) => {
  expect(together(facts)).toBe(facts)
})
