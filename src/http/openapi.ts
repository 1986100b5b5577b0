import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { Type } from 'typebox'
import { problemExamples } from './problem-schema.js'

/** How the contract is written from the schemas of the routes. */
export const openapi: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'taylord',
      version: '1',
      description:
        'Instructions go to a Boss, its scheduler starts workers within limits, reports come back. `{boss}` is an id or a name (the unfinished ' +
        'Boss of that name, else the newest). Memory is in MiB, durations in seconds, times are RFC 3339 UTC. Refusals are problems (RFC 9457) with a stable `code`. ' +
        'New members may come to any answer; leave aside what you do not know. A method that a path does not take is refused with 405 `method-not-allowed` and `Allow`, ' +
        'a path that there is not with 404 `not-found`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{}],
    servers: [{ url: 'http://127.0.0.1:8080', description: 'where it listens unless told otherwise' }],
    tags: [
      { name: 'bosses', description: 'Who takes instructions' },
      { name: 'instructions', description: 'What is to be done' },
      { name: 'signals', description: 'What a Boss is told' },
      { name: 'reports', description: 'What came of it' },
      { name: 'arrays', description: 'What the workers of a Boss share in memory' },
      { name: 'house', description: 'Workers, kinds, schedulers and the machine' },
      { name: 'operations', description: 'Probes and this contract' },
    ],
  },
  // swagger says that every body is required, and knows of no header that always comes
  transform: ({ schema, url }) => ({
    url,
    schema: schema?.body && Type.IsOptional(schema.body as object) ? { ...schema, [optionalBody]: true } : schema,
  }),
  transformObject: (document) => ('openapiObject' in document ? tidied(document.openapiObject as Node) : document.swaggerObject),
  refResolver: { buildLocalReference: ({ $id }, _base, _fragment, i) => (typeof $id === 'string' ? $id : `def-${i}`) },
}

const optionalBody = 'x-optional-body'
type Node = Record<string, unknown>
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null

/**
 * The document as generators of clients like it: each schema that has a name in Pascal case as its `title`, and each response that is one
 * problem, stands once, among the components; what is one of some texts says that it is a text.
 */
function tidied(document: Node): Node {
  const schemas: Node = {}
  const responses: Node = {}
  const told = new Set<string>()
  const named = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(named)
    if (!isNode(value)) return value
    const { title, description } = value
    const copy = Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, key === 'examples' || key === 'example' ? member : named(member)]),
    )
    if (Array.isArray(value['type'])) {
      copy['anyOf'] = value['type'].map((type: unknown) => ({ type }))
      delete copy['type']
    }
    if (Array.isArray(value['enum']) && value['type'] === undefined && value['enum'].every((one) => typeof one === 'string'))
      copy['type'] = 'string'
    if (typeof title !== 'string' || !/^[A-Z]\w+$/.test(title)) return copy
    const { title: _, ...schema } = copy
    const known = schemas[title] as Node | undefined
    schemas[title] ??= schema
    const reference = { $ref: `#/components/schemas/${title}` }
    return known && known['description'] !== description ? { ...reference, description } : reference
  }
  const paths = named(document['paths']) as Record<string, Record<string, Node>>
  const components = document['components'] as Node
  Object.assign(schemas, { ...(named(components['schemas']) as Node), ...schemas })
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path))) {
    const { [optionalBody]: isOptional, requestBody } = operation
    delete operation[optionalBody]
    if (isOptional === true && isNode(requestBody)) requestBody['required'] = false
    const answers = operation['responses'] as Record<string, Node>
    for (const [status, answer] of Object.entries(answers)) {
      for (const header of Object.values((answer['headers'] ?? {}) as Record<string, Node>)) alwaysThere(header)
      const codes = Object.keys(
        ((answer['content'] as Record<string, Node> | undefined)?.['application/problem+json']?.['examples'] ?? {}) as Node,
      )
      for (const code of codes) told.add(code)
      if (codes.length !== 1) continue
      const [code = ''] = codes
      responses[code] = answer
      answers[status] = { $ref: `#/components/responses/${code}` }
    }
  }
  return { ...document, components: { schemas, responses, examples: problemExamples(told) }, paths }
}

function alwaysThere(header: Node): void {
  const schema = header['schema'] as Node
  if (schema['x-always'] !== true) return
  delete schema['x-always']
  header['required'] = true
}
