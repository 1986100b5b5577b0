import type { AttributeType, KindDefinition } from '../footprint/definition.js'
import type { BadToken, Kinds, Reasons } from '../footprint/kinds.js'
import { type ArrayNames, assertArrays, lacksArray, layOver } from './arrays.js'
import { invalid, Refusal } from './errors.js'
import type { Rows } from './fact.js'
import { nearest } from './ignored.js'
import type { Terms } from './terms.js'
import { type Reserved, reservedOf } from './reserved.js'

export { waitsForTicket } from '../footprint/token.js'

/** A row of an append before it is resolved. */
export type Row = Readonly<Record<string, unknown>>

/** A row with its worker kind and everything it leaves open filled in. */
export interface Resolved extends Reserved {
  /** Name of the kind that carries it out. */
  readonly kind: string
  /** What the worker gets and clients see: the footprint's own attributes, memory and expected_time (0 where not given), a given name, grace and `fresh`. */
  readonly attributes: Readonly<Record<string, unknown>>
}

/**
 * Turns a table written by columns into rows, one for each instruction.
 * @param common attributes that every row carries.
 * @param individual columns of equal length n, as in `{ row: [0, 1, 2] }`; a column wins over `common`.
 * @returns n rows in column order. No columns make no rows, whatever `common` holds.
 * @throws {Refusal} uneven-columns when two columns differ in length, with all `lengths`; invalid for what is no list.
 * @see taylorism `Boss.set_instructions`, whose rules these are.
 */
export function gather(common: Row, individual: Readonly<Record<string, readonly unknown[]>>): Row[] {
  const columns = Object.entries(individual)
  const noList = columns.find(([, values]) => !Array.isArray(values))
  if (noList) throw invalid(`column "${noList[0]}" is not a list; give it one value for each instruction`, { column: noList[0] })
  const lengths = columns.map(([name, values]) => [name, values.length] as const)
  const [n = 0, ...others] = new Set(lengths.map(([, length]) => length))
  if (others.length > 0) {
    throw new Refusal(
      'uneven-columns',
      `columns have lengths ${[n, ...others].join(' and ')}; give each column one value for each instruction`,
      {
        lengths: Object.fromEntries(lengths),
      },
    )
  }
  return Array.from({ length: n }, (_, row) => {
    const own = columns.map(([name, values]) => [name, values[row]])
    return { ...common, ...Object.fromEntries(own) }
  })
}

/** Lays each row over what is common to all; the row wins. What is no row is handed on, for `resolveRow` to refuse by its position. */
export function merge(common: Row, rows: readonly Row[]): Row[] {
  return rows.map((row) => (isRow(row) ? { ...common, ...row } : row))
}

const noArrays: ArrayNames = new Set()

/** Kinds and reasons named in a refusal at most: a house of many kinds must not make it endless. */
const KINDS_SHOWN = 20
/** Characters of a value that a refusal shows. */
const VALUE_SHOWN = 100

/**
 * Finds the worker kind of a row and what scheduling needs to know of it.
 * @param position of the row in its append, from 1; messages name it.
 * @param arrays that the Boss has.
 * @throws {Refusal} no-adequate-worker with `kinds: {kind: {attribute: reason}}`, ambiguous-worker with `kinds: [name]`,
 * unknown-attribute-token with `attribute` and `token`, missing-array, or invalid.
 */
export function resolveRow(kinds: Kinds, given: unknown, position: number, arrays = noArrays): Resolved {
  const { reserved, kind, attributes } = resolvedOf(kinds, given, position, arrays)
  return { ...reserved, kind, attributes }
}

