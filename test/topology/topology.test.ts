import { expect, test } from 'vitest'
import { affinity, NoBlock, numaPacked, raw, socketPacked, tasksets, type Topology } from '../../src/topology.js'

/** Cores as lists of CPUs, by socket; each socket is a NUMA node. */
const aMachine = (...sockets: number[][][]): Topology => ({
  cpus: sockets.flatMap((cores, socket) => cores.flatMap((cpus, core) => cpus.map((cpu) => ({ cpu, socket, core, node: socket })))),
  distances: sockets.map((_, from) => sockets.map((_, to) => (from === to ? 10 : 32))),
})

test('the round of sockets passes over one that has no core left', () => {
  const uneven = aMachine([[0], [1], [2], [3]], [[4]], [[5], [6]])
  expect(raw(uneven)).toEqual([0, 1, 2, 3, 4, 5, 6])
  expect(socketPacked(uneven, 1)).toEqual([0, 4, 5, 1, 6, 2, 3])
  expect(socketPacked(uneven, 2)).toEqual([0, 1, 5, 6, 2, 3])
  expect(socketPacked(uneven, 4)).toEqual([0, 1, 2, 3])
  expect(socketPacked(uneven, 5)).toEqual(socketPacked(uneven, 1))
})

test('cores without a second thread are passed over in the round of second threads', () => {
  const uneven = aMachine(
    [[0, 4], [1]],
    [
      [2, 6],
      [3, 7],
    ],
  )
  expect(raw(uneven)).toEqual([0, 1, 2, 3, 4, 6, 7])
  expect(socketPacked(uneven, 1)).toEqual([0, 2, 1, 3, 4, 6, 7])
  expect(socketPacked(uneven, 2)).toEqual([0, 1, 2, 3, 6, 7])
  expect(socketPacked(uneven, 3)).toEqual([0, 1, 4, 2, 3, 6])
  expect(socketPacked(uneven, 4)).toEqual([2, 3, 6, 7])
  expect(numaPacked(uneven, 1)).toEqual([[0], [2], [1], [3], [6], [4], [7]])
  expect(numaPacked(uneven, 2)).toEqual([
    [0, 1],
    [2, 3],
    [6, 7],
  ])
})

test('CPUs that may not be used have no part in any order, and nodes without one no turn', () => {
  const { cpus, distances } = aMachine(
    [
      [0, 8],
      [1, 9],
    ],
    [
      [2, 10],
      [3, 11],
    ],
    [
      [4, 12],
      [5, 13],
    ],
  )
  const allowed: Topology = { cpus: cpus.filter(({ cpu }) => [1, 4, 9, 12, 13].includes(cpu)), distances }
  expect(raw(allowed)).toEqual([1, 4, 13, 9, 12])
  expect(socketPacked(allowed, 1)).toEqual([1, 4, 13, 9, 12])
  expect(numaPacked(allowed, 1)).toEqual([[4], [1], [13], [9], [12]])
  expect(numaPacked(allowed, 3)).toEqual([[1, 4, 13]])
})

test('a block number counts on from the first block when there is no such block', () => {
  const machine = aMachine([[0], [1], [2], [3], [4]])
  expect([0, 1, 2, 3].map((number) => affinity(machine, 'raw', 2, number).cpus)).toEqual([
    [0, 1],
    [2, 3],
    [0, 1],
    [2, 3],
  ])
})

test.each(tasksets)('%s has no block that is larger than the machine', (taskset) => {
  expect(() => affinity(aMachine([[0], [1]]), taskset, 3, 0)).toThrow(NoBlock)
  expect(() => affinity(aMachine([[0, 1]]), taskset, 3, 0)).toThrow('there is no block of 3 CPUs: 2 may be used; ask for a smaller block')
})
