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

test('a cluster grants as many places as it may have hosts, of what its usable nodes have, and refuses what no node could hold', () => {
  const ledger = new Ledger([], 0, 0, 2)
  // nobody knows its nodes yet: nothing starts, and nothing is refused
  expect([ledger.neverFits(64, 1e6, true), ledger.room.cores]).toEqual([undefined, 0])
  const nodes = [
    { cores: 4, memory: 1000 },
    { cores: 2, memory: 8000 },
  ]
  ledger.survey(nodes, nodes.slice(0, 1))
  expect(ledger.room).toEqual({ cores: 4, memory: 1000 })
  expect(ledger.neverFits(2, 8000, true)).toBeUndefined()
  expect(ledger.neverFits(5, 10, false)).toBe('it asks for 5 cores, and no node has more than 4; ask for fewer')
  expect(ledger.neverFits(1, 8001, false)).toBe('it asks for 8001 MiB of memory, and no node has more than 8000 MiB; ask for less')
  expect(ledger.neverFits(3, 2000, false)).toBe('it asks for 3 cores with 2000 MiB of memory, and no node has both; ask for less of one')
  ledger.survey(nodes, nodes.slice(0, 1), 1800)
  expect(ledger.neverFits(1, 1, false, 1800)).toBeUndefined()
  expect(ledger.neverFits(1, 1, false, 1801)).toContain('nothing may take more than 1800 s there')
  const need = { boss: 1, cores: 1, memory: 100, boundBy: 0 }
  const first = ledger.grant(need)
  expect(first).toMatchObject({ cpus: [], cores: 1, memory: 100 })
  expect(ledger.grant(need)?.id).toBe(1)
  expect([ledger.room, ledger.grant(need)]).toEqual([{ cores: 0, memory: 0 }, undefined])
  if (first) ledger.release(first)
  expect(ledger.room).toEqual({ cores: 3, memory: 900 })
})
