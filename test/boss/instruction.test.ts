import { describe, expect, test } from 'vitest'
import { Refusal } from '../../src/boss/errors.js'
import { gather, merge, resolveRow, resolveRows } from '../../src/boss/instruction.js'
import { compileKinds } from '../../src/footprint/kinds.js'
import command from '../../src/worker/kinds/command.js'
import sleeper from '../../src/worker/kinds/sleeper.js'

const kinds = compileKinds([
  {
    worker: 'thumbnail',
    footprint: { attr: { kind: { values: ['thumbnail'] }, src: {}, width: { type: 'int', optional: true, default: 320 } } },
  },
  { worker: 'sleeper', footprint: { attr: { kind: { values: ['sleeper'] }, sleeping_time: { type: 'float' } } } },
])
const refusalOf = (act: () => unknown): Refusal => {
  try {
    act()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  return expect.unreachable()
}
const resolved = (row: object) => resolveRow(kinds, { kind: 'thumbnail', src: 'a', ...row }, 3)
const refused = (row: object) => refusalOf(() => resolved(row))

describe('gather', () => {
  test('a column wins over what is common', () => {
    expect(gather({ a: 1, b: 2 }, { b: [3, 4], c: [5, 6] })).toEqual([
      { a: 1, b: 3, c: 5 },
      { a: 1, b: 4, c: 6 },
    ])
  })

  test('no columns and empty columns make no rows', () => {
    expect(gather({ a: 1 }, {})).toEqual([])
    expect(gather({ a: 1 }, { b: [], c: [] })).toEqual([])
  })

  test('columns of different lengths are refused with their lengths', () => {
    expect(refusalOf(() => gather({}, { a: [1], b: [1, 2], c: [1] }))).toMatchObject({
      code: 'uneven-columns',
      message: 'columns have lengths 1 and 2; give each column one value for each instruction',
      facts: { lengths: { a: 1, b: 2, c: 1 } },
    })
  })

  test('a column that is no list is refused by its name', () => {
    const text = { a: [1], b: 'x' } as unknown as Record<string, unknown[]>
    expect(refusalOf(() => gather({}, text))).toMatchObject({ code: 'invalid', facts: { column: 'b' } })
  })
})

test('merge lets the row win and hands on what is no row', () => {
  expect(merge({ a: 1, b: 2 }, [{ b: 3 }, {}])).toEqual([
    { a: 1, b: 3 },
    { a: 1, b: 2 },
  ])
  const [bad] = merge({ kind: 'sleeper' }, [5 as unknown as object as Record<string, unknown>])
  expect(refusalOf(() => resolveRow(kinds, bad, 1))).toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('row 1: it is a number'),
  })
})

describe('a resolved row', () => {
  test('holds defaults, and 0 for memory and time that were not given', () => {
    expect(resolved({ unknown: 1, scheduler_ticket: 'x', scheduler_hooks: [] })).toEqual({
      kind: 'thumbnail',
      name: null,
      priority: 0,
      memory: null,
      expectedTime: null,
      cores: 1,
      fileA: null,
      fileB: null,
      terms: null,
      grace: null,
      fresh: false,
      attributes: { kind: 'thumbnail', src: 'a', width: 320, memory: 0, expected_time: 0 },
    })
  })

  test("taylorism's base attributes are coerced by its rules", () => {
    expect(resolved({ name: 7, memory: '3.5', expected_time: ' 1e1 ', priority: -2, cores: 4, fileA: 'f' })).toMatchObject({
      name: '7',
      memory: 3.5,
      expectedTime: 10,
      priority: -2,
      cores: 4,
      fileA: 'f',
      attributes: { name: '7', memory: 3.5, expected_time: 10 },
    })
    expect(resolved({ memory: 0 })).toMatchObject({ memory: 0 })
  })

  test('a grace goes with the attributes, for whoever stops the instruction', () => {
    expect(resolved({ grace: 0.5 }).attributes).toMatchObject({ grace: 0.5 })
    expect(resolved({}).attributes).not.toHaveProperty('grace')
  })

  test('null counts as not given', () => {
    const nothing = {
      name: null,
      memory: null,
      expected_time: null,
      priority: null,
      cores: null,
      fileA: null,
      grace: null,
      fresh: false,
      timeout: null,
      retry: null,
    }
    expect(resolved(nothing)).toEqual(resolved({}))
  })
})

