import { Type } from 'typebox'
import type { RefusalCode } from '../../boss/errors.js'
import { roles, type TokenRole } from '../../store/tokens.js'
import { ref } from '../schemas.js'

const known = {
  id: Type.Integer(),
  name: Type.String(),
  role: Type.Enum([...roles]),
  created_at: Type.String({ format: 'date-time' }),
  expires_at: Type.Optional(Type.String({ format: 'date-time', description: 'absent: it does not expire' })),
}
const Token = Type.Object(known, { $id: 'Token', description: 'What is known of a token' })
export const TokenList = Type.Object({ items: Type.Array(ref(Token)) }, { $id: 'TokenList', description: 'Tokens, the oldest first' })
export const NewToken = Type.Object(
  { ...known, token: Type.String({ description: 'the secret, told this once' }) },
  { $id: 'NewToken', description: 'A token that was just made' },
)
export const Caller = Type.Object(
  { role: Type.Enum([...roles]), name: Type.Optional(Type.String({ description: 'of the token; absent where none is asked for' })) },
  { $id: 'Caller', description: 'Who asks, and what that role may' },
)
/** Named schemas of what is at the door. */
export const doorSchemas = [Token, TokenList, NewToken, Caller]

/** What the door refuses of a route. @param fromPages whether pages of other origins are refused. */
export function doorCodes(least: TokenRole, fromPages: boolean): RefusalCode[] {
  const codes: RefusalCode[] = ['unauthorized', 'bad-host', 'too-many-requests']
  if (least !== 'read') codes.push('forbidden')
  if (fromPages) codes.push('bad-origin')
  return codes
}
