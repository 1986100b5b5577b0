import { expect, test } from 'vitest'
import { Ledger } from '../../src/ledger.js'

const need = (boundBy: number | null | undefined, cores = 1, memory = 0) => ({ boss: 1, cores, memory, boundBy })

test('a bound place is ticket modulo the CPUs while one Boss has the machine for itself', () => {
  const ledger = new Ledger([0, 2, 1, 3], 1000, 8)
  expect([0, 1, 2, 3, 4, 5].map((ticket) => ledger.grant(need(ticket))?.cpus)).toEqual([[0], [2], [1], [3], [0], [2]])
})

test('a bound place of another Boss is the next CPU that is free', () => {
  const ledger = new Ledger([0, 1, 2], 1000, undefined)
  ledger.grant(need(0))
  expect(ledger.grant({ ...need(0), boss: 2 })?.cpus).toEqual([1])
  expect(ledger.grant({ ...need(0), boss: 3 })?.cpus).toEqual([2])
})

test('a bound place of several cores has as many distinct CPUs', () => {
  const ledger = new Ledger([0, 1, 2, 3], 1000, undefined)
  expect(ledger.grant(need(0, 2))?.cpus).toEqual([0, 1])
  expect(ledger.grant(need(1, 2))?.cpus).toEqual([2, 3])
})

test('places are granted up to the slots, and free ones are granted again', () => {
  const ledger = new Ledger([0, 1], 1000, undefined)
  const first = ledger.grant(need(undefined))
  expect(first).toMatchObject({ id: 0, cpus: [] })
  expect(ledger.grant(need(undefined))?.id).toBe(1)
  expect(ledger.grant(need(undefined))).toBeUndefined()
  if (first) ledger.release(first)
  expect(ledger.grant(need(undefined))?.id).toBe(0)
})

test('slots are the CPUs, or the largest number of workers that one Boss may have', () => {
  const ledger = new Ledger([0, 1], 1000, undefined)
  ledger.demand(1, 8)
  ledger.demand(2, 3)
  expect(ledger.slots).toBe(8)
  ledger.demand(1, undefined)
  expect(ledger.slots).toBe(3)
  ledger.demand(2, undefined)
  expect(ledger.slots).toBe(2)
})

test('no Boss makes more than 512 slots by asking for them, more than that are for the daemon to allow', () => {
  const ledger = new Ledger([0, 1], 1000, undefined)
  ledger.demand(1, 1e9)
  expect(ledger.slots).toBe(512)
  const large = new Ledger([0, 1], 1000, 5_000)
  large.demand(1, 1e9)
  expect(large.slots).toBe(5_000)
  const many = new Ledger(
    Array.from({ length: 600 }, (_, cpu) => cpu),
    1000,
    undefined,
  )
  many.demand(1, 1e9)
  expect(many.slots).toBe(600)
})

test('memory that is granted is not granted twice', () => {
  const ledger = new Ledger([0, 1], 1000, undefined)
  const first = ledger.grant(need(undefined, 1, 600))
  expect(ledger.grant(need(undefined, 1, 500))).toBeUndefined()
  if (first) ledger.release(first)
  expect(ledger.room).toEqual({ cores: 2, memory: 1000 })
  expect(ledger.grant(need(undefined, 1, 500))).toBeDefined()
})

test('what the machine could never give is known before it is asked for', () => {
  const ledger = new Ledger([0, 1], 1000, undefined)
  expect(ledger.neverFits(2, 1000, true)).toBeUndefined()
  expect(ledger.neverFits(3, 0, false)).toMatch(/3 cores, and there are 2/)
  expect(ledger.neverFits(1, 1001, false)).toMatch(/1001 MiB .* has 1000 MiB/)
  const wide = new Ledger([0, 1], 1000, 8)
  expect(wide.neverFits(8, 0, false)).toBeUndefined()
  expect(wide.neverFits(3, 0, true)).toMatch(/there are 2/)
})