describe('a reserved attribute that is wrong is refused with its row', () => {
  test.each([
    ['memory', -1],
    ['memory', 'lots'],
    ['memory', []],
    ['expected_time', 'nan'],
    ['name', ''],
    ['name', 'a\nb'],
    ['name', 'x'.repeat(256)],
    ['cores', 0],
    ['cores', '2'],
    ['cores', 1.5],
    ['priority', 2 ** 31],
    ['priority', '1'],
    ['fileA', 5],
    ['fileB', []],
    ['timeout', 0],
    ['timeout', '5'],
    ['expires', -1],
    ['retry', 3],
    ['retry', { attempts: 0 }],
    ['retry', { attempts: 2, on: ['bad luck'] }],
    ['retry', { attempts: 2, tries: 3 }],
    ['grace', -1],
    ['grace', '5'],
    ['grace', 86_401],
    ['at_most_once', 1],
  ])('%s: %j', (attribute, value) => {
    expect(refused({ [attribute]: value })).toMatchObject({
      code: 'invalid',
      message: expect.stringContaining(`row 3: "${attribute}"`),
      facts: { row: 3, attribute },
    })
  })
})

describe('a row that no kind takes', () => {
  test('is refused with the reason of each kind', () => {
    expect(refusalOf(() => resolveRow(kinds, { kind: 'sleeper' }, 2))).toMatchObject({
      code: 'no-adequate-worker',
      message: expect.stringMatching(/^row 2: .*"sleeper".*"sleeping_time" is missing/),
      facts: { row: 2, kinds: { sleeper: { sleeping_time: 'Missing value' }, thumbnail: { src: 'Missing value' } } },
    })
  })

  test.each([
    [{}, /^row 1: no worker kind takes this instruction: give it a "kind" of thumbnail, sleeper;/],
    [{ kind: 'sleepr', sleeping_time: 1 }, /of kind "sleepr": give it a "kind" of thumbnail, sleeper;/],
    [{ kind: 'sleeper', sleeping_time: 'x' }, /of kind "sleeper": not sleeper \("sleeping_time" must be a number, not "x"\);/],
    [{ kind: 'sleeper', sleeping_tim: 1 }, /not sleeper \("sleeping_time" is missing; is "sleeping_tim" meant for it\?\);/],
  ])('%j is told what it could be', (row, message) => {
    expect(refusalOf(() => resolveRow(kinds, row, 1)).message).toMatch(message)
  })

  test('an unknown kind is told the others, also where some take any', () => {
    const some = compileKinds([...kinds.definitions, { worker: 'open', footprint: { attr: { src: {} } } }])
    expect(refusalOf(() => resolveRow(some, { kind: 'sleepr' }, 1)).message).toMatch(
      /of kind "sleepr": not open \("src" is missing\); give it a "kind" of thumbnail, sleeper;/,
    )
    // who says what it wants is not told of those
    expect(refusalOf(() => resolveRow(some, { kind: 'sleeper' }, 1)).message).toMatch(
      /of kind "sleeper": not sleeper \("sleeping_time" is missing\);/,
    )
  })

  test('what a footprint cannot say a kind of the program may have against a row', () => {
    const own = compileKinds([command, sleeper])
    const wrong = (row: Record<string, unknown>) => refusalOf(() => resolveRow(own, { kind: 'command', program: 'p', ...row }, 3))
    expect(wrong({ args: ['-n', 5] })).toMatchObject({
      code: 'invalid',
      message: 'row 3: "args" must be a list of texts without a zero character, as in ["-l"], not ["-n",5]',
      facts: { row: 3, attribute: 'args' },
    })
    const others = { env: { A: 1 }, program: '', ok_codes: ['0'], cwd: '', literal_cwd: 'in', taskset_bsize: 0 }
    for (const [attribute, value] of Object.entries(others)) expect(wrong({ [attribute]: value }).facts).toEqual({ row: 3, attribute })
    expect(wrong({ args: '-l' }).message).toBe('row 3: "args" must be a list of texts without a zero character, as in ["-l"], not "-l"')
    expect(wrong({ cwd: 'in' }).message).toBe('row 3: "cwd" must be the absolute path of a directory, not "in"')
    expect(wrong({ cwd: '/a', literal_cwd: '/b' }).facts).toEqual({ row: 3, attribute: 'literal_cwd' })
    expect(wrong({ args: Array(500).fill(5) }).message.length).toBeLessThan(300)
    expect(wrong({ kind: 'sleeper', sleeping_time: -1 }).message).toBe('row 3: "sleeping_time" must be seconds, 0 or more, not -1')
    expect(resolveRow(own, { kind: 'command', program: 'p', args: null, env: null }, 1).attributes).toMatchObject({ args: [], env: {} })
  })

  test('names 20 kinds at most', () => {
    const many = compileKinds(Array.from({ length: 30 }, (_, i) => ({ worker: `w${i}`, footprint: { attr: { x: {} } } })))
    const { facts, message } = refusalOf(() => resolveRow(many, {}, 1))
    expect(Object.keys(facts['kinds'] as object)).toHaveLength(20)
    expect(message).toContain('and 27 more')
    expect(refusalOf(() => resolveRow(compileKinds([]), {}, 1)).message).toContain('there are no worker kinds')
  })

  test('and one that two take equally are different refusals', () => {
    const twins = compileKinds(['a', 'b'].map((worker) => ({ worker, footprint: { attr: { x: {} } } })))
    expect(refusalOf(() => resolveRow(twins, { x: 1 }, 1))).toMatchObject({
      code: 'ambiguous-worker',
      facts: { row: 1, kinds: ['a', 'b'] },
    })
  })

  test.each([[null], [[]], ['x'], [undefined]])('%j is no row', (row) => {
    expect(refusalOf(() => resolveRow(kinds, row, 9))).toMatchObject({ code: 'invalid', message: expect.stringContaining('row 9') })
  })
})

