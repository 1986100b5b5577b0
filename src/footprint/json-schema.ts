import type { AttributeDefinition, AttributeType, KindDefinition } from './definition.js'

const SCHEMA_OF: Readonly<Record<AttributeType, Readonly<Record<string, unknown>>>> = {
  str: { type: 'string' },
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
 * The JSON Schema of a kind's rows in their canonical form. A row may be looser than this: values are coerced, null leaves
 * an optional attribute unset, and other names are ignored. An attribute with aliases is required under one of its names.
 */
export function toJsonSchema({ worker, footprint: { attr } }: KindDefinition): Record<string, unknown> {
  const attributes = Object.entries(attr)
  const mandatory = attributes.filter(([, { optional }]) => !optional)
  const aliased = mandatory.filter(([, { alias = [] }]) => alias.length > 0)
  return {
    title: worker,
    type: 'object',
    properties: Object.fromEntries(
      attributes.flatMap(([name, attribute]) => namesOf(name, attribute).map((each) => [each, schemaOf(attribute)])),
    ),
    required: mandatory.filter(([, { alias = [] }]) => alias.length === 0).map(([name]) => name),
    ...(aliased.length > 0 && {
      allOf: aliased.map(([name, attribute]) => ({ anyOf: namesOf(name, attribute).map((each) => ({ required: [each] })) })),
    }),
  }
}

const namesOf = (name: string, { alias = [] }: AttributeDefinition) => [name, ...alias]

function schemaOf({ type = 'str', values, default: fallback = null, info }: AttributeDefinition): Record<string, unknown> {
  return {
    ...SCHEMA_OF[type],
    ...(values && { enum: values }),
    ...(fallback !== null && { default: fallback }),
    ...(info !== undefined && { description: info }),
  }
}
