import { expect, test } from 'vitest'
import { slicesOf } from '../../src/http/table.js'

const rowsOf = (table: Parameters<typeof slicesOf>[0], maxRows = 10_000) => [...slicesOf(table, maxRows)].flat()

test('columns and rows each lie over what is common', () => {
  const common_instructions = { kind: 'sleeper', a: 0 }
  expect(rowsOf({ common_instructions, individual_instructions: { a: [1, 2] } })).toEqual([
    { kind: 'sleeper', a: 1 },
    { kind: 'sleeper', a: 2 },
  ])
  expect(rowsOf({ common_instructions, instructions: [{ a: 1 }, {}] })).toEqual([
    { kind: 'sleeper', a: 1 },
    { kind: 'sleeper', a: 0 },
  ])
})

test('no columns make no rows, whatever is common', () => {
  expect(rowsOf({ common_instructions: { a: 1 } })).toEqual([])
  expect(rowsOf({ common_instructions: { a: 1 }, individual_instructions: {} })).toEqual([])
})

test('many rows come in slices, in order', () => {
  const column = Array.from({ length: 1001 }, (_, i) => i)
  const slices = [...slicesOf({ individual_instructions: { i: column } }, 10_000)]
  expect(slices.map(({ length }) => length)).toEqual([500, 500, 1])
  expect(slices.flat().map(({ i }) => i)).toEqual(column)
})

test('columns of unequal length are refused with the first slice, also when they differ only far behind', () => {
  const slices = slicesOf({ individual_instructions: { a: Array(501).fill(0), b: Array(500).fill(0) } }, 10_000)
  expect(() => slices.next()).toThrowError(expect.objectContaining({ code: 'uneven-columns' }))
  expect(() => rowsOf({ individual_instructions: { a: [1], b: [] } })).toThrowError(expect.objectContaining({ code: 'uneven-columns' }))
})

test('both columns and rows, or more rows than allowed, are refused', () => {
  expect(() => rowsOf({ individual_instructions: {}, instructions: [] })).toThrowError(expect.objectContaining({ code: 'invalid' }))
  expect(() => rowsOf({ instructions: [{}, {}, {}] }, 2)).toThrowError(
    expect.objectContaining({ code: 'too-large', facts: { max_rows: 2 } }),
  )
})
