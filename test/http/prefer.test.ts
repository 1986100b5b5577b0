import { expect, test } from 'vitest'
import { waitSeconds } from '../../src/http/prefer.js'
import { prefersLines } from '../../src/http/routes/report.js'

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

test.each([
  ['application/x-ndjson', true],
  ['application/x-ndjson, */*;q=0.5', true],
  ['application/x-ndjson, application/json', true],
  ['application/json, application/x-ndjson, application/problem+json', false],
  ['application/json;q=0.1, Application/X-NDJSON ;q=0.2', true],
  ['application/x-ndjson;q=0', false],
  ['*/*', false],
  [undefined, false],
])('Accept: %s would rather have lines: %s', (header, lines) => {
  expect(prefersLines(header)).toBe(lines)
})
