/** Types of the language; FPTuple and FPSet are lists in JSON, a set without repetitions and sorted; an array is named by text. */
export const TYPES = ['str', 'int', 'float', 'bool', 'FPList', 'FPTuple', 'FPSet', 'FPDict', 'array'] as const
export type AttributeType = (typeof TYPES)[number]

/** One attribute of a footprint, in taylorism's words. */
export interface AttributeDefinition {
  /** `str` when absent. */
  readonly type?: AttributeType
  /** What it may be, compared after coercion; anything when absent. */
  readonly values?: readonly unknown[]
  /** Mandatory unless true. */
  readonly optional?: boolean
  /** Value of an optional attribute that a row does not give; null or absent leaves it unset. */
  readonly default?: unknown
  /** Other names a row may use; the attribute's own name comes first, then these in order. */
  readonly alias?: readonly string[]
  /** For a person. */
  readonly info?: string
}

/** A kind of worker as its author declares it, without the task: plain data. */
export interface KindDefinition {
  /** Name of the kind, as reports show it: `[A-Za-z_][\w.-]{0,63}`. */
  readonly worker: string
  readonly footprint: { readonly attr: Readonly<Record<string, AttributeDefinition>> }
}

/** Row names that mean the same for every kind, which no footprint may therefore declare (DESIGN section 4, "Rows"). */
export const RESERVED: readonly string[] = [
  'name',
  'memory',
  'expected_time',
  'cores',
  'priority',
  'timeout',
  'expires',
  'grace',
  'retry',
  'at_most_once',
  'fresh',
  'scheduler_ticket',
  'scheduler_hooks',
]

/** A footprint that cannot be one; the message names the definition and says what is wrong with it. */
export class BadDefinition extends Error {
  /**
   * @param worker name of the definition, or where it stands when it has none.
   * @param what is wrong.
   */
  constructor(worker: string, what: string) {
    super(`${worker}: ${what}`)
    this.name = 'BadDefinition'
  }
}
