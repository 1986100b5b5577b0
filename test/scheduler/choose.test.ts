import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Refusal } from '../../src/boss/errors.js'
import { chooseScheduler, describePolicies } from '../../src/scheduler/choose.js'

const machine = { cpus: 7, memoryMiB: 1000 }
const settingsOf = (given: Record<string, unknown> | undefined, on = machine) => chooseScheduler(given, on).settings

test('without a request, half of the CPUs work, at least one', () => {
  expect(settingsOf(undefined)).toEqual({ limit: 'threads', max_threads: 3, binded: false })
  expect(settingsOf(undefined, { cpus: 1, memoryMiB: 1 })).toMatchObject({ max_threads: 1 })
  expect(settingsOf({ limit: 'threads', max_threads: 0 })).toMatchObject({ max_threads: 3 })
})

test('null counts as not given, also as the name of a policy', () => {
  expect(settingsOf({ scheduler: null, limit: 'threads', max_threads: 2, maxpc: null })).toMatchObject({ max_threads: 2 })
  expect(() => settingsOf({ scheduler: null })).toThrow(/no scheduler is chosen by {"scheduler":null}/)
})

test('a limit that there is not is told with those there are', () => {
  expect(() => settingsOf({ limit: 'thread', max_threads: 3 })).toThrow(
    /"limit" must be one of threads, processes, memory, mem, threads\+memory, not "thread"/,
  )
})

test("taylorism's other names mean the same", () => {
  for (const name of ['max_threads', 'maxpc', 'maxthreads']) {
    expect(settingsOf({ limit: 'processes', [name]: 2, binded: true })).toEqual({ limit: 'threads', max_threads: 2, binded: true })
  }
  for (const name of ['nosort', 'laxist', 'unsorted']) expect(settingsOf({ [name]: true })).toEqual({ nosort: true })
})

test('longer first takes its ceiling from the machine unless one is given', () => {
  expect(settingsOf({ limit: 'threads+memory', max_threads: 2 })).toEqual({
    limit: 'threads+memory',
    max_threads: 2,
    max_memory: 750,
    memory_per_task: 2048,
    memory_max_percentage: 0.75,
    binded: false,
  })
  expect(settingsOf({ limit: 'threads+memory', max_threads: 2, max_memory: 10, memory_per_task: null })).toMatchObject({
    max_memory: 10,
    memory_per_task: 2048,
  })
})

test('the other policies of taylorism are there', () => {
  expect(settingsOf({ limit: 'mem', binded: true })).toEqual({
    limit: 'memory',
    max_memory: 750,
    memory_per_task: 2048,
    memory_max_percentage: 0.75,
    binded: true,
  })
  expect(settingsOf({ limit: 'memory', memory_max_percentage: '0.5', memory_per_task: '1e2' })).toMatchObject({
    max_memory: 500,
    memory_per_task: 100,
  })
  expect(settingsOf({ limit: 'processes', maxpc: 2, singlefile: true })).toEqual({
    limit: 'threads',
    max_threads: 2,
    singlefile: true,
    binded: false,
  })
})

test('values are coerced as in taylorism', () => {
  const threads = (max_threads: unknown) => settingsOf({ limit: 'threads', max_threads })['max_threads']
  expect(['3', ' 3 ', 2.9, true, 0, false].map(threads)).toEqual([3, 3, 2, 1, 3, 3])
  expect(settingsOf({ limit: 'threads', max_threads: 1, binded: 'False' })).toMatchObject({ binded: true })
  expect(settingsOf({ limit: 'threads', max_threads: 1, singlefile: 'False' })).toMatchObject({ singlefile: true })
  expect(settingsOf({ limit: 'threads', max_threads: 1, singlefile: false })).toEqual({ limit: 'threads', max_threads: 1, binded: false })
})

test('two names of one attribute may be given when they say the same, or one is its own', () => {
  expect(settingsOf({ limit: 'threads', maxpc: 2, maxthreads: 2 })).toMatchObject({ max_threads: 2 })
  expect(settingsOf({ limit: 'threads', max_threads: 2, maxpc: 3 })).toMatchObject({ max_threads: 2 })
  expect(settingsOf({ nosort: true, maxpc: 2, maxthreads: 3 })).toEqual({ nosort: true })
})

