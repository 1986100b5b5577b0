import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { describeKey } from './idempotency.js'
import { describeTrace } from './trace.js'

/** How the contract is written from the schemas of the routes. */
export const openapi: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'taylord',
      version: '1',
      description:
        'Instructions go to a Boss, its scheduler starts workers within limits, reports come back. `{boss}` is an id or a name (the unfinished ' +
        'Boss of that name, else the newest). Memory is in MiB, durations in seconds, times are RFC 3339 UTC. Refusals are problems (RFC 9457) with a stable `code`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
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
  // swagger says that every body is required, but a signal may come without one
  transformObject: (document) => {
    if (!('openapiObject' in document)) return document.swaggerObject
    const operations = Object.values(document.openapiObject.paths ?? {}).flatMap((path) => path?.post ?? [])
    for (const operation of operations) {
      const { tags, requestBody } = operation
      if (tags?.includes('signals') && requestBody && 'required' in requestBody) requestBody.required = false
      describeKey(operation)
      describeTrace(operation)
    }
    return document.openapiObject
  },
  refResolver: { buildLocalReference: ({ $id }, _base, _fragment, i) => (typeof $id === 'string' ? $id : `def-${i}`) },
}
