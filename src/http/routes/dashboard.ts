import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { Refusal } from '../../boss/errors.js'
import { takesGzip } from '../gzip.js'
import { problems } from '../schemas.js'

/** Made by the build: `index.html`, and in `assets` what it loads, each also packed, as `NAME.gz`. */
const made = new URL('../../dashboard/', import.meta.url)
/** Nothing but its own files, and calls of its own daemon. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
const typeOf: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' }

const text = { schema: Type.Unsafe<Buffer>({ type: 'string' }) }
const cached = (value: string) => ({ 'Cache-Control': { type: 'string', const: value, 'x-always': true } })
const [always, never] = ['public, max-age=31536000, immutable', 'no-cache']
const ofPage = {
  'Content-Security-Policy': { type: 'string', const: policy, 'x-always': true },
  ETag: { type: 'string', description: 'of this build', 'x-always': true },
  ...cached(never),
}

/** The page on which people look and act. It is read when it is asked for, and asks the other routes by itself. */
export const dashboard: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      schema: {
        operationId: 'getDashboard',
        tags: ['operations'],
        summary: 'Look at the dashboard',
        description: 'The page and its files need no token; what it shows does, and it asks for one.',
        response: {
          200: {
            description: 'HTML',
            headers: ofPage,
            content: { 'text/html': text },
          },
          304: { ...Type.Null({ description: 'it is the one of `If-None-Match`' }), headers: ofPage },
          308: {
            ...Type.Null({ description: 'what it loads lies beside it, so its address ends with a slash' }),
            headers: { Location: { type: 'string', 'x-always': true } },
          },
          ...problems(),
        },
      },
    },
    async (request, reply) => {
      const [path = ''] = request.originalUrl.split('?')
      if (!path.endsWith('/')) return reply.redirect('/', 308)
      const html = await readFile(new URL('index.html', made))
      const tag = `"${createHash('sha256').update(html).digest('base64url')}"`
      // also with 304: a browser takes the policy of the newest answer
      reply.headers({ 'cache-control': never, etag: tag, 'content-security-policy': policy })
      if (request.headers['if-none-match']?.includes(tag)) return reply.code(304).send(undefined as unknown as null) // null would be sent as JSON
      return reply.type('text/html; charset=utf-8').send(html)
    },
  )

  app.get(
    '/assets/:file',
    {
      schema: {
        operationId: 'getDashboardFile',
        tags: ['operations'],
        summary: 'Load a file of the dashboard',
        description: 'Its name changes with what is in it.',
        params: Type.Object({ file: Type.String() }),
        response: {
          200: {
            description: 'the file',
            headers: cached(always),
            content: Object.fromEntries(Object.values(typeOf).map((type) => [type, text])),
          },
          ...problems('not-found'),
        },
      },
    },
    async ({ params: { file }, headers }, reply) => {
      const [, ending = ''] = /^[\w-]+\.(\w+)$/.exec(file) ?? []
      const type = typeOf[ending]
      const packed = takesGzip(headers['accept-encoding'])
      const bytes = type && (await readFile(new URL(`assets/${file}${packed ? '.gz' : ''}`, made)).catch(() => undefined))
      if (!bytes) throw new Refusal('not-found', `the dashboard has no file "${file}"; GET / names those it has`, { asked: file })
      if (packed) reply.header('content-encoding', 'gzip')
      return reply.type(`${type}; charset=utf-8`).headers({ 'cache-control': always, vary: 'accept-encoding' }).send(bytes)
    },
  )
}
