import { describe, expect, test } from 'vitest'
import type { AttributeDefinition } from '../../src/footprint/definition.js'
import { pythonFormat } from '../../src/footprint/format.js'
import { compileKinds } from '../../src/footprint/kinds.js'
import { expandTicket } from '../../src/footprint/token.js'

const kindOf = (attr: Record<string, AttributeDefinition>, worker = 'w') => ({ worker, footprint: { attr } })
const kinds = compileKinds([
  kindOf({
    kind: { values: ['w'] },
    text: { optional: true },
    other: { optional: true, default: '[text]' },
    n: { type: 'int', optional: true, default: 7 },
    f: { type: 'float', optional: true },
    list: { type: 'FPList', optional: true },
    pair: { type: 'FPTuple', optional: true },
    data: { type: 'FPStr', optional: true },
  }),
])
const resolved = (row: object) => kinds.resolve({ kind: 'w', ...row })
const textOf = (row: object) => {
  const resolution = resolved(row)
  return resolution.found === 'one' ? resolution.attributes['text'] : resolution
}

test.each([
  ['[n%03d]-[f]', { f: 2 }, '007-2.0'],
  ['[f]', { f: '1e16' }, '1e+16'],
  ['[zz#none][n]', {}, 'none7'],
  ['[f#none]', {}, 'none'],
  ['[memory]/[expected_time%.1f]', { memory: '3' }, '3.0/0.0'],
  ['[list] [pair]', { list: ['a', 1, true], pair: [1] }, "['a', 1, True] (1,)"],
  ['[x]', { x: '[y]', y: '[n]' }, '7'],
  ['[[x]]', { x: 'n' }, '7'],
  ['[x]', { x: null }, undefined],
  ['[x]', { x: { a: 1 } }, "{'a': 1}"],
  ['C:\\dir\\1 [x]', { x: '\\n' }, 'C:\\dir\\1 \\n'],
  ['[a-b] [] [n', {}, '[a-b] [] [n'],
  ['[data]', { data: 'is kept' }, 'is kept'],
  ['[scheduler_ticket]', { scheduler_ticket: 4 }, '4'],
  ['[scheduler_ticket%02d] [n]', {}, '[scheduler_ticket%02d] 7'],
])('%s with %j is %j', (text, row, expected) => {
  const outcome = textOf({ text, ...row })
  if (expected === undefined) expect(outcome).toMatchObject({ found: 'none', reasons: { w: { text: 'Missing value' } } })
  else expect(outcome).toBe(expected)
})

test('a default of what is not set is not set', () => {
  expect(resolved({})).toMatchObject({ attributes: { text: null, other: null } })
  expect(resolved({ text: '[n]' })).toMatchObject({ attributes: { text: '7', other: '7' } })
})

test('nothing is replaced in a list, an object or an FPStr', () => {
  expect(resolved({ list: ['[nope]'], data: '[nope] [kind]', text: 'a' })).toMatchObject({
    attributes: { list: ['[nope]'], data: '[nope] [kind]' },
  })
})

/** Each holds the next twice, the last one holds 10,000 characters. */
const doubling = Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`x${i}`, i < 15 ? `[x${i + 1}]`.repeat(2) : 'x'.repeat(10_000)]))

test('no text takes long', () => {
  const start = performance.now()
  for (const part of ['[', '[a', '[a%', '[a:', '[a::', '[a#', '[n', '[n]']) textOf({ text: part.repeat(20_000) })
  expect(performance.now() - start).toBeLessThan(5000)
})

