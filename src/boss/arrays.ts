import type { Kinds } from '../footprint/kinds.js'
import { Refusal } from './errors.js'

type Row = Readonly<Record<string, unknown>>
/** Names of the arrays that a Boss has. */
export type ArrayNames = ReadonlySet<string> | ReadonlyMap<string, unknown>

/**
 * Lays a Boss's arrays over a row: each is there under its own name, whatever the row says.
 * @see taylorism `sharedmemory_common_instructions`, which "is laid over every instruction and wins over everything".
 */
export function layOver(row: Row, arrays: ArrayNames): Row {
  if (arrays.size === 0) return row
  return { ...row, ...Object.fromEntries([...arrays.keys()].map((name) => [name, name])) }
}

/**
 * Holds that every array which the attributes of an instruction name is there.
 * @param position of the row, from 1; the message names it.
 * @throws {Refusal} missing-array.
 */
export function assertArrays(kinds: Kinds, kind: string, attributes: Row, arrays: ArrayNames, position: number): void {
  for (const attribute of arrayAttributes(kinds).get(kind) ?? []) {
    const name = attributes[attribute]
    if (typeof name === 'string' && !arrays.has(name)) throw missingArray(position, attribute, name, arrays)
  }
}

/** The refusal of a row that no kind takes only because its Boss lacks an array; undefined when that is not why. */
export function lacksArray(kinds: Kinds, row: Row, arrays: ArrayNames, position: number): Refusal | undefined {
  const missing = [...new Set([...arrayAttributes(kinds).values()].flat())].filter((name) => !arrays.has(name))
  if (missing.length === 0) return undefined
  const resolution = kinds.resolve(layOver(row, new Set(missing)))
  if (resolution.found !== 'one') return undefined
  const [name] = (arrayAttributes(kinds).get(resolution.kind) ?? []).filter((attribute) => missing.includes(attribute))
  return name === undefined ? undefined : missingArray(position, name, name, arrays)
}

/** Attributes of type `array`, by kind. */
function arrayAttributes(kinds: Kinds): ReadonlyMap<string, readonly string[]> {
  let found = known.get(kinds)
  if (!found) {
    const namesOf = ({ footprint: { attr } }: Kinds['definitions'][number]) =>
      Object.keys(attr).filter((name) => attr[name]?.type === 'array')
    found = new Map(kinds.definitions.map((definition) => [definition.worker, namesOf(definition)]))
    known.set(kinds, found)
  }
  return found
}
const known = new WeakMap<Kinds, ReadonlyMap<string, readonly string[]>>()

function missingArray(position: number, attribute: string, name: string, arrays: ArrayNames): Refusal {
  const there = [...arrays.keys()]
  return new Refusal(
    'missing-array',
    `row ${position}: attribute "${attribute}" needs an array "${name}", and the Boss has ${there.join(', ') || 'none'}; PUT …/arrays/${name} before the instructions`,
    { row: position, attribute, array: name, available: there },
  )
}
