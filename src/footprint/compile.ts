import { coerce, NOT_COERCIBLE } from './coerce.js'
import { type AttributeDefinition, type AttributeType, BadDefinition, type KindDefinition, RESERVED, TYPES } from './definition.js'

/** An attribute made ready for resolution. */
export interface CompiledAttribute {
  readonly name: string
  readonly alias: readonly string[]
  readonly type: AttributeType
  /** Coerced; undefined when anything goes. */
  readonly values: readonly unknown[] | undefined
  readonly optional: boolean
  /** As the definition gives it; null leaves the attribute unset. */
  readonly default: unknown
}

/** A kind made ready for resolution. */
export interface CompiledKind {
  readonly definition: KindDefinition
  readonly name: string
  /** In the order of the definition, which is the order of a resolved row. */
  readonly attributes: readonly CompiledAttribute[]
}

const WORKER_NAME = /^[A-Za-z_][\w.-]{0,63}$/
const ATTRIBUTE_NAME = /^[A-Za-z]\w{0,127}$/
const FIELDS = ['type', 'values', 'optional', 'default', 'alias', 'info']
const LATER = ['remap', 'outcast', 'access', 'only', 'priority']

/**
 * Checks a definition, which may come from a user's file and be anything, and makes it ready.
 * @param label what to call it in errors while its name is not known.
 * @throws {BadDefinition}
 * @see BEHAVIOUR section 6, "Refused at definition".
 */
export function compileKind(given: unknown, label: string): CompiledKind {
  if (!isRecord(given)) throw new BadDefinition(label, 'a definition is an object { worker, footprint }')
  const { worker, footprint } = given
  if (typeof worker !== 'string' || !WORKER_NAME.test(worker)) {
    throw new BadDefinition(label, `"worker" must be a name like "thumbnail" (${WORKER_NAME.source}), not ${JSON.stringify(worker)}`)
  }
  if (!isRecord(footprint) || !isRecord(footprint['attr']))
    throw new BadDefinition(worker, 'its "footprint" must be an object { attr: { … } }')
  for (const field of Object.keys(footprint)) {
    if (LATER.includes(field)) throw new BadDefinition(worker, `its footprint uses "${field}", which comes with a later version`)
    if (field !== 'attr') throw new BadDefinition(worker, `a footprint has no "${field}"; it has "attr"`)
  }
  const attributes = Object.entries(footprint['attr']).map(([name, attribute]) => compileAttribute(worker, name, attribute))
  if (attributes.every(({ optional }) => optional)) {
    throw new BadDefinition(worker, 'it has no mandatory attribute; at least one, such as kind, must not be optional')
  }
  const names = attributes.flatMap(({ name, alias }) => [name, ...alias])
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new BadDefinition(worker, `"${twice}" names an attribute twice`)
  return { definition: { worker, footprint: { attr: footprint['attr'] as KindDefinition['footprint']['attr'] } }, name: worker, attributes }
}

function compileAttribute(worker: string, name: string, given: unknown): CompiledAttribute {
  const fail = (what: string) => new BadDefinition(worker, `attribute "${name}" ${what}`)
  if (!isRecord(given)) throw fail('must be an object, {} at least')
  for (const field of Object.keys(given)) {
    if (LATER.includes(field)) throw fail(`uses "${field}", which comes with a later version`)
    if (!FIELDS.includes(field)) throw fail(`has no field "${field}"; there is ${FIELDS.join(', ')}`)
  }
  const {
    type = 'str',
    values,
    optional = false,
    default: fallback = null,
    alias = [],
    info = '',
  } = given as Record<keyof AttributeDefinition, unknown>
  if (!isType(type)) throw fail(`has the unknown type ${JSON.stringify(type)}; there is ${TYPES.join(', ')}`)
  if (typeof optional !== 'boolean') throw fail('needs true or false as "optional"')
  if (typeof info !== 'string') throw fail('needs text as "info"')
  if (!isList(alias) || !alias.every((other) => typeof other === 'string')) throw fail('needs a list of names as "alias"')
  for (const each of [name, ...alias]) {
    if (!ATTRIBUTE_NAME.test(each)) throw fail(`cannot be called ${JSON.stringify(each)}; a name is a letter, then letters, digits and _`)
    if (each === 'worker') throw fail('is called "worker", which is what all kinds together are called')
    if (RESERVED.includes(each)) throw fail(`is called "${each}", which means the same for every kind and must not be declared`)
  }
  if (values !== undefined && !(isList(values) && values.length > 0)) throw fail('needs a list of at least one value as "values"')
  const coerced = values?.map((value) => {
    const item = coerce(type, value)
    if (item === NOT_COERCIBLE) throw fail(`has ${JSON.stringify(value)} among its "values", which is no ${type}`)
    return item
  })
  return { name, alias, type, values: coerced, optional, default: fallback }
}

const isType = (type: unknown): type is AttributeType => TYPES.some((known) => known === type)

const isList = (value: unknown): value is unknown[] => Array.isArray(value)

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
