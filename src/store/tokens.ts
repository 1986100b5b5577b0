import { hash, randomBytes, randomInt } from 'node:crypto'
import type { Database } from 'better-sqlite3'

/** What a token lets its bearer do; each includes those before it. */
export const roles = ['read', 'submit', 'admin'] as const
export type TokenRole = (typeof roles)[number]

/** What is kept of a token, which is not the token. Times are ms since 1970. */
export interface Token {
  /** Eight digits. */
  readonly id: number
  readonly name: string
  readonly role: TokenRole
  readonly createdAt: number
  /** undefined: never */
  readonly expiresAt: number | undefined
  /** See `hashOf`. */
  readonly hash: string
}

/** What happens to tokens, as it is written. */
export type TokenChange = { readonly type: 'token.made'; readonly token: Token } | { readonly type: 'token.revoked'; readonly id: number }

const secretBytes = 32
/** s for which a token may be good. */
export const longestSeconds = 100 * 365 * 86_400
const ids = { from: 10_000_000, below: 100_000_000 }

/**
 * Makes a token.
 * @param expiresIn s from now; undefined: never.
 * @returns the secret, which nobody can tell again, and what is kept of it.
 */
export function mint(name: string, role: TokenRole, expiresIn: number | undefined): { secret: string; token: Token } {
  const secret = `taylord_${randomBytes(secretBytes).toString('base64url')}`
  const createdAt = Date.now()
  const expiresAt = expiresIn === undefined ? undefined : createdAt + Math.round(expiresIn * 1000)
  return { secret, token: { id: randomInt(ids.from, ids.below), name, role, createdAt, expiresAt, hash: hashOf(secret) } }
}

/** What a token is recognised by: it has 256 random bits, so a hash that is slow to guess would be slow and nothing else. */
export const hashOf = (secret: string) => hash('sha256', secret)

/** Writing statements on table `token`; each runs inside a transaction. */
export function writeTokens(db: Database) {
  const insert = db.prepare('INSERT INTO token (id, name, role, created_at, expires_at, hash) VALUES (?, ?, ?, ?, ?, ?)')
  const remove = db.prepare('DELETE FROM token WHERE id = ?')
  return (change: TokenChange) => {
    if (change.type === 'token.revoked') return void remove.run(change.id)
    const { id, name, role, createdAt, expiresAt, hash } = change.token
    insert.run(id, name, role, createdAt, expiresAt ?? null, hash)
  }
}

type Row = Omit<Token, 'expiresAt'> & { expiresAt: number | null }

/** Reading statements on table `token`. */
export function readTokens(db: Database) {
  const all = db.prepare<[], Row>(
    'SELECT id, name, role, created_at AS createdAt, expires_at AS expiresAt, hash FROM token ORDER BY created_at, id',
  )
  return { tokens: (): Token[] => all.all().map((row) => ({ ...row, expiresAt: row.expiresAt ?? undefined })) }
}
