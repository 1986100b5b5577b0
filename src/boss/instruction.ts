/** A row of an append before it is resolved. */
export type Row = Readonly<Record<string, unknown>>
