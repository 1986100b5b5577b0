import { Type, type Static } from 'typebox'
import { Refusal, invalid } from '../boss/errors.js'
import { gather, merge, type Row } from '../boss/instruction.js'

/** Rows handed on at a time, so that neither a parse nor a merge holds the event loop. */
export const sliceRows = 500

const Attributes = (description: string) => Type.Unsafe<Row>({ type: 'object', description })

/** Instructions in an envelope: columns or rows, with what is common to them. */
export const tableFields = {
  common_instructions: Type.Optional(Attributes('attributes that every row carries unless it says otherwise')),
  individual_instructions: Type.Optional(
    Type.Unsafe<Readonly<Record<string, readonly unknown[]>>>({
      type: 'object',
      additionalProperties: { type: 'array' },
      description: 'columns of equal length: row i takes value i of each',
    }),
  ),
  instructions: Type.Optional(Type.Array(Attributes('one row'), { description: 'rows; instead of individual_instructions' })),
}
const Table = Type.Object(tableFields)
/** Instructions as an envelope gives them. */
export type Table = Static<typeof Table>

/**
 * Rows of a table in slices of at most 500, merged one slice at a time: short columns make many rows.
 * Refusals come with the first slice, so that a `fatal` append sees them.
 * @throws {Refusal} `invalid` when there are both columns and rows, `uneven-columns`, `too-large` over `maxRows`.
 */
export function* slicesOf(
  { common_instructions: common = {}, individual_instructions, instructions }: Table,
  maxRows: number,
): Generator<Row[], void, undefined> {
  if (individual_instructions && instructions) throw invalid('give individual_instructions (columns) or instructions (rows), not both')
  const columns = Object.entries(individual_instructions ?? {})
  const lengths = instructions ? [instructions.length] : columns.map(([, values]) => values.length)
  const n = lengths.reduce((most, length) => Math.max(most, length), 0)
  if (lengths.some((length) => length !== n)) gather(common, Object.fromEntries(columns)) // refuses, naming the lengths
  if (n > maxRows) throw tooManyRows(maxRows)
  for (let at = 0; at < n; at += sliceRows) {
    const cut = (values: readonly unknown[]) => values.slice(at, at + sliceRows)
    yield instructions
      ? merge(common, instructions.slice(at, at + sliceRows))
      : gather(common, Object.fromEntries(columns.map(([name, values]) => [name, cut(values)])))
  }
}

/** The refusal of an append that is too long. */
export const tooManyRows = (maxRows: number) =>
  new Refusal('too-large', `one call takes at most ${maxRows} rows; send the others in a second one`, { max_rows: maxRows })
