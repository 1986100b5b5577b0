/** Codes of what a Boss, or the house around it, refuses. They are part of the API and stay. */
export type RefusalCode =
  | 'bad-json'
  | 'bad-request'
  | 'not-found'
  | 'method-not-allowed'
  | 'name-taken'
  | 'boss-not-listening'
  | 'boss-halted'
  | 'boss-not-over'
  | 'already-done'
  | 'array-in-use'
  | 'idempotency-in-progress'
  | 'stalled'
  | 'too-large'
  | 'headers-too-large'
  | 'unsupported-type'
  | 'upgrade-required'
  | 'uneven-columns'
  | 'no-adequate-worker'
  | 'ambiguous-worker'
  | 'unknown-attribute-token'
  | 'never-fits'
  | 'missing-array'
  | 'idempotency-conflict'
  | 'invalid'
  | 'draining'
  | 'not-ready'
  | 'store-refuses'

/**
 * A refusal the caller can act upon: the message says what was asked, what there is and what to do.
 * Any other Error is a bug of ours. HTTP knows the status of each code, the domain does not.
 */
export class Refusal extends Error {
  /**
   * @param code stable name of what happened.
   * @param message for a person.
   * @param facts machine-readable: what was asked, what is available.
   */
  constructor(
    readonly code: RefusalCode,
    message: string,
    readonly facts: Readonly<Record<string, unknown>> = {},
  ) {
    super(message)
    this.name = 'Refusal'
  }
}

/** A value that is not what its place takes. */
export const invalid = (message: string, facts?: Record<string, unknown>) => new Refusal('invalid', message, facts)

/** The refusal of what would have to be written. @param reason why the store takes nothing. */
export const storeRefuses = (reason: string) =>
  new Refusal(
    'store-refuses',
    `the store takes nothing now (${reason}); nothing of this request was kept. Make room on the disk and send it again`,
    { reason },
  )