/** The same in parts, for there may be millions of rows. */
function resolvedOf(
  kinds: Kinds,
  given: unknown,
  position: number,
  arrays: ArrayNames,
): { readonly reserved: Reserved } & Pick<Resolved, 'kind' | 'attributes'> {
  if (!isRow(given)) throw invalid(`row ${position}: it is ${nounOf(given)}; a row is a JSON object of attributes`, { row: position })
  const row = layOver(given, arrays)
  const resolution = kinds.resolve(row)
  switch (resolution.found) {
    case 'none':
      if (resolution.badToken) throw unknownToken(position, resolution.badToken, { kinds: bounded(resolution.reasons) })
      throw lacksArray(kinds, row, arrays, position) ?? noAdequateWorker(kinds, row, position, resolution.reasons)
    case 'token':
      throw unknownToken(position, resolution.badToken, { kind: resolution.kind })
    case 'many':
      throw new Refusal(
        'ambiguous-worker',
        `row ${position}: the kinds ${resolution.kinds.join(', ')} suit it equally well; give an attribute that only one of them takes`,
        {
          row: position,
          kinds: resolution.kinds.slice(0, KINDS_SHOWN),
        },
      )
    case 'one': {
      const reserved = reservedOf(resolution.base ? { ...row, ...resolution.base } : row, position)
      const { name, memory, expectedTime, grace, fresh } = reserved
      const objection = kinds.objection(resolution.kind, resolution.attributes, row)
      if (objection) throw objected(position, objection.attribute, objection.mustBe, { ...resolution.attributes, ...row })
      assertArrays(kinds, resolution.kind, resolution.attributes, arrays, position)
      const { kind, attributes } = resolution
      attributes['memory'] = memory ?? 0
      attributes['expected_time'] = expectedTime ?? 0
      // one by one: most rows have none of them
      if (name !== null) attributes['name'] = name
      if (grace !== null) attributes['grace'] = grace
      if (fresh) attributes['fresh'] = fresh
      return { reserved, kind, attributes }
    }
  }
}

/**
 * Resolves a slice of an append and lays it out by columns.
 * @param first id of the first row.
 * @param position of the first row in the whole append, from 0.
 * @param arrays that the Boss has.
 * @param now when they come in, ms since 1970.
 * @throws {Refusal} as `resolveRow`, for the first bad row.
 */
export function resolveRows(kinds: Kinds, rows: readonly unknown[], first: number, position: number, now: number, arrays = noArrays): Rows {
  const columns = {
    kind: [] as string[],
    name: [] as (string | null)[],
    priority: [] as number[],
    memory: [] as (number | null)[],
    expectedTime: [] as (number | null)[],
    cores: [] as number[],
    fileA: [] as (string | null)[],
    fileB: [] as (string | null)[],
    terms: [] as (string | null)[],
  }
  const texts: string[] = []
  rows.forEach((row, i) => {
    const { reserved, kind, attributes } = resolvedOf(kinds, row, position + i + 1, arrays)
    columns.kind.push(kind)
    columns.name.push(reserved.name)
    columns.priority.push(reserved.priority)
    columns.memory.push(reserved.memory)
    columns.expectedTime.push(reserved.expectedTime)
    columns.cores.push(reserved.cores)
    columns.fileA.push(reserved.fileA)
    columns.fileB.push(reserved.fileB)
    columns.terms.push(reserved.terms && textOfTerms(reserved.terms, now))
    texts.push(JSON.stringify(attributes))
  })
  return { first, n: rows.length, ...columns, attributes: texts.join('\n') }
}

/** Terms as the store keeps them: with the moment at which the instruction has waited too long. @param now ms since 1970. */
export function textOfTerms(terms: Terms, now: number): string {
  const { expires } = terms
  return JSON.stringify({ ...terms, ...(expires !== undefined && { expires_at: Math.round(now + 1000 * expires) }) } satisfies Terms)
}

function objected(position: number, attribute: string, mustBe: string, attributes: Row): Refusal {
  return invalid(`row ${position}: "${attribute}" must be ${mustBe}, not ${shownOf(attributes[attribute])}`, { row: position, attribute })
}

function unknownToken(position: number, { attribute, token, reason }: BadToken, facts: Readonly<Record<string, unknown>>): Refusal {
  const what = `row ${position}: "${attribute}" cannot be expanded. ${reason}; give what it names, or change the text`
  return new Refusal('unknown-attribute-token', what, { row: position, attribute, token, ...facts })
}

const bounded = (all: Readonly<Record<string, Reasons>>) => Object.fromEntries(Object.entries(all).slice(0, KINDS_SHOWN))

