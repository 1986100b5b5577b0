import { readFileSync } from 'node:fs'
import { Refusal } from '../../src/boss/errors.js'
import { resolveRow } from '../../src/boss/instruction.js'
import { compileKinds, type Kinds } from '../../src/footprint/kinds.js'

type Attr = Record<string, Record<string, unknown>>
/** A class as the vectors write it. */
export interface VectorClass {
  readonly name: string
  readonly parent?: string
  readonly abstract?: boolean
  readonly priority?: string
  readonly attr: Attr
  readonly only?: Record<string, unknown>
}
export interface VectorFamily {
  readonly tag: string
  readonly classes: readonly VectorClass[]
}

/** Reads a file of `test/vectors`. */
export const vectorsIn = <Vectors>(file: string): Vectors =>
  JSON.parse(readFileSync(new URL(`../vectors/${file}`, import.meta.url), 'utf8')) as Vectors

/** Definitions of a family: inheritance is flattened as footprints does it, field by field; abstract classes are gone then. */
export function definitionsOf({ classes }: VectorFamily) {
  const whole = new Map<string, VectorClass>()
  for (const each of classes) {
    const parent = whole.get(each.parent ?? '')
    const names = new Set([...Object.keys(parent?.attr ?? {}), ...Object.keys(each.attr)])
    const attr = Object.fromEntries([...names].map((name) => [name, { ...parent?.attr[name], ...each.attr[name] }]))
    whole.set(each.name, { ...parent, ...each, attr })
  }
  const concrete = [...whole.values()].filter(({ abstract }) => !abstract)
  return concrete.map(({ name, attr, priority, only }) => ({
    worker: name,
    footprint: { attr, ...(priority && { priority }), ...(only && { only }) },
  }))
}

export const kindsOf = (family: VectorFamily): Kinds => compileKinds(definitionsOf(family))

/** What becomes of an instruction: the kind and all attributes, or the refusal. */
export function outcomeOf(kinds: Kinds, instruction: Record<string, unknown>) {
  try {
    const { kind, attributes } = resolveRow(kinds, instruction, 1)
    return { kind, attributes }
  } catch (error) {
    if (error instanceof Refusal) return { code: error.code, facts: error.facts }
    throw error
  }
}
