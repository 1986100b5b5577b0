import { isUniform, type Fact, type Reports, type Rows } from '../boss/fact.js'

/**
 * The values of a column, for rows that are written together: one for all of them, whole numbers that follow each other from the first on, or
 * one for each row. Most columns of most appends are of the first sort.
 */
export type Column<Value = unknown> = { readonly all: Value } | { readonly from: number } | readonly Value[]

export const isList = <Value>(column: Column<Value>): column is readonly Value[] => Array.isArray(column)

/** @returns the value of a column in a row that there is. */
export function valueOf<Value>(column: Column<Value>, row: number): Value | number {
  if (isList(column)) return column[row] as Value
  return 'all' in column ? column.all : column.from + row
}

type Staged = Extract<Fact, { type: 'instructions.staged' }>
export type PackedRows = { readonly [Field in keyof Rows]: Rows[Field] extends readonly unknown[] ? Column : Rows[Field] }
export type PackedReports = Omit<Reports, 'ids' | 'attempts'> & { readonly ids: Column<number>; readonly attempts: Column<number> }
/** A fact on its way to the thread that writes: to copy a list of a thousand equal values, and to bind each of them, costs more than to write the row. */
export type PackedFact = Exclude<Fact, Staged | Reports> | (Omit<Staged, 'rows'> & { readonly rows: PackedRows }) | PackedReports

export function packed(fact: Fact): PackedFact {
  if (fact.type === 'instruction.reported') return { ...fact, ids: columnOf(fact.ids), attempts: columnOf(fact.attempts) }
  if (fact.type !== 'instructions.staged') return fact
  const { rows } = fact
  return {
    ...fact,
    rows: {
      ...rows,
      kind: columnOf(rows.kind),
      name: columnOf(rows.name),
      priority: columnOf(rows.priority),
      memory: columnOf(rows.memory),
      expectedTime: columnOf(rows.expectedTime),
      cores: columnOf(rows.cores),
      fileA: columnOf(rows.fileA),
      fileB: columnOf(rows.fileB),
      terms: columnOf(rows.terms),
    },
  }
}

function columnOf<Value>(values: readonly Value[]): Column<Value> {
  const [first] = values
  if (isUniform(values)) return { all: first as Value }
  if (isWhole(first) && values.every((value, row) => value === first + row)) return { from: first }
  return values
}

/** Of others a sum depends on the order in which it is formed, and would not be what was given. */
const isWhole = (value: unknown): value is number => Number.isSafeInteger(value)
