import type { AttributeDefinition, AttributeType, KindDefinition } from './definition.js'
import { expressionOf } from './only.js'

type Schema = Readonly<Record<string, unknown>>

const SCHEMA_OF: Readonly<Record<AttributeType, Schema>> = {
  str: { type: 'string' },
  FPStr: { type: 'string' },
  int: { type: 'integer' },
  float: { type: 'number' },
  bool: { type: 'boolean' },
  FPList: { type: 'array' },
  FPTuple: { type: 'array' },
  FPSet: { type: 'array', uniqueItems: true },
  FPDict: { type: 'object' },
  array: { type: 'string' },
}

/**
 * The JSON Schema of a kind's rows in their canonical form. A row may be looser than this: values are coerced, `[attr]` in a text stands
 * for another attribute, null leaves an optional attribute unset, and other names are ignored. An attribute with aliases is required
 * under one of its names. Rules of `only` upon attributes of the kind follow under `allOf`.
 */
export function toJsonSchema({ worker, footprint: { attr, only = {} } }: KindDefinition): Record<string, unknown> {
  const attributes = Object.entries(attr)
  const mandatory = attributes.filter(([, { optional }]) => !optional)
  const aliased = mandatory.filter(([, { alias = [] }]) => alias.length > 0)
  const allOf = [
    ...aliased.map(([name, attribute]) => ({ anyOf: namesOf(name, attribute).map((each) => ({ required: [each] })) })),
    ...Object.entries(only).flatMap(([name, rule]) => ruleOf(attr, name, rule)),
  ]
  return {
    title: worker,
    type: 'object',
    properties: Object.fromEntries(
      attributes.flatMap(([name, attribute]) => namesOf(name, attribute).map((each) => [each, schemaOf(attribute)])),
    ),
    required: mandatory.filter(([, { alias = [] }]) => alias.length === 0).map(([name]) => name),
    ...(allOf.length > 0 && { allOf }),
  }
}

const namesOf = (name: string, { alias = [] }: AttributeDefinition) => [name, ...alias]

function schemaOf({ type = 'str', values, outcast, remap, default: fallback = null, info }: AttributeDefinition): Schema {
  const canonical: Schema = { ...SCHEMA_OF[type], ...(values && { enum: values }) }
  const from = remapped(remap)
  return {
    ...(from.length > 0 ? { anyOf: [canonical, { enum: from }] } : canonical),
    ...(outcast && outcast.length > 0 && { not: { enum: outcast } }),
    ...(fallback !== null && { default: fallback }),
    ...(info !== undefined && { description: info }),
  }
}

/** What may be written for something else. */
function remapped(remap: AttributeDefinition['remap'] = {}): unknown[] {
  const pairs = Array.isArray(remap) ? (remap as [unknown, unknown][]) : Object.entries(remap)
  return pairs.filter(([from, to]) => !(from === 'autoremap' && to === 'first')).map(([from]) => from)
}

function ruleOf(attr: KindDefinition['footprint']['attr'], name: string, rule: unknown): Schema[] {
  const [, bound, bounded = name] = /^(after|before)_(.+)$/s.exec(name) ?? []
  const attribute = attr[bounded]
  if (!attribute) return []
  const each = (Array.isArray(rule) ? rule : [rule]).map((item) => conditionOf(bound, item))
  const condition = each.length === 1 ? each[0] : { anyOf: each }
  return [{ properties: Object.fromEntries(namesOf(bounded, attribute).map((own) => [own, condition])) }]
}

function conditionOf(bound: string | undefined, item: unknown): Schema {
  if (bound !== undefined) return bound === 'after' ? { minimum: item } : { exclusiveMaximum: item }
  const source = expressionOf(item)
  return source === undefined ? { const: item } : { pattern: `^(?:${source})` }
}
