import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Shelf } from '../../arrays/shelf.js'
import { Refusal } from '../../boss/errors.js'
import type { ArrayRow, Workshop } from '../../workshop/contract.js'
import { arriving, isArriving, isPacked } from '../body.js'
import { arrayName, problems, ref, SharedArrayDocument, SharedArrayList } from '../schemas.js'
import { assertArrayName, handedOver, refusing, standFor } from '../shelved.js'
import { bossParams } from './bosses.js'

const npy = 'application/octet-stream'
const params = Type.Object({ ...bossParams.properties, name: Type.String({ pattern: arrayName, description: 'of the array' }) })
const file = { [npy]: { schema: Type.Unsafe<Readable>({ type: 'string', format: 'binary' }) } }

/** What can be done with an array that was just put. */
const arrayLinks = Object.fromEntries(
  ['getArray', 'removeArray'].map((operationId) => [
    operationId,
    { operationId, parameters: { boss: '$request.path.boss', name: '$request.path.name' } },
  ]),
)

/** Shared arrays of a Boss, as .npy files: put, listed, read, removed. */
export const arrays: FastifyPluginAsyncTypebox<{ workshop: Workshop; shelf: Shelf; uploadIdleMs: number }> = async (
  app,
  { workshop, shelf, uploadIdleMs },
) => {
  // the stream itself is the body: an array goes to its place while it arrives
  // under whatever type it comes: curl -T names none, and the file says by itself what it is
  app.addContentTypeParser('*', ({ headers }, payload, done) => done(null, arriving(payload, headers, uploadIdleMs)))
  const documentOf = (array: ArrayRow) => {
    const { name, dtype, shape } = array
    return { name, dtype, shape: [...shape], path: shelf.pathOf(array) } as SharedArrayDocument
  }

  app.put(
    '/v1/bosses/:boss/arrays/:name',
    {
      links: { 201: arrayLinks },
      schema: {
        operationId: 'putArray',
        tags: ['arrays'],
        summary: 'Give a Boss a shared array, or another one under a name that it has',
        description:
          'The body is a .npy file of version 1.0 or 2.0, in C order and little-endian, of int8 to int64, uint8 to uint64, float32, float64 or ' +
          'bool. Its elements are written to /dev/shm while they come in. One that running work may have mapped is not replaced.',
        params,
        body: { content: { [npy]: { schema: Type.Unknown({ description: 'a .npy file' }) } } },
        response: {
          200: ref(SharedArrayDocument, 'it replaced another one'),
          201: ref(SharedArrayDocument, 'the Boss has it'),
          ...problems(
            'stalled',
            'not-found',
            'boss-not-listening',
            'array-in-use',
            'unsupported-type',
            'invalid',
            'draining',
            'not-ready',
            'store-refuses',
          ),
        },
      },
    },
    async ({ params: { boss, name }, body, headers }, reply) => {
      assertArrayName(name)
      if (!isArriving(body))
        throw new Refusal('unsupported-type', 'an array is a .npy file; send it as application/octet-stream, as in curl -T a.npy')
      const stand = standFor(shelf, await workshop.arrays.mayPut(boss, name))
      const length = isPacked(headers) ? undefined : headers['content-length']
      const shelved = await refusing(name, shelf.take(name, body, length === undefined ? undefined : Number(length), stand))
      const replaced = await handedOver(shelf, [shelved], workshop.arrays.put(boss, shelved))
      reply.code(replaced ? 200 : 201)
      return documentOf(shelved)
    },
  )

  app.get(
    '/v1/bosses/:boss/arrays',
    {
      schema: {
        operationId: 'listArrays',
        tags: ['arrays'],
        summary: 'List the shared arrays of a Boss',
        params: bossParams,
        response: { 200: ref(SharedArrayList, 'all of them, by name'), ...problems('not-found') },
      },
    },
    async ({ params: { boss } }) => {
      const all = await workshop.arrays.list(boss)
      return { items: all.map(documentOf).sort((a, b) => (a.name < b.name ? -1 : 1)) }
    },
  )

  app.get(
    '/v1/bosses/:boss/arrays/:name',
    {
      schema: {
        operationId: 'getArray',
        tags: ['arrays'],
        summary: 'Read a shared array as it is now',
        description: 'At any time, also while workers change it: then some of their changes are in it and some are not.',
        params,
        response: { 200: { description: 'a .npy file', content: file }, ...problems('not-found', 'invalid') },
      },
    },
    async ({ params: { boss, name } }, reply) => {
      const path = shelf.pathOf(await workshop.arrays.one(boss, name))
      const handle = await open(path).catch(() => undefined)
      if (!handle)
        throw new Refusal('not-found', `the elements of array "${name}" are gone, as after a restart of the machine; PUT it again`, {
          array: name,
        })
      const { size } = await handle.stat()
      return reply
        .type(npy)
        .header('content-length', size)
        .send(createReadStream(path, { fd: handle, end: size - 1 }))
    },
  )

  app.delete(
    '/v1/bosses/:boss/arrays/:name',
    {
      schema: {
        operationId: 'removeArray',
        tags: ['arrays'],
        summary: 'Remove a shared array before its Boss is removed',
        params,
        response: {
          204: Type.Null({ description: 'removed' }),
          ...problems('not-found', 'array-in-use', 'invalid', 'store-refuses'),
        },
      },
    },
    async ({ params: { boss, name } }, reply) => {
      await workshop.arrays.remove(boss, name)
      reply.code(204)
      return null
    },
  )
}