describe('a token that cannot be replaced is told by name', () => {
  test.each([
    ['of nobody', { text: '[nope]' }, '[nope]', /there is no attribute nope/],
    ['of an unset attribute', { text: '[f]' }, '[f]', /f is not set/],
    ['of itself', { text: 'x[text]y' }, '[text]', /Circular/],
    ['round two corners', { text: '[other]', other: '[text]' }, '[text]', /Circular/],
    ['of itself through the row', { text: '[x]', x: '[x]' }, '[x]', /Circular/],
    ['that doubles itself', { text: '[x]', x: '[x][x]' }, '[x]', /Circular/],
    ['that makes too much', { text: '[x0]', ...doubling }, '[x9][x9]', /Endless/],
    ['of a long text, often', { text: '[x]'.repeat(30), x: 'x'.repeat(30_000_000) }, '[x]'.repeat(26) + '[x', /Endless/],
    ['with a wide format, often', { text: '[n%9999d]'.repeat(60_000) }, '[n%9999d]'.repeat(9).slice(0, 80), /Endless/],
    ['with a format that does not suit', { text: '[n%s]' }, '[n%s]', /Wrong format/],
    ['with a method', { text: '[kind:upper]' }, '[kind:upper]', /Unknown method/],
    ['of a name with _', { text: '[_x]', _x: 1 }, '[_x]', /no attribute _x/],
    ['of a ticket in a number', { n: '[scheduler_ticket]' }, '[scheduler_ticket]', /only free text/],
  ])('%s', (_, row, token, reason) => {
    const attribute = Object.keys(row)[0]
    expect(resolved(row)).toEqual({ found: 'token', kind: 'w', badToken: { attribute, token, reason: expect.stringMatching(reason) } })
  })
})

describe('a kind with a token that it cannot replace', () => {
  const weak = kindOf({ kind: { values: ['k'] } }, 'weak')
  const strong = kindOf({ kind: { values: ['k'] }, x: { optional: true }, out: { optional: true, default: '[nope]' } }, 'strong')
  const both = compileKinds([weak, strong])

  test('stands in the way when it would be chosen', () => {
    expect(both.resolve({ kind: 'k', x: 1 })).toMatchObject({ found: 'token', kind: 'strong' })
    expect(both.resolve({ kind: 'k', x: 1, out: 'o' })).toMatchObject({ found: 'one', kind: 'strong' })
  })

  test('does no harm otherwise', () => {
    expect(both.resolve({ kind: 'k' })).toMatchObject({ found: 'one', kind: 'weak' })
    expect(both.resolve({ kind: 'other' })).toEqual({
      found: 'none',
      reasons: { weak: { kind: 'Not in values' }, strong: { kind: 'Not in values' } },
    })
  })
})

test('base attributes are expanded and coerced', () => {
  expect(resolved({ name: '[kind]-[n%02d]', memory: '[n]', expected_time: '[f]', f: 0.5 })).toMatchObject({
    base: { name: 'w-07', memory: 7, expected_time: 0.5 },
  })
  expect(resolved({ name: 'None' })).toEqual({ found: 'none', reasons: { w: { name: 'Missing value' } } })
})

test('a ticket is put in at the start', () => {
  expect(expandTicket('a[scheduler_ticket]-[scheduler_ticket%03d]', 5)).toBe('a5-005')
  expect(expandTicket('a[scheduler_ticket%s]', 5)).toBe('a[scheduler_ticket%s]')
  expect(expandTicket('[scheduler_ticket] [a-b]', null)).toBe('None [a-b]')
})

test.each<[unknown, string, string | undefined]>([
  [7, '03d', '007'],
  [-7, '05d', '-0007'],
  [7, '+d', '+7'],
  [1234567, ',', '1,234,567'],
  [255, '#x', '0xff'],
  [5, '08b', '00000101'],
  [7, '.2f', '7.00'],
  [7, 's', undefined],
  [7, '.2d', undefined],
  [1e308, '.1%', 'inf%'],
  [-Infinity, '8.2f', '    -inf'],
  [Infinity, 'E', 'INF'],
  [Infinity, '.3g', 'inf'],
  [Infinity, 'd', undefined],
  [2.5, '.0f', '2'],
  [3.5, '.0f', '4'],
  [0.125, '.2f', '0.12'],
  [1.5, 'e', '1.500000e+00'],
  [123456.789, '.3g', '1.23e+05'],
  [0.0001, 'g', '0.0001'],
  [0.5, '.1%', '50.0%'],
  [99.5, '.2', '1e+02'],
  [2.5, 'd', undefined],
  [true, '', 'True'],
  [true, 'd', '1'],
  ['v', '5s', 'v    '],
  ['v', '>5s', '    v'],
  ['v', '^7', '   v   '],
  ['v', '*<3', 'v**'],
  ['abc', '.2', 'ab'],
  ['v', 'd', undefined],
  ['v', '99999999s', undefined],
  [null, 'd', undefined],
  [7, 'q', undefined],
])('%j as %s is %j, as Python writes it', (value, spec, expected) => {
  expect(pythonFormat(value, spec)).toBe(expected)
})