test('the policies are described with what can be set and the defaults of this machine', () => {
  const described = describePolicies(machine)
  expect(described.map(({ scheduler }) => scheduler)).toEqual(['laxist', 'max-threads', 'max-memory', 'longer-first', 'single-open-file'])
  for (const { example } of described) expect(() => chooseScheduler(example, machine)).not.toThrow()
  expect(described[2]?.settings).toMatchObject({ max_memory: { default: 750 }, memory_per_task: { default: 2048, optional: true } })
  expect(described[4]?.settings).toMatchObject({ singlefile: { values: [true] }, max_threads: { alias: ['maxpc', 'maxthreads'] } })
})

test('the settings of a policy make the same policy, also on another machine', () => {
  for (const given of [
    undefined,
    { nosort: true },
    { limit: 'threads', max_threads: 0, binded: true },
    { limit: 'threads+memory', max_threads: 0 },
    { limit: 'memory' },
    { limit: 'threads', max_threads: 0, singlefile: true },
  ]) {
    const settings = settingsOf(given)
    expect(settingsOf(settings, { cpus: 64, memoryMiB: 9 })).toEqual(settings)
  }
})

describe('is refused with what there is instead', () => {
  test.each([
    [{}, 'no scheduler is chosen by {}'],
    [{ nosort: false }, 'laxist has nosort: Not in values'],
    [{ limit: 'nope' }, 'no scheduler is chosen'],
    [{ limit: 'threads' }, 'max-threads has max_threads: Missing value'],
    [{ limit: 'threads', max_threads: 'x' }, 'max_threads: Could not reclass'],
    [{ limit: 'threads', max_threads: -1 }, '"max_threads" must be a whole number'],
    [{ limit: 'threads', max_threads: 0.5 }, '"max_threads" must be a whole number'],
    [{ limit: 'threads', max_threads: 1e300 }, '"max_threads" must be a whole number'],
    [{ limit: 'threads', maxthreads: 2, maxpc: 3 }, 'Several names with different values'],
    [{ limit: 'threads', max_threads: 2, junk: 2 }, 'no scheduler knows "junk"'],
    [{ nosort: true, toString: 1 }, 'knows "toString"'],
    [{ nosort: true, limit: 'memory' }, 'laxist and max-memory are equally chosen'],
    [{ limit: 'threads+memory', max_threads: 2, max_memory: -1 }, 'number from 0 on'],
    [{ limit: 'memory', memory_per_task: Number.NaN }, 'memory_per_task: Could not reclass'],
    [{ limit: 'memory', memory_max_percentage: -0.5 }, 'number from 0 on'],
  ])('%j', (given, message) => {
    try {
      chooseScheduler(given, machine)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(Refusal)
      expect(error).toMatchObject({ code: 'invalid', message: expect.stringContaining(message) })
      if (!(error as Refusal).facts['attribute']) expect((error as Refusal).message).toContain('there is laxist by {"nosort":true}')
    }
  })
})

interface Choice {
  id: string
  tags: string[]
  instruction: Record<string, unknown>
  expected: { chosen: string | null; attributes?: Record<string, unknown>; tie?: string[] }
}
const { cases } = JSON.parse(readFileSync(new URL('../vectors/scheduler-choice.json', import.meta.url), 'utf8')) as { cases: Choice[] }

describe("taylorism's own choices", () => {
  // taylorism leaves aside what nobody knows; a scheduler of ours refuses it (DESIGN section 4, "Rows")
  const choices = cases.map((choice) => ({
    ...choice,
    known: Object.fromEntries(Object.entries(choice.instruction).filter(([name]) => name !== 'junk')),
  }))

  test('all are tried, and those of an unknown attribute also with it', () => {
    expect(cases).toHaveLength(80)
    const junk = cases.filter(({ instruction }) => 'junk' in instruction)
    expect(junk).toHaveLength(5)
    for (const { instruction } of junk) expect(() => chooseScheduler(instruction, machine)).toThrow('no scheduler knows "junk"')
  })

  test.each(choices)('$id', ({ known, expected: { chosen, attributes, tie } }) => {
    if (chosen === null) {
      expect(() => chooseScheduler(known, machine)).toThrow(tie ? 'are equally chosen' : 'no scheduler is chosen')
      return
    }
    // a label that changes nothing
    const { identity: _, ...settings } = attributes ?? {}
    expect(settingsOf(known)).toMatchObject(settings)
    expect('singlefile' in settingsOf(known)).toBe(chosen === 'NewSingleOpenFileScheduler')
  })
})
