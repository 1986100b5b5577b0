import { invalid, type Refusal } from '../boss/errors.js'
import { compileKind } from '../footprint/compile.js'
import { BadDefinition, type AttributeDefinition } from '../footprint/definition.js'
import { compileKinds, type Kinds } from '../footprint/kinds.js'
import type { PolicyDocument } from './choose.js'
import { ARRIVAL } from './leaf.js'
import { Pending } from './pending.js'
import type { Scheduler } from './scheduler.js'

/** A user's policy as its author declares it, without the function: plain data. */
export interface PolicyDefinition {
  /** Name by which a Boss chooses it: `"scheduler": {"scheduler": "shortest-name", …}`. */
  readonly scheduler: string
  /**
   * What may stand beside the name, as attributes of a footprint. Two that taylorism knows mean here what they mean there:
   * `max_threads` (workers at once at most) and `binded` (each on CPUs of its own).
   */
  readonly settings?: Readonly<Record<string, AttributeDefinition>>
}

/** A policy that a plugin declares, and where its function is. */
export interface PluginPolicy extends PolicyDefinition {
  /** URL of the module that a policy process imports. */
  readonly module: string
  /** Name of the file in the plugin directory. */
  readonly file: string
}

const SCHEDULER_NAME = /^[A-Za-z_][\w.-]{0,63}$/

/**
 * Checks a definition, which may come from a user's file and be anything.
 * @param label what to call it in errors while its name is not known.
 * @throws {BadDefinition} naming it.
 */
export function compilePolicy(given: Readonly<Record<string, unknown>>, label: string): PolicyDefinition {
  const { scheduler, settings = {} } = given
  if (typeof scheduler !== 'string' || !SCHEDULER_NAME.test(scheduler))
    throw new BadDefinition(label, `"scheduler" must be a name (${SCHEDULER_NAME.source}), not ${JSON.stringify(scheduler)}`)
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings))
    throw new BadDefinition(scheduler, '"settings" must be an object of attributes, such as { most: { type: \'int\' } }')
  if (Object.hasOwn(settings, 'scheduler'))
    throw new BadDefinition(scheduler, 'no setting can be called "scheduler", which names the policy')
  const definition = { scheduler, settings: settings as Readonly<Record<string, AttributeDefinition>> }
  compileKind(asKind(definition), label)
  return definition
}

/** Settings are resolved as the attributes of a kind are; the name is the attribute that it must have. */
const asKind = ({ scheduler, settings }: PolicyDefinition) => ({
  worker: scheduler,
  footprint: { attr: { scheduler: { values: [scheduler] }, ...settings } },
})

/**
 * Makes users' policies ready to be chosen by name.
 * @returns makes a policy of what a Boss asks for, which has a member `scheduler`. It is chosen again by the `settings` that it made.
 * @throws {Refusal} invalid (what it returns does): no such policy, a setting that it does not know, is missing or does not fit.
 */
export function customPolicies(policies: readonly PluginPolicy[]): (given: Readonly<Record<string, unknown>>) => Scheduler {
  const byName = new Map(policies.map((policy) => [policy.scheduler, { policy, kinds: compileKinds([asKind(policy)]) }]))
  return (given) => {
    const name = given['scheduler']
    const found = typeof name === 'string' ? byName.get(name) : undefined
    if (found) return schedulerOf(found.policy, resolve(found.policy, found.kinds, given))
    const names = [...byName.keys()].map((known) => JSON.stringify(known)).join(', ')
    throw invalid(`no plugin defines a scheduler ${JSON.stringify(name)}; ${names === '' ? 'none defines any' : `there is ${names}`}`, {
      scheduler: given,
    })
  }
}

/** Users' policies as `GET /v1/schedulers` shows them, beside those of the program. */
export const describeCustom = (policies: readonly PluginPolicy[]): PolicyDocument[] =>
  policies.map(({ scheduler, settings = {}, file }) => ({
    scheduler,
    file,
    info: `what the plugin ${file} says`,
    example: { scheduler },
    settings: {
      scheduler: { type: 'str', values: [scheduler], info: 'names the policy' },
      ...Object.fromEntries(
        Object.entries(settings).map(([name, { type = 'str', info = '', ...rest }]) => [name, { type, ...rest, info }]),
      ),
    },
  }))

function resolve({ scheduler, settings = {} }: PolicyDefinition, kinds: Kinds, given: Readonly<Record<string, unknown>>) {
  const refusal = (what: string): Refusal => {
    const known = Object.keys(settings).join(', ')
    return invalid(`the scheduler "${scheduler}" ${what}; ${known === '' ? 'it has no settings' : `its settings are ${known}`}`, {
      scheduler: given,
    })
  }
  const names = Object.entries(settings).flatMap(([name, { alias = [] }]) => [name, ...alias])
  const unknown = Object.keys(given).filter((name) => name !== 'scheduler' && !names.includes(name))
  if (unknown.length > 0) throw refusal(`knows no ${unknown.map((name) => JSON.stringify(name)).join(', ')}`)
  const resolution = kinds.resolve(given)
  if (resolution.found === 'one') return resolution.attributes
  const token = resolution.found === 'token' && resolution.badToken
  const reasons = resolution.found === 'none' ? (resolution.reasons[scheduler] ?? {}) : token ? { [token.attribute]: token.reason } : {}
  const why = Object.entries(reasons).map(([name, reason]) => `"${name}": ${reason}`)
  throw refusal(`does not take these settings: ${why.join(', ')}`)
}

function schedulerOf({ scheduler, module }: PluginPolicy, settings: Readonly<Record<string, unknown>>): Scheduler {
  const most = settings['max_threads'] ?? undefined
  if (most !== undefined && !(typeof most === 'number' && Number.isSafeInteger(most) && most >= 1))
    throw invalid('"max_threads" must be a whole number from 1 on', { scheduler: settings })
  return {
    ...inert(settings),
    maxWorkers: most,
    binded: settings['binded'] === true,
    policy: { name: scheduler, module },
  }
}

/**
 * Starts nothing by itself. What a user's policy lets start the workshop learns from the policy's process; and this is all that is left
 * of a policy whose plugin is gone.
 */
export const inert = (settings: Readonly<Record<string, unknown>>): Scheduler => ({
  settings,
  maxWorkers: undefined,
  perTaskMiB: 0,
  binded: false,
  queue: () => new Pending(ARRIVAL),
  launchable: () => [],
  followers: () => [],
  neverFits: () => undefined,
})
