import { invalid, type Refusal } from '../boss/errors.js'
import type { AttributeDefinition } from '../footprint/definition.js'
import { namesOf, type PolicyAttributes, type Reasons, type Taken, takeAttributes } from './attributes.js'
import { maxThreads } from './max-threads.js'
import { half, type Machine, policies, type Policy } from './policies.js'
import type { Scheduler } from './scheduler.js'

export type { Machine } from './policies.js'

const names = new Set(policies.flatMap(({ attributes }) => namesOf(attributes)))
const limits = [...new Set(policies.flatMap(({ attributes }) => attributes['limit']?.values ?? []))]
const thereIs = `there is ${policies.map(({ name, example }) => `${name} by ${JSON.stringify(example)}`).join(', ')}; GET /v1/schedulers tells more`

/**
 * Finds the policy that a Boss asks for, by taylorism's resolution: among those that accept the attributes, the one that takes most of
 * them. What the others know is left aside. Where taylorism takes a default in silence for what matches nothing, any of
 * two that tie, or starts nothing for ever, this refuses (BEHAVIOUR section 9, items 10 and 18).
 * @param asked attributes; null counts as not given. undefined: threads on half of the CPUs. A policy's `settings` make that policy again.
 * @throws {Refusal} invalid.
 */
export function chooseScheduler(asked: Readonly<Record<string, unknown>> | undefined, machine: Machine): Scheduler {
  if (asked === undefined) return maxThreads(half(machine), false)
  const unknown = Object.keys(asked).filter((name) => !names.has(name) && !(name === 'scheduler' && asked[name] === null))
  if (unknown.length > 0) throw refusal(`no scheduler knows ${unknown.map((name) => JSON.stringify(name)).join(', ')}`, asked)
  const candidates: { policy: Policy; taken: Taken; inputs: number }[] = []
  const reasons: Record<string, Reasons> = {}
  for (const policy of policies) {
    const answer = takeAttributes(policy.attributes, asked)
    if ('reasons' in answer) reasons[policy.name] = answer.reasons
    else candidates.push({ policy, taken: answer.taken, inputs: Object.keys(answer.taken.given).length })
  }
  const most = Math.max(...candidates.map(({ inputs }) => inputs))
  const [best, ...equal] = candidates.filter(({ inputs }) => inputs === most)
  if (!best) throw refusal(`no scheduler is chosen by ${JSON.stringify(asked)} (${nearest(asked, reasons)})`, asked, { reasons })
  if (equal.length > 0) {
    const tie = [best, ...equal].map(({ policy }) => policy.name)
    throw refusal(`${tie.join(' and ')} are equally chosen by ${JSON.stringify(asked)}; leave one of them out`, asked, { tie })
  }
  return best.policy.make(best.taken, machine)
}

const refusal = (what: string, scheduler: unknown, facts: Record<string, unknown> = {}): Refusal =>
  invalid(`${what}; ${thereIs}`, { scheduler, ...facts })

/** A limit that there is not, else the policy that came closest and what keeps it from being chosen. */
function nearest({ limit }: Readonly<Record<string, unknown>>, reasons: Readonly<Record<string, Reasons>>): string {
  if (limit !== undefined && limit !== null && !limits.some((known) => known === limit))
    return `"limit" must be one of ${limits.join(', ')}, not ${JSON.stringify(limit)}`
  // one whose limit was named is nearer than one that lacks less
  const distance = (of: Reasons) => ('limit' in of || 'nosort' in of ? 100 : 0) + Object.keys(of).length
  const [first] = Object.entries(reasons).sort(([, a], [, b]) => distance(a) - distance(b))
  const [name, missing] = first ?? ['', {}]
  const wrong = Object.entries(missing).map(([attribute, reason]) => `${attribute}: ${reason}`)
  return `${name} has ${wrong.join(', ')}`
}

/** A policy as `GET /v1/schedulers` shows it. */
export interface PolicyDocument {
  readonly scheduler: string
  /** Plugin file; absent for the policies of the program. */
  readonly file?: string
  readonly info: string
  readonly example: Readonly<Record<string, unknown>>
  readonly settings: PolicyAttributes | Readonly<Record<string, AttributeDefinition>>
}

/** Which policies there are, how each is chosen and what can be set, with the defaults that this machine gives. */
export const describePolicies = (machine: Machine): PolicyDocument[] =>
  policies.map(({ name, info, example, attributes }) => ({ scheduler: name, info, example, settings: withMachine(attributes, machine) }))

function withMachine(attributes: PolicyAttributes, { memoryMiB }: Machine): PolicyAttributes {
  const { max_memory, memory_max_percentage } = attributes
  if (!max_memory || !memory_max_percentage) return attributes
  return { ...attributes, max_memory: { ...max_memory, default: Number(memory_max_percentage.default) * memoryMiB } }
}
