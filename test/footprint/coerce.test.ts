import { describe, expect, test } from 'vitest'
import { coerce, isEqual, NOT_COERCIBLE } from '../../src/footprint/coerce.js'
import type { AttributeType } from '../../src/footprint/definition.js'

const no = NOT_COERCIBLE

describe("values are brought to a type as Python's constructors do", () => {
  test.each<[AttributeType, unknown, unknown]>([
    ['str', 2, '2'],
    ['str', 2.5, '2.5'],
    ['str', 0.00001, '1e-05'],
    ['str', 1e16, '10000000000000000'],
    ['str', true, 'True'],
    ['str', ['a', null, 1, "it's"], `['a', None, 1, "it's"]`],
    ['str', { a: [false] }, "{'a': [False]}"],
    ['int', '2', 2],
    ['int', ' 3 ', 3],
    ['int', '+1_000', 1000],
    ['int', 3.9, 3],
    ['int', -2.5, -2],
    ['int', -0.5, 0],
    ['int', '-0', 0],
    ['int', Infinity, no],
    ['float', -Infinity, no],
    ['str', Infinity, 'inf'],
    ['int', true, true],
    ['int', '3.9', no],
    ['int', '', no],
    ['int', '1__0', no],
    ['int', '0x10', no],
    ['int', [], no],
    ['float', '1e3', 1000],
    ['float', ' .5 ', 0.5],
    ['float', '5.', 5],
    ['float', true, 1],
    ['float', 'nan', no],
    ['float', '1e999', no],
    ['float', '.', no],
    ['float', {}, no],
    ['bool', 'False', true],
    ['bool', '', false],
    ['bool', 0, false],
    ['bool', [], false],
    ['bool', {}, false],
    ['bool', { a: 1 }, true],
    ['FPList', 'ab', ['a', 'b']],
    ['FPList', { k: 1 }, ['k']],
    ['FPList', 5, no],
    ['FPTuple', [1, [2]], [1, [2]]],
    ['FPSet', ['b', 'a', 'b'], ['a', 'b']],
    ['FPSet', [[1]], no],
    ['FPDict', [['a', 1]], { a: 1 }],
    ['FPDict', ['ab'], { a: 'b' }],
    ['FPDict', [[[1], 1]], no],
    ['FPDict', 'x', no],
    ['FPDict', '', {}],
    ['FPDict', [1], no],
    ['FPDict', 7, no],
  ])('%s of %j', (type, value, expected) => {
    expect(coerce(type, value)).toEqual(expected)
  })
})

test('equality is that of Python', () => {
  expect(isEqual(true, 1)).toBe(true)
  expect(isEqual(true, 'True')).toBe(false)
  expect(isEqual([1, { a: true }], [1, { a: 1 }])).toBe(true)
  expect(isEqual([1], [1, 2])).toBe(false)
  expect(isEqual([], {})).toBe(false)
  expect(isEqual({ a: 1 }, { b: 1 })).toBe(false)
})
