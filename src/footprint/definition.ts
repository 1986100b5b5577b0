/**
 * Types of the language. FPTuple and FPSet are lists in JSON, a set without repetitions and sorted. FPStr is text that is taken as it
 * stands: no `[attr]` in it is replaced. An array is named by text.
 */
export const TYPES = ['str', 'FPStr', 'int', 'float', 'bool', 'FPList', 'FPTuple', 'FPSet', 'FPDict', 'array'] as const
export type AttributeType = (typeof TYPES)[number]

/** Who may change or delete an attribute later, in taylorism. Kept and shown; an instruction does not change once it is appended. */
export const ACCESS = ['rxx', 'rwx', 'rwd'] as const

/** From the weakest to the strongest: a kind of a stronger priority is hired however many attributes another one takes. */
export const PRIORITIES = ['none', 'default', 'toolbox', 'debug'] as const

/** One attribute of a footprint, in taylorism's words. */
export interface AttributeDefinition {
  /** `str` when absent. */
  readonly type?: AttributeType
  /** What it may be, compared after coercion; anything when absent. */
  readonly values?: readonly unknown[]
  /** What it must not be, compared after coercion. */
  readonly outcast?: readonly unknown[]
  /** Mandatory unless true. */
  readonly optional?: boolean
  /** Value of an optional attribute that a row does not give; null or absent leaves it unset. Treated like a given one. */
  readonly default?: unknown
  /** Other names a row may use; the attribute's own name comes first, then these in order. */
  readonly alias?: readonly string[]
  /**
   * What stands for what, before coercion and until nothing more is replaced: `{ from: to }`, or `[[from, to], …]` when `from` is no
   * text. `{ autoremap: 'first' }` makes the first of `values` of all of them.
   */
  readonly remap?: Readonly<Record<string, unknown>> | readonly (readonly unknown[])[]
  /** `rxx` when absent. */
  readonly access?: (typeof ACCESS)[number]
  /** For a person. */
  readonly info?: string
}

/** A kind of worker as its author declares it, without the task: plain data. */
export interface KindDefinition {
  /** Name of the kind, as reports show it: `[A-Za-z_][\w.-]{0,63}`. */
  readonly worker: string
  readonly footprint: Footprint
  /** What a footprint cannot say, of kinds of the program. */
  readonly objection?: Objection
}

/**
 * Looks at resolved attributes, and at the row that they are of, where it is there, for what coercion has hidden.
 * @returns the attribute that is wrong and what it must be; undefined when all is well.
 */
export type Objection = (
  attributes: Readonly<Record<string, unknown>>,
  row?: Readonly<Record<string, unknown>>,
) => { attribute: string; mustBe: string } | undefined

/** Which rows a kind takes. */
export interface Footprint {
  readonly attr: Readonly<Record<string, AttributeDefinition>>
  /** `default` when absent. */
  readonly priority?: (typeof PRIORITIES)[number]
  /**
   * Conditions on resolved attributes, all of which must hold: `attr` is this value, one of this list, or begins as a regular expression
   * says (a RegExp, or `{ $re: text }`); `after_attr` is at least, `before_attr` less than this value.
   */
  readonly only?: Readonly<Record<string, unknown>>
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
