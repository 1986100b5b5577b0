import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { problems } from '../schemas.js'

const yaml = new URL('../../../openapi.yaml', import.meta.url)
/** Made of it by the build. */
const page = new URL('../../docs.html', import.meta.url)

/** The contract, for programs and for people. Both are read when they are asked for. */
export const contract: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/openapi.yaml',
    {
      schema: {
        operationId: 'getContract',
        tags: ['operations'],
        summary: 'Read this contract',
        response: {
          200: { description: 'OpenAPI 3.1', content: { 'application/yaml': { schema: Type.Unsafe<Buffer>({ type: 'object' }) } } },
          ...problems(),
        },
      },
    },
    async (_request, reply) => reply.type('application/yaml').send(await readFile(yaml)),
  )

  app.get(
    '/docs',
    {
      schema: {
        operationId: 'getDocs',
        tags: ['operations'],
        summary: 'Read this contract as a page',
        description: 'It needs no script and no other host.',
        response: {
          200: {
            description: 'HTML',
            headers: { 'Content-Security-Policy': { type: 'string', description: 'nothing but the style of the page', 'x-always': true } },
            content: { 'text/html': { schema: Type.Unsafe<string>({ type: 'string' }) } },
          },
          ...problems(),
        },
      },
    },
    async (_request, reply) => {
      const html = await readFile(page, 'utf8')
      const [, style = ''] = /<style>([^]*?)<\/style>/.exec(html) ?? []
      const hash = createHash('sha256').update(style).digest('base64')
      return reply
        .type('text/html; charset=utf-8')
        .header(
          'content-security-policy',
          `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
        )
        .send(html)
    },
  )
}
