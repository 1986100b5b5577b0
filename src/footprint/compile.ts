import { coerce, NOT_COERCIBLE } from './coerce.js'
import {
  ACCESS,
  type AttributeDefinition,
  type AttributeType,
  BadDefinition,
  type Footprint,
  type KindDefinition,
  type Objection,
  PRIORITIES,
  RESERVED,
  TYPES,
} from './definition.js'
import { type Only, compileOnly } from './only.js'
import { compileRemap, type Remap } from './remap.js'
import { settle } from './settle.js'
import { mayHoldToken } from './token.js'

/** An attribute made ready for resolution. */
export interface CompiledAttribute {
  readonly name: string
  readonly alias: readonly string[]
  readonly type: AttributeType
  /** Coerced; undefined when anything goes. */
  readonly values: readonly unknown[] | undefined
  /** Coerced where it can be. */
  readonly outcast: readonly unknown[] | undefined
  readonly remap: Remap | undefined
  readonly optional: boolean
  /** As the definition gives it; null leaves the attribute unset. */
  readonly default: unknown
  /** What the default comes to, or the Fault that it is; undefined where that depends on the row. */
  readonly settledDefault: unknown
}

/** A kind made ready for resolution. */
export interface CompiledKind {
  readonly definition: KindDefinition
  readonly name: string
  /** In the order of the definition, which is the order of a resolved row. */
  readonly attributes: readonly CompiledAttribute[]
  /** The same by name, with those that every kind has. */
  readonly byName: ReadonlyMap<string, CompiledAttribute>
  /** Larger first. */
  readonly rank: number
  readonly only: readonly Only[]
}

const WORKER_NAME = /^[A-Za-z_][\w.-]{0,63}$/
const ATTRIBUTE_NAME = /^[A-Za-z]\w{0,127}$/
const FIELDS = ['type', 'values', 'outcast', 'optional', 'default', 'alias', 'remap', 'access', 'info']

/**
 * Checks a definition, which may come from a user's file and be anything, and makes it ready.
 * @param label what to call it in errors while its name is not known.
 * @throws {BadDefinition}
 * @see BEHAVIOUR section 6, "Refused at definition".
 */
export function compileKind(given: unknown, label: string): CompiledKind {
  if (!isRecord(given)) throw new BadDefinition(label, 'a definition is an object { worker, footprint }')
  const { worker, footprint, objection } = given
  if (typeof worker !== 'string' || !WORKER_NAME.test(worker)) {
    throw new BadDefinition(label, `"worker" must be a name like "thumbnail" (${WORKER_NAME.source}), not ${JSON.stringify(worker)}`)
  }
  if (!isRecord(footprint) || !isRecord(footprint['attr']))
    throw new BadDefinition(worker, 'its "footprint" must be an object { attr: { … } }')
  const { attr, priority, only, ...others } = footprint
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw new BadDefinition(worker, `a footprint has no "${unknown}"; it has "attr", "priority" and "only"`)
  if (priority !== undefined && !isOneOf(PRIORITIES, priority)) {
    throw new BadDefinition(worker, `has the unknown priority ${JSON.stringify(priority)}; there is ${PRIORITIES.join(', ')}`)
  }
  const attributes = Object.entries(attr).map(([name, attribute]) => compileAttribute(worker, name, attribute))
  if (attributes.every(({ optional }) => optional)) {
    throw new BadDefinition(worker, 'it has no mandatory attribute; at least one, such as kind, must not be optional')
  }
  const kept: Footprint = {
    attr: attr as Footprint['attr'],
    ...(priority !== undefined && { priority }),
    ...(only !== undefined && { only: only as NonNullable<Footprint['only']> }),
  }
  return {
    definition: { worker, footprint: kept, ...(typeof objection === 'function' && { objection: objection as Objection }) },
    name: worker,
    attributes,
    byName: new Map([...BASE, ...attributes].map((attribute) => [attribute.name, attribute])),
    rank: PRIORITIES.indexOf(priority ?? 'default'),
    only: rulesOf(worker, only),
  }
}

