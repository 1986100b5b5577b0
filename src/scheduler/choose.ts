import { invalid, type Refusal } from '../boss/errors.js'
import { laxist } from './laxist.js'
import { longerFirst } from './longer-first.js'
import { maxThreads } from './max-threads.js'
import type { Scheduler } from './scheduler.js'

/** What policies without a given ceiling are measured against. */
export interface Machine {
  readonly cpus: number
  /** MiB of the machine, or of what the container may use. */
  readonly memoryMiB: number
}

type Given = ReadonlyMap<string, unknown>

const LAXIST = ['nosort', 'laxist', 'unsorted']
const THREADS = ['max_threads', 'maxpc', 'maxthreads']
const MEMORY = ['max_memory', 'memory_per_task', 'memory_max_percentage']
const THERE_IS =
  'there is {"nosort": true}, {"limit": "threads", "max_threads": N, "binded"?} and {"limit": "threads+memory", "max_threads": N, "max_memory"?, "memory_per_task"?, "memory_max_percentage"?, "binded"?}'

/**
 * Finds the policy that a Boss asks for by taylorism's attributes. Where taylorism takes a default in silence for what
 * matches nothing, or starts nothing for ever, this refuses (BEHAVIOUR section 9, item 10).
 * @param given attributes; null counts as not given. Without any: threads on half of the CPUs. A policy's `settings` make that policy again.
 * @throws {Refusal} invalid.
 */
export function chooseScheduler(given: Readonly<Record<string, unknown>> | undefined, machine: Machine): Scheduler {
  if (given === undefined) return maxThreads(half(machine), false)
  const attributes: Given = new Map(Object.entries(given).filter(([, value]) => value !== null && value !== undefined))
  const limit = attributes.get('limit')
  if (limit === 'memory' || limit === 'mem') throw refusal('the memory scheduler comes with a later version', given)
  if (attributes.get('singlefile') === true) throw refusal('the single-file scheduler comes with a later version', given)
  switch (limit) {
    case undefined:
      onlyKnows(attributes, LAXIST)
      if (LAXIST.some((name) => flag(attributes, name))) return laxist()
      throw refusal('the scheduler names no "limit"', given)
    case 'threads':
    case 'processes':
      onlyKnows(attributes, ['limit', 'singlefile', 'binded', ...THREADS])
      flag(attributes, 'singlefile')
      return maxThreads(threads(attributes, machine), flag(attributes, 'binded'))
    case 'threads+memory': {
      onlyKnows(attributes, ['limit', 'binded', ...THREADS, ...MEMORY])
      const percentage = amount(attributes, 'memory_max_percentage') ?? 0.75
      return longerFirst({
        maxThreads: threads(attributes, machine),
        ceilingMiB: amount(attributes, 'max_memory') ?? percentage * machine.memoryMiB,
        perTaskMiB: amount(attributes, 'memory_per_task') ?? 2048,
        percentage,
        binded: flag(attributes, 'binded'),
      })
    }
    default:
      throw refusal(`no scheduler has the limit ${JSON.stringify(limit)}`, given)
  }
}

const refusal = (what: string, scheduler: unknown): Refusal => invalid(`${what}; ${THERE_IS}`, { scheduler })

const half = ({ cpus }: Machine) => Math.max(1, Math.floor(cpus / 2))

function onlyKnows(attributes: Given, names: readonly string[]): void {
  const unknown = [...attributes.keys()].filter((name) => !names.includes(name))
  if (unknown.length > 0)
    throw refusal(`this scheduler knows no ${unknown.map((name) => JSON.stringify(name)).join(', ')}`, Object.fromEntries(attributes))
}

function threads(attributes: Given, machine: Machine): number {
  const names = THREADS.filter((name) => attributes.has(name))
  const [name = 'max_threads', other] = names
  if (other) throw refusal(`"${name}" and "${other}" say the same; give one of them`, Object.fromEntries(attributes))
  const value = attributes.get(name)
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw refusal(`"${name}" must be given as a whole number from 0 (half of the CPUs) on`, Object.fromEntries(attributes))
  }
  return value === 0 ? half(machine) : value
}

function amount(attributes: Given, name: string): number | undefined {
  const value = attributes.get(name)
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value
  throw refusal(`"${name}" must be a number from 0 on`, Object.fromEntries(attributes))
}

function flag(attributes: Given, name: string): boolean {
  const value = attributes.get(name) ?? false
  if (typeof value === 'boolean') return value
  throw refusal(`"${name}" must be true or false`, Object.fromEntries(attributes))
}
