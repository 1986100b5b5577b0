import { describe, expect, test } from 'vitest'
import { Refusal } from '../../src/boss/errors.js'
import { chooseScheduler } from '../../src/scheduler/choose.js'

const machine = { cpus: 7, memoryMiB: 1000 }
const settingsOf = (given: Record<string, unknown> | undefined, on = machine) => chooseScheduler(given, on).settings

test('without a request, half of the CPUs work, at least one', () => {
  expect(settingsOf(undefined)).toEqual({ limit: 'threads', max_threads: 3, binded: false })
  expect(settingsOf(undefined, { cpus: 1, memoryMiB: 1 })).toMatchObject({ max_threads: 1 })
  expect(settingsOf({ limit: 'threads', max_threads: 0 })).toMatchObject({ max_threads: 3 })
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

test('the settings of a policy make the same policy, also on another machine', () => {
  for (const given of [
    undefined,
    { nosort: true },
    { limit: 'threads', max_threads: 0, binded: true },
    { limit: 'threads+memory', max_threads: 0 },
  ]) {
    const settings = settingsOf(given)
    expect(settingsOf(settings, { cpus: 64, memoryMiB: 9 })).toEqual(settings)
  }
})

describe('is refused with what there is instead', () => {
  test.each([
    [{}, 'names no "limit"'],
    [{ nosort: false }, 'names no "limit"'],
    [{ limit: 'nope' }, 'no scheduler has the limit "nope"'],
    [{ limit: 'threads' }, '"max_threads" must be given'],
    [{ limit: 'threads', max_threads: -1 }, 'whole number'],
    [{ limit: 'threads', max_threads: 2.5 }, 'whole number'],
    [{ limit: 'threads', max_threads: '2' }, 'whole number'],
    [{ limit: 'threads', max_threads: 2, maxpc: 2 }, 'say the same'],
    [{ limit: 'threads', max_threads: 2, max_memory: 2 }, 'knows no "max_memory"'],
    [{ limit: 'threads', max_threads: 2, binded: 'yes' }, 'true or false'],
    [{ nosort: true, toString: 1 }, 'knows no "toString"'],
    [{ limit: 'threads+memory', max_threads: 2, max_memory: -1 }, 'number from 0 on'],
    [{ limit: 'threads+memory', max_threads: 2, memory_per_task: Number.NaN }, 'number from 0 on'],
    [{ limit: 'memory' }, 'the memory scheduler comes with a later version'],
    [{ limit: 'threads', max_threads: 2, singlefile: true }, 'the single-file scheduler comes with a later version'],
  ])('%j', (given, message) => {
    try {
      chooseScheduler(given, machine)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(Refusal)
      expect(error).toMatchObject({ code: 'invalid', message: expect.stringContaining(message) })
      expect((error as Refusal).message).toContain('there is')
    }
  })
})