test('a slice is laid out by columns, its refusals count from the beginning of the append', () => {
  const rows = [
    { kind: 'thumbnail', src: 'a\n', name: 'one', memory: 5 },
    { kind: 'sleeper', sleeping_time: '2', timeout: 5, expires: 2 },
  ]
  const { attributes, ...columns } = resolveRows(kinds, rows, 11, 500, 0)
  expect(columns).toEqual({
    first: 11,
    n: 2,
    kind: ['thumbnail', 'sleeper'],
    name: ['one', null],
    priority: [0, 0],
    memory: [5, null],
    expectedTime: [null, null],
    cores: [1, 1],
    fileA: [null, null],
    fileB: [null, null],
    terms: [null, '{"timeout":5,"expires":2,"expires_at":2000}'],
  })
  expect(attributes.split('\n').map((line) => JSON.parse(line))).toEqual([
    { kind: 'thumbnail', src: 'a\n', width: 320, memory: 5, expected_time: 0, name: 'one' },
    { kind: 'sleeper', sleeping_time: 2, memory: 0, expected_time: 0 },
  ])
  expect(refusalOf(() => resolveRows(kinds, [rows[0], {}], 11, 500, 0)).message).toMatch(/^row 502:/)
  expect(resolveRows(kinds, [], 1, 0, 0)).toMatchObject({ n: 0, attributes: '' })
})