/**
 * Speaks of the kinds that the row may have meant: those that list what its `kind` says, else those that take any. Unless there are some of
 * the first sort, says what `kind` may be.
 */
function noAdequateWorker(kinds: Kinds, row: Row, position: number, all: Readonly<Record<string, Reasons>>): Refusal {
  const { definitions } = kinds
  const asked = row['kind'] ?? undefined
  const kindsOf = ({ footprint: { attr } }: KindDefinition) => attr['kind']?.values
  const remaps = ({ footprint: { attr } }: KindDefinition) => typeof asked === 'string' && Object.hasOwn(attr['kind']?.remap ?? {}, asked)
  const listed = definitions.filter((definition) => kindsOf(definition)?.includes(asked) || remaps(definition))
  const meant = listed.length > 0 ? listed : definitions.filter((definition) => !kindsOf(definition))
  const words = meant.slice(0, 3).map((definition) => {
    const { worker } = definition
    return `not ${worker} (${objections(definition, row, all[worker], kinds.names(worker))})`
  })
  const more = meant.length > words.length ? ` and ${meant.length - words.length} more` : ''
  const known = definitions.flatMap((definition) => kindsOf(definition) ?? [])
  const others = `give it a "kind" of ${known.slice(0, KINDS_SHOWN).join(', ')}${known.length > KINDS_SHOWN ? ', …' : ''}`
  const there =
    definitions.length === 0
      ? 'there are no worker kinds'
      : [...(meant.length > 0 ? [`${words.join(', ')}${more}`] : []), ...(listed.length === 0 && known.length > 0 ? [others] : [])].join(
          '; ',
        )
  const of = asked === undefined ? '' : ` of kind ${JSON.stringify(asked)}`
  const shown = [...meant, ...definitions.filter((definition) => !meant.includes(definition))].slice(0, KINDS_SHOWN)
  return new Refusal(
    'no-adequate-worker',
    `row ${position}: no worker kind takes this instruction${of}: ${there}; GET /v1/kinds shows what each takes`,
    {
      row: position,
      kinds: Object.fromEntries(shown.map(({ worker }) => [worker, all[worker]])),
    },
  )
}

/** What a kind has against a row, and what it would take instead; `kinds` of the problem has it in taylorism's words. */
function objections({ footprint: { attr } }: KindDefinition, row: Row, reasons: Reasons | undefined, known: ReadonlySet<string>): string {
  const told = (attribute: string, why: string): string => {
    const { type = 'str', values, alias = [] } = attr[attribute] ?? {}
    const given = [attribute, ...alias].map((name) => row[name]).find((value) => value !== undefined && value !== null)
    const oneOf = values && `one of ${values.slice(0, KINDS_SHOWN).join(', ')}`
    if (why === 'Missing value' && given === undefined) {
      const slip = nearest(
        attribute,
        Object.keys(row).filter((name) => !known.has(name)),
      )
      return `"${attribute}" is missing${oneOf ? `, ${oneOf}` : ''}${slip === undefined ? '' : `; is "${slip.slice(0, VALUE_SHOWN)}" meant for it?`}`
    }
    // a default may be wrong, too
    if (given === undefined) return `${attribute}: ${why}`
    if (why === 'Could not reclass' || why === 'Not in values')
      return `"${attribute}" must be ${oneOf ?? nouns[type]}, not ${shownOf(given)}`
    return why === 'Outcast value' ? `"${attribute}" must not be ${shownOf(given)}` : `${attribute}: ${why}, it is ${shownOf(given)}`
  }
  return Object.entries(reasons ?? {})
    .map(([attribute, why]) => told(attribute, why))
    .join(', ')
}

/** What a value of a type is called. */
const nouns: Readonly<Record<AttributeType, string>> = {
  str: 'a text',
  FPStr: 'a text',
  int: 'a whole number',
  float: 'a number',
  bool: 'true or false',
  FPList: 'a list',
  FPTuple: 'a list',
  FPSet: 'a list',
  FPDict: 'an object',
  array: 'the name of an array',
}

function shownOf(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > VALUE_SHOWN ? `${text.slice(0, VALUE_SHOWN)}…` : text
}

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)

function nounOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`
}
