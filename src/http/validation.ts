import type { FastifySchemaCompiler } from 'fastify'
import { Type, type TObject } from 'typebox'
import { Compile } from 'typebox/compile'
import type { TLocalizedValidationError } from 'typebox/error'
import { bossName } from '../boss/boss-document.js'
import { invalid } from '../boss/errors.js'
import { arrayName } from './schemas.js'

const placeOf: Readonly<Record<string, string>> = { body: 'the body', querystring: 'the query', params: 'the path' }

/**
 * Compiles the schema of a body, a query or a path. Bodies are taken as they are; in a query and a path, which are text,
 * whole numbers and true/false become what their schema asks for. A body that is optional and absent is `{}`.
 * What does not fit is refused as `invalid`, unknown fields included, saying which field and what there is.
 */
export const validatorCompiler: FastifySchemaCompiler<TObject> = ({ schema, httpPart = 'body' }) => {
  // all of them are text
  if (httpPart === 'headers') return () => true
  // on the first request: a start need not wait for the schemas of all routes
  let compiled: ReturnType<typeof Compile<TObject>> | undefined
  const place = placeOf[httpPart] ?? httpPart
  const coerce = httpPart === 'body' ? undefined : coercionOf(schema)
  return (given: unknown) => {
    // fastify hands on an absent body as null
    const value = coerce ? coerce(given as Fields) : given === null && Type.IsOptional(schema) ? {} : given
    if (value === null) return { error: invalid(`${place} is missing; send a JSON object`) }
    compiled ??= Compile(schema)
    return compiled.Check(value) ? { value } : { error: refusal(compiled.Errors(value), schema, place) }
  }
}

type Fields = Record<string, unknown>

/** What makes whole numbers and true/false of those texts that shall be; the others stay as they are. */
function coercionOf(schema: TObject): (given: Fields) => Fields {
  const typed = Object.entries(schema.properties).flatMap(([name, property]) =>
    'type' in property && (property.type === 'integer' || property.type === 'boolean') ? [[name, property.type] as const] : [],
  )
  return (given) => {
    for (const [name, type] of typed) if (name in given) given[name] = coercedValue(given[name], type)
    return given
  }
}

function coercedValue(value: unknown, type: 'integer' | 'boolean'): unknown {
  if (type === 'integer' && typeof value === 'string' && /^-?\d{1,16}$/.test(value)) return Number(value)
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true'
  return value
}

function refusal(errors: readonly TLocalizedValidationError[], schema: TObject, place: string) {
  // an unknown field also brings a nameless "schema is false"
  const error = errors.find(({ keyword }) => keyword !== 'boolean')
  if (!error) return invalid(`${place} does not fit its schema`)
  const { instancePath, keyword } = error
  if (keyword === 'additionalProperties' && instancePath === '') {
    const unknown = error.params.additionalProperties
    const there = Object.keys(schema.properties)
    return invalid(`${place} has no field ${unknown.join(', ')}; there is ${there.join(', ') || 'none'}`, { unknown, available: there })
  }
  const field = instancePath.slice(1).replaceAll('/', '.')
  const what = field ? `${field} in ${place}` : place
  if (keyword === 'additionalProperties') {
    const [unknown = ''] = error.params.additionalProperties
    const [pattern = ''] = Object.keys((schema.properties[field] as { patternProperties?: object } | undefined)?.patternProperties ?? {})
    return invalid(`${what} has no field ${unknown}${names[pattern] ? `; a name there ${names[pattern]}` : ''}`, {
      field,
      unknown: [unknown],
    })
  }
  const allowed = keyword === 'enum' ? error.params.allowedValues : undefined
  return invalid(`${what} ${allowed ? `must be one of ${allowed.join(', ')}` : sentenceOf(error)}`, {
    ...(field && { field }),
    ...(allowed && { allowed }),
  })
}

/** What a name must be. */
const names: Readonly<Record<string, string>> = {
  [bossName]: 'must begin with a letter or _; letters, digits and _ . - may follow, at most 128 characters',
  [arrayName]: 'must begin with a letter; letters, digits and _ may follow, at most 64 characters',
}

/** What it must be, in words. */
function sentenceOf({ keyword, params, message }: TLocalizedValidationError): string {
  // null stands for a field that is left out
  if (keyword === 'type')
    return message
      .replace(/either (\w+) or null/, '$1')
      .replace(/must be (?=[aeiou])/, 'must be an ')
      .replace(/must be (?!an )/, 'must be a ')
  return (keyword === 'pattern' && names[String(params.pattern)]) || message
}
