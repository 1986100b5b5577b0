import { expect, test } from 'vitest'
import { traced, traceOf } from '../../src/boss/trace.js'

const trace = '0af7651916cd43dd8448eb211c80319c'
const span = 'b7ad6b7169203331'
const parent = `00-${trace}-${span}-01`

test.each([
  [parent, parent],
  [`00-${trace}-${span}-00`, `00-${trace}-${span}-00`],
  [`00-${trace}-${span}-03`, `00-${trace}-${span}-03`],
  [`cc-${trace}-${span}-01-what-the-future-brings`, parent],
  [`cc-${trace}-${span}-08`, `00-${trace}-${span}-00`],
])('traceparent %s is handed on as %s', (given, handedOn) => {
  expect(traceOf(given, undefined)).toEqual({ traceparent: handedOn })
})

test.each([
  undefined,
  '',
  `ff-${trace}-${span}-01`,
  `00-${'0'.repeat(32)}-${span}-01`,
  `00-${trace}-${'0'.repeat(16)}-01`,
  `00-${trace.toUpperCase()}-${span}-01`,
  `00-${trace}-${span}-01-more`,
  `cc-${trace}-${span}-01.more`,
  `00-${trace}-${span}-1`,
  `00-${trace}-${span}`,
  `${parent}, ${parent}`,
  ` ${parent}`,
  `${parent}\n`,
])('traceparent %j is none', (given) => {
  expect(traceOf(given, 'a=1')).toBeUndefined()
})

test.each([
  ['congo=t61rcWkgMzE', 'congo=t61rcWkgMzE'],
  ['rojo=1 ,\t congo=2', 'rojo=1,congo=2'],
  ['a=1,,b=2,', 'a=1,b=2'],
  ['fw529a3039@dt=FfffLwtjoP', 'fw529a3039@dt=FfffLwtjoP'],
  ['', undefined],
  ['no-value', undefined],
  ['Upper=1', undefined],
  ['a=1\nTAYLORD_HOST_TOKEN=x', undefined],
  ['a=\u00e9', undefined],
  [Array.from({ length: 33 }, (_, i) => `k${i}=1`).join(','), undefined],
])('tracestate %j is handed on as %j', (given, handedOn) => {
  expect(traceOf(parent, given)?.tracestate).toBe(handedOn)
})

test('a tracestate of more than 512 characters loses its last members', () => {
  const member = (i: number) => `k${i}=${'x'.repeat(96)}`
  const given = Array.from({ length: 6 }, (_, i) => member(i)).join(',')
  expect(traceOf(parent, given)?.tracestate).toBe([0, 1, 2, 3, 4].map(member).join(','))
})

test('rows keep what else they say, and a trace takes the place of another', () => {
  const rows = [null, '{"timeout":5}', '{"timeout":5,"trace":{"traceparent":"old"}}', null]
  expect(traced(rows, { traceparent: 'new' }).map((text) => JSON.parse(text) as unknown)).toEqual([
    { trace: { traceparent: 'new' } },
    { timeout: 5, trace: { traceparent: 'new' } },
    { timeout: 5, trace: { traceparent: 'new' } },
    { trace: { traceparent: 'new' } },
  ])
})
