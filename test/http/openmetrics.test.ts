import { expect, test } from 'vitest'
import { preferred, render, type Family } from '../../src/http/openmetrics.js'
import { readOpenMetrics, readPrometheus } from '../support/openmetrics.js'

const prometheus3 =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.2,*/*;q=0.1'

test.each([
  [undefined, 'openmetrics'],
  ['*/*', 'openmetrics'],
  [prometheus3, 'openmetrics'],
  ['application/openmetrics-text', 'openmetrics'],
  ['Application/OpenMetrics-Text; Version=1.0.0', 'openmetrics'],
  ['text/plain', 'prometheus'],
  ['text/plain;version=0.0.4;q=0.5,application/openmetrics-text;q=0.4', 'prometheus'],
  ['text/plain, */*;q=0.1', 'prometheus'],
  ['application/openmetrics-text;q=0, */*', 'prometheus'],
  ['application/json', 'prometheus'],
  [',;q=;,', 'prometheus'],
] as const)('Accept: %s is answered with %s', (accept, format) => {
  expect(preferred(accept)).toBe(format)
})

const odd: Family[] = [
  { name: 'a', type: 'counter', help: 'a \\ and\na "quote"', samples: [{ labels: { x: 'b\\"\n', y: '' }, value: 1e21 }] },
  { name: 'b_seconds', type: 'histogram', unit: 'seconds', help: 'b', samples: { bounds: [0.0001, 1], counts: [2, 0, 3], sum: 7.5 } },
  { name: 'c', type: 'info', help: 'c', samples: [{ labels: { version: '1' }, value: 1 }] },
  { name: 'd', type: 'gauge', help: 'd', samples: [{ value: Infinity }] },
]

test('whatever there is to write can be read by a strict reader', () => {
  const text = render(odd, 'openmetrics')
  expect(text.startsWith('# TYPE a counter\n# HELP a a \\\\ and\\na \\"quote\\"\na_total{x="b\\\\\\"\\n",y=""} 1e+21\n')).toBe(true)
  const read = readOpenMetrics(text)
  expect([...read].map(([name, { type, unit }]) => [name, type, unit])).toEqual([
    ['a', 'counter', undefined],
    ['b_seconds', 'histogram', 'seconds'],
    ['c', 'info', undefined],
    ['d', 'gauge', undefined],
  ])
  expect(read.get('b_seconds')?.samples.map(({ labels, value }) => [labels['le'], value])).toEqual([
    ['0.0001', 2],
    ['1.0', 2],
    ['+Inf', 5],
    [undefined, 5],
    [undefined, 7.5],
  ])
})

test('the older form has each family under the name of its samples', () => {
  const read = readPrometheus(render(odd, 'prometheus'))
  expect([...read].map(([name, { type, unit, help }]) => [name, type, unit, help])).toEqual([
    ['a_total', 'counter', undefined, 'a \\\\ and\\na "quote"'],
    ['b_seconds', 'histogram', undefined, 'b'],
    ['c_info', 'gauge', undefined, 'c'],
    ['d', 'gauge', undefined, 'd'],
  ])
})

test.each([
  ['# TYPE a gauge\na 1\n', 'does not end with # EOF'],
  ['# TYPE a gauge\na 1\n# TYPE a gauge\na 2\n# EOF\n', 'there already'],
  ['# TYPE a counter\na 1\n# EOF\n', 'no sample of a'],
  ['# TYPE a gauge\na{b="c",b="d"} 1\n# EOF\n', 'a label twice'],
  ['# TYPE a gauge\na{b="c"d="e"} 1\n# EOF\n', 'cannot be read'],
  ['# TYPE a gauge\na 1\na 2\n# EOF\n', 'comes twice'],
  ['# TYPE a gauge\na NaN\n# EOF\n', 'no number'],
  ['# TYPE a gauge\n# UNIT a seconds\na 1\n# EOF\n', 'end with its unit'],
  ['# TYPE a histogram\na_bucket{le="1.0"} 1\na_count 1\na_sum 1\n# EOF\n', 'not +Inf'],
  ['# TYPE a histogram\na_bucket{le="1.0"} 2\na_bucket{le="+Inf"} 1\na_count 1\na_sum 1\n# EOF\n', 'fall'],
  ['# TYPE a histogram\na_bucket{le="+Inf"} 1\na_count 2\na_sum 1\n# EOF\n', 'last bucket'],
])('the reader of these tests does not take %j', (text, fault) => {
  expect(() => readOpenMetrics(text)).toThrow(fault)
})
