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

  test('fills in defaults, coerced, in the order of the definition', () => {
    const resolution = kinds.resolve({ other: 1, src: 5, kind: 'thumbnail' })
    expect(resolution).toEqual({ found: 'one', kind: 'thumbnail', attributes: { kind: 'thumbnail', src: '5', width: 320 } })
    expect(JSON.stringify(resolution)).toContain('{"kind":"thumbnail","src":"5","width":320}')
  })

  test("an attribute's own name comes before its aliases, which come in order", () => {
    const srcOf = (row: object) => (kinds.resolve({ kind: 'thumbnail', ...row }) as { attributes?: { src: string } }).attributes?.src
    expect(srcOf({ input: 'i', source: 's', src: 'o' })).toBe('o')
    expect(srcOf({ input: 'i', source: 's', src: null })).toBe('s')
    expect(srcOf({ input: 'i' })).toBe('i')
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

describe('is refused, naming the definition', () => {
  test.each([
    [5, /^definition 1: a definition is an object/],
    [{ worker: '1a', footprint: { attr: { x: {} } } }, /^definition 1: "worker" must be a name/],
    [{ worker: 'w' }, /^w: its "footprint" must be/],
    [{ worker: 'w', footprint: { attr: { x: {} }, only: {} } }, /^w: its footprint uses "only", which comes with a later version/],
    [{ worker: 'w', footprint: { attr: { x: {} }, attrs: {} } }, /^w: a footprint has no "attrs"/],
    [aKind('w', {}), /no mandatory attribute/],
    [aKind('w', { x: { optional: true } }), /no mandatory attribute/],
    [aKind('w', { worker: {} }), /is called "worker"/],
    [aKind('w', { x: { alias: ['worker'] } }), /attribute "x" is called "worker"/],
    [aKind('w', { memory: {} }), /is called "memory"/],
    [aKind('w', { _x: {} }), /cannot be called "_x"/],
    [aKind('w', { x: { alias: ['y'] }, y: {} }), /"y" names an attribute twice/],
    [aKind('w', { x: { type: 'int', values: [1, 'x'] } }), /has "x" among its "values", which is no int/],
    [aKind('w', { x: { values: [] } }), /at least one value/],
    [aKind('w', { x: { type: 'text' } }), /unknown type "text"; there is str, int/],
    [aKind('w', { x: { remap: {} } }), /uses "remap", which comes with a later version/],
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

test('the JSON Schema of a kind says what a row must hold', () => {
  const definition = aKind('w', {
    kind: { values: ['w'] },
    src: { alias: ['source'], info: 'what to read' },
    n: { type: 'int', optional: true, default: 3 },
    list: { type: 'FPList', optional: true },
  })
  expect(toJsonSchema(definition)).toEqual({
    title: 'w',
    type: 'object',
    properties: {
      kind: { type: 'string', enum: ['w'] },
      src: { type: 'string', description: 'what to read' },
      source: { type: 'string', description: 'what to read' },
      n: { type: 'integer', default: 3 },
      list: { type: 'array' },
    },
    required: ['kind'],
    allOf: [{ anyOf: [{ required: ['src'] }, { required: ['source'] }] }],
  })
})
