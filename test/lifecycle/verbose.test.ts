import { expect, test } from 'vitest'
import { shortened } from '../../src/workshop/verbose.js'

test.each([
  ['ABCDEFGH', 5, 'ABCDE ...'],
  ['ABCDE', 5, 'ABCDE'],
  ['', 0, ''],
  ['A', 0, ' ...'],
  ['🦊🦊🦊', 3, '🦊🦊🦊'],
  ['🦊🦊🦊', 2, '🦊🦊 ...'],
  [{ rc: 0, stdout: 'x' }, 8, '{"rc":0, ...'],
  [null, 1024, 'null'],
])('the report %j is logged with %d characters as %s', (report, most, line) => {
  expect(shortened(report, most)).toBe(line)
})
