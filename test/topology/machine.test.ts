import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { parseCpuList, surveyMachine, surveyTopology } from '../../src/machine.js'
import { raw, socketPacked } from '../../src/topology.js'
import { tempDir } from '../support/temp.js'

/** A directory like /sys/devices/system. */
function devices(files: Readonly<Record<string, string>>): string {
  const root = tempDir()
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), `${text}\n`)
  }
  return root
}
const aCpu = (cpu: number, socket: number, core: number, siblings: string) => ({
  [`cpu/cpu${cpu}/topology/physical_package_id`]: String(socket),
  [`cpu/cpu${cpu}/topology/core_id`]: String(core),
  [`cpu/cpu${cpu}/topology/core_cpus_list`]: siblings,
})

test('sockets, cores, threads and NUMA nodes are read; nodes may have gaps in their numbers and be without a CPU', () => {
  const root = devices({
    ...aCpu(0, 0, 4, '0,2'),
    ...aCpu(1, 1, 4, '1,3'),
    ...aCpu(2, 0, 4, '0,2'),
    ...aCpu(3, 1, 4, '1,3'),
    'node/online': '0,8,250',
    'node/node0/cpulist': '0,2',
    'node/node0/distance': '10 40 80',
    'node/node8/cpulist': '1,3',
    'node/node8/distance': '40 10 80',
    'node/node250/cpulist': '',
    'node/node250/distance': '80 80 10',
  })
  const topology = surveyTopology([0, 1, 2, 3], root)
  expect(topology.cpus.map(({ cpu, socket, node }) => [cpu, socket, node])).toEqual([
    [0, 0, 0],
    [1, 1, 1],
    [2, 0, 0],
    [3, 1, 1],
  ])
  expect(topology.distances).toEqual([
    [10, 40, 80],
    [40, 10, 80],
    [80, 80, 10],
  ])
  expect(raw(topology)).toEqual([0, 1, 2, 3])
  expect(raw(surveyTopology([1, 2, 3], root))).toEqual([2, 1, 3])
})

test('cores of two dies or clusters may have one number and are two', () => {
  const root = devices({ ...aCpu(0, 0, 0, '0'), ...aCpu(1, 0, 1, '1'), ...aCpu(2, 0, 0, '2'), ...aCpu(3, 0, 1, '3') })
  expect(socketPacked(surveyTopology([0, 1, 2, 3], root), 4)).toEqual([0, 2, 1, 3])
})

test('where the files are missing or say nothing every CPU is a core of one socket and one node', () => {
  const flat = {
    cpus: [
      { cpu: 3, socket: 0, core: 0, node: 0 },
      { cpu: 5, socket: 0, core: 1, node: 0 },
    ],
    distances: [[10]],
  }
  expect(surveyTopology([3, 5], devices({}))).toEqual(flat)
  const untold = devices({ 'cpu/cpu3/topology/physical_package_id': '-1', 'cpu/cpu5/topology/core_id': '-1', 'node/online': '0' })
  expect(socketPacked(surveyTopology([3, 5], untold), 1)).toEqual([3, 5])
  expect(surveyTopology([3, 5], untold).distances).toEqual([[10]])
})

test('without distances nodes are apart', () => {
  const root = devices({ 'node/online': '0-1', 'node/node0/cpulist': '0', 'node/node1/cpulist': '1' })
  expect(surveyTopology([0, 1], root).distances).toEqual([
    [10, 20],
    [20, 10],
  ])
})

test('this machine has its CPUs in order, each once', () => {
  const { cpus, topology } = surveyMachine()
  expect(socketPacked(topology, 1).toSorted((a, b) => a - b)).toEqual(cpus)
})

test('a list of CPUs may be of ranges, single ones, or nothing', () => {
  expect([parseCpuList('0-2,5'), parseCpuList('7'), parseCpuList('\n')]).toEqual([[0, 1, 2, 5], [7], []])
})
