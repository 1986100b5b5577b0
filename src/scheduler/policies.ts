import { invalid } from '../boss/errors.js'
import type { PolicyAttribute, PolicyAttributes, Taken } from './attributes.js'
import { laxist } from './laxist.js'
import { longerFirst } from './longer-first.js'
import { maxMemory } from './max-memory.js'
import { maxThreads } from './max-threads.js'
import type { Scheduler } from './scheduler.js'
import { singleOpenFile } from './single-open-file.js'

/** What policies without a given limit are measured against. */
export interface Machine {
  readonly cpus: number
  /** MiB of the machine, or of what the container may use. */
  readonly memoryMiB: number
}

/** A policy that a Boss can ask for. */
export interface Policy {
  readonly name: string
  /** One sentence for a person. */
  readonly info: string
  /** A request that chooses it. */
  readonly example: Readonly<Record<string, unknown>>
  readonly attributes: PolicyAttributes
  /** @throws {Refusal} invalid: a setting that is out of range. */
  make(taken: Taken, machine: Machine): Scheduler
}

/** Half of the CPUs, at least one: taylorism's 0 threads, which on one CPU starts nothing there (BEHAVIOUR section 9, item 10). */
export const half = ({ cpus }: Machine) => Math.max(1, Math.trunc(cpus / 2))

const identity: PolicyAttribute = { type: 'str', optional: true, info: 'a label; it changes nothing' }
const binded: PolicyAttribute = { type: 'bool', optional: true, default: false, info: 'holds each worker on CPUs of its own' }
const limit = (...values: string[]): PolicyAttribute => ({ type: 'str', values, info: 'what is limited' })
const max_threads: PolicyAttribute = {
  type: 'int',
  alias: ['maxpc', 'maxthreads'],
  info: 'workers at once; the number 0 is half of the CPUs, at least 1',
}
const memory: PolicyAttributes = {
  max_memory: { type: 'float', optional: true, info: 'MiB for all workers together; memory_max_percentage of the machine when absent' },
  memory_per_task: { type: 'float', optional: true, default: 2048, info: 'MiB that an instruction counts which names no memory' },
  memory_max_percentage: { type: 'float', optional: true, default: 0.75, info: 'part of the memory that the machine or the container has' },
}

/** taylorism's five, by which one is chosen. */
export const policies: readonly Policy[] = [
  {
    name: 'laxist',
    info: 'starts everything in order of arrival, 512 at once at most; no tickets',
    example: { nosort: true },
    attributes: { nosort: { type: 'bool', values: [true], alias: ['laxist', 'unsorted'], info: 'must be true' }, identity },
    make: laxist,
  },
  {
    name: 'max-threads',
    info: 'starts in order of arrival while fewer than max_threads workers run',
    example: { limit: 'threads', max_threads: 4 },
    attributes: { limit: limit('threads', 'processes'), max_threads, binded, identity },
    make: ({ values, given }, machine) => maxThreads(threadsOf(given, values, machine), values['binded'] === true),
  },
  {
    name: 'max-memory',
    info: 'starts in order of arrival while the memory of all workers stays below max_memory; smaller ones overtake',
    example: { limit: 'memory' },
    attributes: { limit: limit('memory', 'mem'), ...memory, binded, identity },
    make: ({ values }, machine) => maxMemory({ ...memoryOf(values, machine), binded: values['binded'] === true }),
  },
  {
    name: 'longer-first',
    info: 'starts the largest expected_time first, within max_threads and max_memory, which it may reach; smaller ones overtake',
    example: { limit: 'threads+memory', max_threads: 4 },
    attributes: { limit: limit('threads+memory'), max_threads, ...memory, binded, identity },
    make: ({ values, given }, machine) =>
      longerFirst({ maxThreads: threadsOf(given, values, machine), ...memoryOf(values, machine), binded: values['binded'] === true }),
  },
  {
    name: 'single-open-file',
    info: 'as max-threads, and no two workers share a file, named as fileA or fileB',
    example: { limit: 'threads', max_threads: 4, singlefile: true },
    attributes: {
      limit: limit('threads', 'processes'),
      max_threads,
      singlefile: { type: 'bool', values: [true], info: 'must be true' },
      binded,
      identity,
    },
    make: ({ values, given }, machine) => singleOpenFile(threadsOf(given, values, machine), values['binded'] === true),
  },
]

type Values = Readonly<Record<string, unknown>>

function threadsOf(given: Values, values: Values, machine: Machine): number {
  const raw = given['max_threads']
  const threads = Number(values['max_threads'])
  // taylorism's remap comes before the type and leaves the text "0", so that nothing starts: mended (BEHAVIOUR section 9, item 10)
  if (raw === 0 || raw === false || (typeof raw === 'string' && threads === 0)) return half(machine)
  if (threads >= 1 && Number.isSafeInteger(threads)) return threads
  throw outOfRange('max_threads', raw, 'must be a whole number from 1 on, or the number 0 for half of the CPUs')
}

function memoryOf(values: Values, machine: Machine) {
  const percentage = amount(values, 'memory_max_percentage')
  const ceilingMiB = values['max_memory'] === undefined ? percentage * machine.memoryMiB : amount(values, 'max_memory')
  return { ceilingMiB, perTaskMiB: amount(values, 'memory_per_task'), percentage }
}

function amount(values: Values, name: string): number {
  const value = Number(values[name])
  if (Number.isFinite(value) && value >= 0) return value
  throw outOfRange(name, values[name], 'must be a number from 0 on')
}

const outOfRange = (name: string, value: unknown, what: string) =>
  invalid(`the scheduler's "${name}" ${what}, not ${JSON.stringify(value)}`, { attribute: name, value })
