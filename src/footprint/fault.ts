/** Why an attribute keeps its kind from being hired. */
export class Fault {
  /** @param reason in taylorism's words; empty for what only follows from another attribute's fault. */
  constructor(readonly reason: string) {}
}

/** A `[token]` that cannot be replaced. It says nothing about whether the kind would take the row otherwise. */
export class TokenFault extends Fault {
  /**
   * @param token as it is written.
   * @param isUnset when all that is wrong is that it names an optional attribute which is not set.
   */
  constructor(
    readonly token: string,
    reason: string,
    readonly isUnset = false,
  ) {
    super(reason)
  }
}

export const MISSING = new Fault('Missing value')
export const NOT_IN_VALUES = new Fault('Not in values')
export const OUTCAST = new Fault('Outcast value')
export const NO_RECLASS = new Fault('Could not reclass')
export const NO_MATCH = new Fault('Do not match')
export const NOT_FOUND = new Fault('Not found')
export const FOLLOWS = new Fault('')
