import { expect, test } from 'vitest'
import { waitSeconds } from '../../src/http/prefer.js'

test.each([
  ['wait=10', 10],
  ['respond-async, Wait = "5"; foo', 5],
  [['handling=lenient', 'wait=0'], 0],
  ['wait=999999', 3600],
  ['wait=2, wait=9', 2],
  ['wait=soon', undefined],
  ['await=3', undefined],
  [undefined, undefined],
])('Prefer: %s waits %s seconds', (header, seconds) => {
  expect(waitSeconds(header)).toBe(seconds)
})
