import { cellsOf } from '../parts/csv.js'
import { attributesOf, reserved, valueOf, type Attribute, type Kind, type Row } from './values.js'

/**
 * The rows of a file: CSV whose first line names the attributes, a list of objects in JSON, or an object a line (NDJSON).
 * @param kinds say what the cells of a CSV are: a number, a list, a text. An empty cell is an attribute that is not given.
 * @param kind of rows that name none.
 * @throws Error that names the line or row which is none.
 */
export function rowsOf(text: string, kinds: readonly Kind[], kind: string): Row[] {
  const whole = text.replace(/^\uFEFF/, '')
  const first = whole.trimStart()[0]
  const rows = first === '[' ? listOf(whole) : first === '{' ? linesOf(whole) : csvRows(whole, kinds, kind)
  if (rows.length === 0) throw new Error('there are no rows in it')
  return rows
}

function listOf(text: string): Row[] {
  const list = JSON.parse(text) as unknown[]
  const at = list.findIndex((row) => !isObject(row))
  if (at >= 0) throw new Error(`row ${at + 1} is no object`)
  return list as Row[]
}

function linesOf(text: string): Row[] {
  const rows: Row[] = []
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const row = parsed(line)
    if (isObject(row)) rows.push(row)
    else throw new Error(`line ${at + 1} is no JSON object: ${line.slice(0, 60)}`)
  }
  return rows
}

function csvRows(text: string, kinds: readonly Kind[], kind: string): Row[] {
  const [names = [], ...rows] = cellsOf(text)
  if (new Set(names).size < names.length) throw new Error(`two columns have one name: ${names.join(', ')}`)
  const types = new Map(kinds.map((one) => [one.kind, typesOf(one)]))
  const kindAt = names.indexOf('kind')
  return rows.map((cells, at) => {
    if (cells.length !== names.length) throw new Error(`row ${at + 1} has ${cells.length} cells, and there are ${names.length} columns`)
    const attributes = types.get(cells[kindAt] || kind)
    return Object.fromEntries(
      names.flatMap((name, column) => {
        const cell = cells[column] ?? ''
        return cell === '' ? [] : [[name, valueOf(cell, attributes?.get(name) ?? reserved[name])]]
      }),
    )
  })
}

const typesOf = (kind: Kind) =>
  new Map(
    attributesOf(kind).flatMap(([name, attribute]): [string, Attribute][] =>
      [name, ...(attribute.alias ?? [])].map((one) => [one, attribute]),
    ),
  )

const isObject = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
