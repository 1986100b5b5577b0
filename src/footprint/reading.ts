import type { CompiledAttribute, CompiledKind } from './compile.js'
import { Fault, FOLLOWS, MISSING, TokenFault } from './fault.js'
import { settle } from './settle.js'
import { expand, mayHoldToken, type Meaning } from './token.js'

export type Given = Readonly<Record<string, unknown>>

/**
 * The key under which a row gives an attribute: its own name, else its first alias that is there; undefined when the row does not. null
 * is nothing for an optional attribute; a mandatory one is given by it, wrongly.
 */
export function keyIn(row: Given, { name, alias, optional }: CompiledAttribute): string | undefined {
  if (gives(row, name, optional)) return name
  for (const other of alias) if (gives(row, other, optional)) return other
  return undefined
}

function gives(row: Given, key: string, optional: boolean): boolean {
  return Object.hasOwn(row, key) && row[key] !== undefined && !(optional && row[key] === null)
}

/** Whether what an attribute is given has to be read with the rest of the row. */
export const needsReading = ({ type }: CompiledAttribute, value: unknown): value is string => mayHoldToken(value) && type !== 'FPStr'

const OPEN = Symbol('being read')

/** A row as one kind reads it, tokens included: each attribute once, when it is asked for. */
export class Reading {
  private readonly read = new Map<CompiledAttribute, unknown>()
  private readonly extras = new Map<string, Meaning>()

  constructor(
    private readonly kind: CompiledKind,
    private readonly row: Given,
  ) {}

  /** @returns the attribute's final value, null when it is unset, or its Fault. */
  of(attribute: CompiledAttribute): unknown {
    if (this.read.has(attribute)) return this.read.get(attribute)
    this.read.set(attribute, OPEN)
    const value = this.settled(attribute)
    this.read.set(attribute, value)
    return value
  }

  private settled(attribute: CompiledAttribute): unknown {
    const key = keyIn(this.row, attribute)
    // the default of a mandatory attribute is for nothing, as in taylorism
    if (key === undefined && !attribute.optional) return MISSING
    if (key === undefined && attribute.settledDefault !== undefined) return attribute.settledDefault
    const value = key === undefined ? attribute.default : this.row[key]
    if (value === null) return MISSING
    if (!needsReading(attribute, value)) return settle(attribute, value)
    const expanded = expand(value, (name) => this.meaningOf(name))
    // a default of what is not set is not set: the kind can be hired all the same
    if (key === undefined && expanded instanceof TokenFault && expanded.isUnset) return null
    if (expanded instanceof Fault) return expanded
    if (expanded.later && (attribute.type !== 'str' || attribute.values)) {
      return new TokenFault(
        '[scheduler_ticket]',
        'Unknown token [scheduler_ticket]: a ticket is given at the start, so only free text may hold it',
      )
    }
    return settle(attribute, expanded.text)
  }

  private meaningOf(name: string): Meaning {
    const attribute = this.kind.byName.get(name)
    if (!attribute) return this.extra(name)
    const value = this.of(attribute)
    if (name === 'scheduler_ticket' && typeof value !== 'number') return 'later'
    if (value === OPEN) return 'circle'
    if (value instanceof Fault) return value instanceof TokenFault ? value : FOLLOWS
    return value === null ? 'unset' : { value, type: attribute.type }
  }

  /** A key of the row that is no attribute. taylorism drops those that begin with _. */
  private extra(name: string): Meaning {
    if (name.startsWith('_') || !Object.hasOwn(this.row, name) || this.row[name] === undefined) return 'unknown'
    const value = this.row[name]
    if (!mayHoldToken(value)) return { value }
    const known = this.extras.get(name)
    if (known) return known
    this.extras.set(name, 'circle')
    const expanded = expand(value, (other) => this.meaningOf(other))
    const meaning = expanded instanceof Fault ? expanded : { value: expanded.text }
    this.extras.set(name, meaning)
    return meaning
  }
}
