import { describe, expect, test } from 'vitest'
import { type AttributeDefinition, BadDefinition } from '../../src/footprint/definition.js'
import { toJsonSchema } from '../../src/footprint/json-schema.js'
import { compileKinds } from '../../src/footprint/kinds.js'

const aKind = (worker: string, attr: Record<string, unknown>) => ({
  worker,
  footprint: { attr: attr as Record<string, AttributeDefinition> },
})

describe('resolution', () => {
  const kinds = compileKinds([
    aKind('thumbnail', {
      kind: { values: ['thumbnail'] },
      src: { alias: ['source', 'input'] },
      width: { type: 'int', optional: true, default: '320' },
    }),
    aKind('preview', { kind: { values: ['preview', 'thumbnail'] }, src: {}, width: { type: 'int' }, height: { type: 'int' } }),
    aKind('open', { src: {}, flag: { type: 'bool', optional: true } }),
  ])

  test('a text and a number that look alike are two words for a kind', () => {
    const remapped = aKind('remapped', { kind: { values: ['x'], remap: [[1, 'x']] } })
    expect(compileKinds([aKind('one', { kind: { values: ['1'] } }), remapped]).resolve({ kind: '1' })).toMatchObject({ kind: 'one' })
  })

  test('fills in defaults, coerced, in the order of the definition', () => {
    const resolution = kinds.resolve({ other: 1, src: 5, kind: 'thumbnail' })
    expect(resolution).toEqual({ found: 'one', kind: 'thumbnail', attributes: { kind: 'thumbnail', src: '5', width: 320 } })
    expect(JSON.stringify(resolution)).toContain('{"kind":"thumbnail","src":"5","width":320}')
  })

  test("an attribute's own name comes before its aliases, which come in order", () => {
    const srcOf = (row: object) => (kinds.resolve({ kind: 'thumbnail', ...row }) as { attributes?: { src: string } }).attributes?.src
    expect(srcOf({ input: 'i', source: 's', src: 'o' })).toBe('o')
    expect(srcOf({ input: 'i', source: 's' })).toBe('s')
    expect(srcOf({ input: 'i' })).toBe('i')
  })

  test('null is nothing for an optional attribute, so that an alias is asked; a mandatory one is given by it, wrongly', () => {
    const alias = compileKinds([aKind('a', { x: { alias: ['y'] }, z: { alias: ['zz'], optional: true } })])
    expect(alias.resolve({ x: '1', z: null, zz: 's' })).toMatchObject({ attributes: { z: 's' } })
    expect(alias.resolve({ x: null, y: '1' })).toEqual({ found: 'none', reasons: { a: { x: 'Missing value' } } })
  })

  test('the kind that takes most from the row wins', () => {
    expect(kinds.resolve({ kind: 'thumbnail', src: 'a', width: 1, height: 2 })).toMatchObject({ kind: 'preview' })
    expect(kinds.resolve({ src: 'a', flag: 1 })).toMatchObject({ kind: 'open', attributes: { flag: true } })
    expect(kinds.resolve({ kind: 'nobody lists this', src: 'a' })).toMatchObject({ kind: 'open', attributes: { flag: null } })
  })

  test('equal weight is ambiguous', () => {
    const twins = compileKinds([aKind('a', { x: {} }), aKind('b', { x: {} }), aKind('c', { y: {} })])
    expect(twins.resolve({ x: 1 })).toEqual({ found: 'many', kinds: ['a', 'b'] })
  })

  test('names of every object are no attributes', () => {
    const odd = compileKinds([aKind('a', { constructor: {}, toString: { optional: true } })])
    expect(odd.resolve({})).toEqual({ found: 'none', reasons: { a: { constructor: 'Missing value' } } })
    expect(kinds.resolve(JSON.parse('{"__proto__": {"src": "a"}}'))).toMatchObject({ found: 'none' })
  })

  test('a default outside values makes a kind unreachable unless the attribute is given', () => {
    const strict = compileKinds([aKind('a', { x: {}, y: { optional: true, values: [1], type: 'int', default: 2 } })])
    expect(strict.resolve({ x: 1 })).toEqual({ found: 'none', reasons: { a: { y: 'Not in values' } } })
    expect(strict.resolve({ x: 1, y: '1' })).toMatchObject({ found: 'one' })
  })
})

