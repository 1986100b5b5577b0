import { randomBytes, timingSafeEqual } from 'node:crypto'
import { invalid, Refusal, storeRefuses } from '../../boss/errors.js'
import { StoreRefuses } from '../../store/store.js'
import { hashOf, mint, type Token, type TokenChange, type TokenRole } from '../../store/tokens.js'

/** A timer of Node's cannot be set for longer. */
const longestMs = 2 ** 31 - 1
const mostTokens = 1_000

/** Those without a token, as long as none is asked for. */
export const nobody = {}
export type Holder = Token | typeof nobody

/** Who may come in: tokens in memory, as they are on disk. */
export class Keyring {
  private readonly byHash = new Map<string, Token>()
  /** What is cut off when a token ends. */
  private readonly held = new Map<Holder, Set<() => void>>()
  /** Names of tokens that are being written. */
  private readonly coming = new Set<string>()
  private operator: Token | undefined
  private timer: NodeJS.Timeout | undefined

  private keep: (change: TokenChange) => Promise<void> = () => Promise.reject(new Error('the tokens are not there yet'))

  /** @param always whether a token is asked for even if there is none; else only when there is one, expired ones included. */
  constructor(private readonly always: boolean) {}

  /** To be called before anybody comes. @param tokens that are on disk. @param keep makes a change durable. */
  open(tokens: readonly Token[], keep: (change: TokenChange) => Promise<void>): void {
    for (const token of tokens) this.byHash.set(token.hash, token)
    this.keep = keep
    this.watch()
  }

  /** Whether who comes has to show a token. */
  get isAsked(): boolean {
    return this.always || this.byHash.size > 0
  }

  /** All but the operator's, the oldest first. */
  get tokens(): readonly Token[] {
    return [...this.byHash.values()]
  }

  /** @returns the token that this secret is; undefined when there is none, or it has expired. */
  find(secret: string): Token | undefined {
    const hash = hashOf(secret)
    const token = this.byHash.get(hash) ?? this.operator
    if (!token || !timingSafeEqual(Buffer.from(token.hash), Buffer.from(hash))) return undefined
    return token.expiresAt !== undefined && token.expiresAt <= Date.now() ? undefined : token
  }

  /** @throws {Refusal} name-taken, invalid. @returns it, and its secret, which is told this once. */
  async make(name: string, role: TokenRole, expiresIn: number | undefined): Promise<{ secret: string; token: Token }> {
    if (this.byHash.size >= mostTokens) throw invalid(`there are ${mostTokens} tokens; revoke those that are not needed`)
    const taken = this.tokens.find((token) => token.name === name)
    if (taken) throw new Refusal('name-taken', `token ${taken.id} has the name "${name}"; revoke it, or take another name`, { name })
    if (this.coming.has(name))
      throw new Refusal('name-taken', `a token with the name "${name}" is just being made; take another name`, { name })
    const made = mint(name, role, expiresIn)
    this.coming.add(name)
    await this.write({ type: 'token.made', token: made.token }).finally(() => this.coming.delete(name))
    const first = !this.isAsked
    this.byHash.set(made.token.hash, made.token)
    if (first) this.cutOff(nobody)
    this.watch()
    return made
  }

  /** Ends a token, and what its bearer has open. @param which id or name. @throws {Refusal} not-found. */
  async revoke(which: string): Promise<void> {
    const token = this.tokens.find(({ id, name }) => String(id) === which || name === which)
    if (!token) throw new Refusal('not-found', `there is no token ${which}; GET /v1/tokens lists them`, { asked: which })
    await this.write({ type: 'token.revoked', id: token.id })
    this.byHash.delete(token.hash)
    this.cutOff(token)
  }

  /** A token for an admin that lives as long as this process. @returns its secret. */
  makeOperator(): string {
    const { secret, token } = mint(`operator-${randomBytes(4).toString('hex')}`, 'admin', undefined)
    this.operator = token
    return secret
  }

  /** Calls `cut` when the token ends; for nobody, when the first one is made. @returns what takes that back. */
  hold(token: Holder, cut: () => void): () => void {
    const held = this.held.get(token) ?? new Set()
    this.held.set(token, held.add(cut))
    return () => held.delete(cut)
  }

  close(): void {
    clearTimeout(this.timer)
  }

  private async write(change: TokenChange): Promise<void> {
    try {
      await this.keep(change)
    } catch (error) {
      throw error instanceof StoreRefuses ? storeRefuses(error.message) : error
    }
  }

  private cutOff(token: Holder): void {
    // a moment later: it may be the token with which it is revoked, and that has to be answered
    setImmediate(() => {
      for (const cut of this.held.get(token) ?? []) cut()
      this.held.delete(token)
    })
  }

  /** Waits for the next one to expire. */
  private watch(): void {
    clearTimeout(this.timer)
    const now = Date.now()
    const coming = this.tokens.flatMap(({ expiresAt = 0 }) => (expiresAt > now ? [expiresAt] : []))
    if (coming.length === 0) return
    this.timer = setTimeout(
      () => {
        for (const token of this.tokens) if (token.expiresAt !== undefined && token.expiresAt <= Date.now()) this.cutOff(token)
        this.watch()
      },
      Math.min(Math.min(...coming) - now, longestMs),
    ).unref()
  }
}