function rulesOf(worker: string, only: unknown): Only[] {
  if (only === undefined) return []
  if (!isRecord(only)) throw new BadDefinition(worker, 'its "only" must be an object { attribute: value }')
  try {
    return compileOnly(only)
  } catch (error) {
    if (error instanceof SyntaxError) throw new BadDefinition(worker, `its "only" of ${error.message}`)
    throw error
  }
}

function compileAttribute(worker: string, name: string, given: unknown): CompiledAttribute {
  const fail = (what: string) => new BadDefinition(worker, `attribute "${name}" ${what}`)
  if (!isRecord(given)) throw fail('must be an object, {} at least')
  for (const field of Object.keys(given)) {
    if (!FIELDS.includes(field)) throw fail(`has no field "${field}"; there is ${FIELDS.join(', ')}`)
  }
  const {
    type = 'str',
    values,
    outcast = [],
    optional = false,
    default: fallback = null,
    alias = [],
    remap,
    access = 'rxx',
    info = '',
  } = given as Record<keyof AttributeDefinition, unknown>
  if (!isOneOf(TYPES, type)) throw fail(`has the unknown type ${JSON.stringify(type)}; there is ${TYPES.join(', ')}`)
  if (!isOneOf(ACCESS, access)) throw fail(`has the unknown access ${JSON.stringify(access)}; there is ${ACCESS.join(', ')}`)
  if (typeof optional !== 'boolean') throw fail('needs true or false as "optional"')
  if (typeof info !== 'string') throw fail('needs text as "info"')
  if (!isList(alias) || !alias.every((other) => typeof other === 'string')) throw fail('needs a list of names as "alias"')
  for (const each of [name, ...alias]) {
    if (!ATTRIBUTE_NAME.test(each)) throw fail(`cannot be called ${JSON.stringify(each)}; a name is a letter, then letters, digits and _`)
    if (each === 'worker') throw fail('is called "worker", which is what all kinds together are called')
    if (RESERVED.includes(each)) throw fail(`is called "${each}", which means the same for every kind and must not be declared`)
  }
  if (values !== undefined && !(isList(values) && values.length > 0)) throw fail('needs a list of at least one value as "values"')
  if (!isList(outcast)) throw fail('needs a list of values as "outcast"')
  const coerced = values?.map((value) => {
    const item = coerce(type, value)
    if (item === NOT_COERCIBLE) throw fail(`has ${JSON.stringify(value)} among its "values", which is no ${type}`)
    return item
  })
  return withDefault({
    name,
    alias,
    type,
    values: coerced,
    outcast: outcast.length === 0 ? undefined : outcast.map((value) => ifCoercible(type, value)),
    remap: remapOf(remap, coerced, fail),
    optional,
    default: fallback,
  })
}

function withDefault(attribute: Omit<CompiledAttribute, 'settledDefault'>): CompiledAttribute {
  const { default: fallback, type } = attribute
  if (fallback === null) return { ...attribute, settledDefault: null }
  return { ...attribute, settledDefault: mayHoldToken(fallback) && type !== 'FPStr' ? undefined : settle(attribute, fallback) }
}

/** Attributes that taylorism's Worker gives every kind. */
export const BASE: readonly CompiledAttribute[] = (
  [
    ['name', 'str', null],
    ['memory', 'float', 0],
    ['expected_time', 'float', 0],
    ['scheduler_ticket', 'int', null],
  ] as const
).map(([name, type, fallback]) =>
  withDefault({ name, type, alias: [], values: undefined, outcast: undefined, remap: undefined, optional: true, default: fallback }),
)

function ifCoercible(type: AttributeType, value: unknown): unknown {
  const item = coerce(type, value)
  return item === NOT_COERCIBLE ? value : item
}

function remapOf(given: unknown, values: readonly unknown[] | undefined, fail: (what: string) => BadDefinition): Remap | undefined {
  if (given === undefined) return undefined
  try {
    const remap = compileRemap(given, values)
    if (!remap) throw fail('needs an object, or a list of pairs [from, to], as "remap"')
    return remap
  } catch (error) {
    if (error instanceof RangeError) throw fail(`has a "remap" that never ends: ${error.message}`)
    throw error
  }
}

const isOneOf = <Word extends string>(words: readonly Word[], word: unknown): word is Word => words.some((known) => known === word)

const isList = (value: unknown): value is unknown[] => Array.isArray(value)

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