describe('a remap', () => {
  const kinds = compileKinds([
    aKind('r', {
      kind: { values: ['raw'], remap: { old: 'older', older: 'raw' } },
      n: {
        type: 'int',
        optional: true,
        default: 'auto',
        remap: [
          [0, 3.9],
          ['auto', 4],
        ],
        outcast: [13],
      },
      fam: { optional: true, values: ['north', 'n', 'nord'], remap: { autoremap: 'first' } },
    }),
  ])
  const resolved = (row: object) => kinds.resolve({ kind: 'old', ...row })

  test('goes on until nothing is replaced any more, before coercion, and on defaults too', () => {
    expect(resolved({})).toMatchObject({ attributes: { kind: 'raw', n: 4, fam: null } })
    expect(resolved({ n: 0 })).toMatchObject({ attributes: { n: 3 } })
    expect(resolved({ n: '0' })).toMatchObject({ attributes: { n: 0 } })
    expect(resolved({ n: false })).toMatchObject({ attributes: { n: 3 } })
    expect(resolved({ fam: 'nord' })).toMatchObject({ attributes: { fam: 'north' } })
    expect(resolved({ n: '13' })).toEqual({ found: 'none', reasons: { r: { n: 'Outcast value' } } })
  })
})

test('priority is more than any number of attributes', () => {
  const kinds = compileKinds(
    ['none', 'default', 'toolbox', 'debug'].map((priority, i) => ({
      worker: priority,
      footprint: {
        attr: { kind: { values: ['none', 'default', 'toolbox', 'debug'].slice(0, i + 1) }, ...(i === 0 && { x: {} }) },
        priority,
      },
    })),
  )
  for (const kind of ['none', 'default', 'toolbox', 'debug']) expect(kinds.resolve({ kind, x: 1 })).toMatchObject({ kind: 'debug' })
})

describe('only', () => {
  const chosen = (only: Record<string, unknown>, row: object) =>
    compileKinds([{ worker: 'o', footprint: { attr: { host: {}, v: { type: 'int', optional: true } }, only } }]).resolve({
      host: 'hpc1',
      ...row,
    }).found
  test.each<[string, Record<string, unknown>, object, boolean]>([
    ['a value', { host: 'hpc1' }, {}, true],
    ['another value', { host: 'hpc' }, {}, false],
    ['a list', { v: [1, 2] }, { v: '2' }, true],
    ['a regular expression, from the beginning', { host: { $re: 'hpc[0-9]+$' } }, {}, true],
    ['one that matches later on', { host: { $re: 'pc' } }, {}, false],
    ['flags and names as Python writes them', { host: { $re: '(?i)(?P<all>HPC)' } }, {}, true],
    ['after, reached', { after_v: 5 }, { v: 5 }, true],
    ['after, not reached', { after_v: 5 }, { v: 4 }, false],
    ['before, reached', { before_v: 5 }, { v: 5 }, false],
    ['before, not reached', { before_v: 5 }, { v: 4 }, true],
    ['what cannot be ordered', { after_host: 5 }, {}, false],
    ['an attribute that is unset', { v: [1] }, {}, false],
    ['an attribute that the kind lacks', { absent: 'x' }, { absent: 'x' }, false],
    ['a base attribute', { after_memory: 10 }, { memory: '12' }, true],
    ['a base attribute that is not given', { after_memory: 10 }, {}, false],
    ['all must hold', { host: 'hpc1', v: 1 }, { v: 2 }, false],
  ])('%s', (_, only, row, holds) => {
    expect(chosen(only, row)).toBe(holds ? 'one' : 'none')
  })
})

