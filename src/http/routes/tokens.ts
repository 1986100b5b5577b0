import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { bossName } from '../../boss/boss-document.js'
import { longestSeconds, roles, type Token } from '../../store/tokens.js'
import { Caller, NewToken, TokenList } from '../doors/documents.js'
import type { Keyring } from '../doors/keyring.js'
import { answer, header, problems, ref } from '../schemas.js'

const Asked = Type.Object(
  {
    name: Type.String({ pattern: bossName, description: 'for people; unique' }),
    role: Type.Enum([...roles], {
      description: 'read: look at everything; submit: also Bosses, instructions, arrays; admin: also tokens, prune, drain',
    }),
    expires_in: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, maximum: longestSeconds, description: 's from now; without it the token does not expire' }),
    ),
  },
  { additionalProperties: false, examples: [{ name: 'ci', role: 'submit', expires_in: 2_592_000 }] },
)

/** Who may come in. */
export const tokens: FastifyPluginAsyncTypebox<{ keyring: Keyring }> = async (app, { keyring }) => {
  app.post(
    '/v1/tokens',
    {
      schema: {
        operationId: 'createToken',
        tags: ['operations'],
        summary: 'Make a token',
        description:
          '`token` is told this once and kept nowhere. As soon as there is a token, every call but `/livez` and `/readyz` needs one, as `Authorization: Bearer TOKEN`.',
        body: Asked,
        response: {
          201: answer(NewToken, 'the token', header.location),
          ...problems('bad-json', 'name-taken', 'unsupported-type', 'invalid', 'store-refuses'),
        },
      },
    },
    async ({ body: { name, role, expires_in: expiresIn } }, reply) => {
      const { secret, token } = await keyring.make(name, role, expiresIn)
      reply.code(201).header('location', `/v1/tokens/${token.id}`)
      return { ...documentOf(token), token: secret }
    },
  )

  app.get(
    '/v1/tokens',
    {
      schema: {
        operationId: 'listTokens',
        tags: ['operations'],
        summary: 'List tokens, expired ones included; what they are is not told',
        response: { 200: ref(TokenList, 'tokens, the oldest first'), ...problems() },
      },
    },
    async () => ({ items: keyring.tokens.map(documentOf) }),
  )

  app.get(
    '/v1/whoami',
    {
      schema: {
        operationId: 'whoAmI',
        tags: ['operations'],
        summary: 'Ask what your token may do',
        description: 'Where no token is asked for, everybody is an admin.',
        response: { 200: ref(Caller, 'the role, and whose it is'), ...problems() },
      },
    },
    async ({ token }) => (token ? { role: token.role, name: token.name } : { role: 'admin' as const }),
  )

  app.delete(
    '/v1/tokens/:token',
    {
      schema: {
        operationId: 'revokeToken',
        tags: ['operations'],
        summary: 'Revoke a token',
        description: 'From now on it lets nobody in; what its bearer has open is cut off, sockets with 1008.',
        params: Type.Object({ token: Type.String({ description: 'id or name' }) }),
        response: { 204: Type.Null({ description: 'revoked' }), ...problems('not-found', 'store-refuses') },
      },
    },
    async ({ params }, reply) => {
      await keyring.revoke(params.token)
      reply.code(204)
      return null
    },
  )
}

const documentOf = ({ id, name, role, createdAt, expiresAt }: Token) => ({
  id,
  name,
  role,
  created_at: timeText(createdAt),
  ...(expiresAt !== undefined && { expires_at: timeText(expiresAt) }),
})
const timeText = (ms: number) => new Date(ms).toISOString()