describe('is refused, naming the definition', () => {
  test.each([
    [5, /^definition 1: a definition is an object/],
    [{ worker: '1a', footprint: { attr: { x: {} } } }, /^definition 1: "worker" must be a name/],
    [{ worker: 'w' }, /^w: its "footprint" must be/],
    [{ worker: 'w', footprint: { attr: { x: {} }, only: 'x' } }, /^w: its "only" must be an object/],
    [
      { worker: 'w', footprint: { attr: { x: {} }, only: { x: { $re: '(' } } } },
      /^w: its "only" of "x" has a regular expression that is none/,
    ],
    [{ worker: 'w', footprint: { attr: { x: {} }, priority: 'top' } }, /^w: has the unknown priority "top"; there is none, default/],
    [{ worker: 'w', footprint: { attr: { x: {} }, attrs: {} } }, /^w: a footprint has no "attrs"/],
    [aKind('w', {}), /no mandatory attribute/],
    [aKind('w', { x: { optional: true } }), /no mandatory attribute/],
    [aKind('w', { worker: {} }), /is called "worker"/],
    [aKind('w', { x: { alias: ['worker'] } }), /attribute "x" is called "worker"/],
    [aKind('w', { memory: {} }), /is called "memory"/],
    [aKind('w', { _x: {} }), /cannot be called "_x"/],
    [aKind('w', { x: { type: 'int', values: [1, 'x'] } }), /has "x" among its "values", which is no int/],
    [aKind('w', { x: { values: [] } }), /at least one value/],
    [aKind('w', { x: { type: 'text' } }), /unknown type "text"; there is str, FPStr, int/],
    [aKind('w', { x: { remap: 5 } }), /needs an object, or a list of pairs/],
    [aKind('w', { x: { remap: [['a']] } }), /needs an object, or a list of pairs/],
    [aKind('w', { x: { remap: { a: 'b', b: 'c', c: 'b' } } }), /attribute "x" has a "remap" that never ends: "a" → "b" → "c" → "b"/],
    [aKind('w', { x: { remap: { a: 'a' } } }), /never ends: "a" → "a"/],
    [
      aKind('w', {
        x: {
          type: 'int',
          remap: [
            [true, 2],
            [2, 1],
          ],
        },
      }),
      /never ends: 1 → 2 → 1/,
    ],
    [aKind('w', { x: { outcast: 'a' } }), /a list of values as "outcast"/],
    [aKind('w', { x: { access: 'rox' } }), /unknown access "rox"; there is rxx, rwx, rwd/],
    [aKind('w', { x: { defualt: 1 } }), /no field "defualt"/],
    [aKind('w', { x: { optional: 'yes' } }), /"optional"/],
    [aKind('w', { x: { alias: 'y' } }), /"alias"/],
    [aKind('w', { x: { info: 5 } }), /"info"/],
    [aKind('w', { x: null }), /must be an object/],
  ])('%j', (definition, message) => {
    expect(() => compileKinds([definition])).toThrow(BadDefinition)
    expect(() => compileKinds([definition])).toThrow(message)
  })

  test('two of the same name', () => {
    expect(() => compileKinds([aKind('a', { x: {} }), aKind('a', { y: {} })])).toThrow('a: two definitions have this name')
  })
})

test.each([
  ['an alias that is another attribute', aKind('w', { x: { alias: ['y'] }, y: {} })],
  ['a default outside values', aKind('w', { x: {}, y: { optional: true, values: ['a'], default: 'b' } })],
  ['an only upon an attribute that is not there', { worker: 'w', footprint: { attr: { x: {} }, only: { y: 1 } } }],
  ['an outcast that cannot take the type', aKind('w', { x: { type: 'int', outcast: ['x'] } })],
  ['every access', aKind('w', { x: { access: 'rwd' }, y: { access: 'rwx' }, z: { access: 'rxx' } })],
])('%s is accepted', (_, definition) => {
  expect(compileKinds([definition]).definitions).toEqual([definition])
})

test('the JSON Schema of a kind says what a row must hold', () => {
  const definition = aKind('w', {
    kind: { values: ['w'] },
    src: { alias: ['source'], info: 'what to read' },
    n: { type: 'int', optional: true, default: 3 },
    list: { type: 'FPList', optional: true },
    threads: { type: 'int', optional: true, remap: [['auto', 4]], outcast: [13] },
  })
  const only = { src: [{ $re: 'a' }, 'b'], before_n: 5, absent: 1 }
  expect(toJsonSchema({ ...definition, footprint: { ...definition.footprint, only } })).toEqual({
    title: 'w',
    type: 'object',
    properties: {
      kind: { type: 'string', enum: ['w'] },
      src: { type: 'string', description: 'what to read' },
      source: { type: 'string', description: 'what to read' },
      n: { type: 'integer', default: 3 },
      list: { type: 'array' },
      threads: { anyOf: [{ type: 'integer' }, { enum: ['auto'] }], not: { enum: [13] } },
    },
    required: ['kind'],
    allOf: [
      { anyOf: [{ required: ['src'] }, { required: ['source'] }] },
      {
        properties: {
          src: { anyOf: [{ pattern: '^(?:a)' }, { const: 'b' }] },
          source: { anyOf: [{ pattern: '^(?:a)' }, { const: 'b' }] },
        },
      },
      { properties: { n: { exclusiveMaximum: 5 } } },
    ],
  })
})
