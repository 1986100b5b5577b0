import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { affinity, NoBlock, numaPacked, raw, socketPacked, type Topology } from '../../src/topology.js'

interface Failure {
  error: { class: string; message: string }
}
interface Case {
  id: string
  cpus: [cpu: number, socket: number, core: number][]
  numa: { cpus: number[]; distances: number[] }[]
  expected: {
    raw: number[] | Failure
    socketpacked: Record<string, number[] | Failure>
    numapacked: Record<string, number[][] | Failure>
  }
  affinity: {
    taskset: string
    block_size: number
    task_id: number
    expected: { possible: true; prefix: string[]; env: Record<string, string> } | Failure
  }[]
}

/** What taylorism really answered, each answer for itself; `smt_siblings`, a step on the way to numapacked, is held by that. */
const { cases } = JSON.parse(readFileSync(new URL('../vectors/topology.json', import.meta.url), 'utf8')) as { cases: Case[] }
const described = ({ cpus, numa }: Case): Topology => ({
  cpus: cpus.map(([cpu, socket, core]) => ({ cpu, socket, core, node: numa.findIndex((node) => node.cpus.includes(cpu)) })),
  distances: numa.map(({ distances }) => distances),
})

type Answer = [what: string, answered: () => unknown, expected: unknown]
const answersOf = (each: Case): Answer[] => {
  const topology = described(each)
  const { raw: plain, socketpacked, numapacked } = each.expected
  return [
    [`${each.id} raw`, () => raw(topology), plain],
    ...Object.entries(socketpacked).map(([size, expected]): Answer => {
      return [`${each.id} socketpacked ${size}`, () => socketPacked(topology, Number(size)), expected]
    }),
    ...Object.entries(numapacked).map(([size, expected]): Answer => {
      return [`${each.id} numapacked ${size}`, () => numaPacked(topology, Number(size)), expected]
    }),
    ...each.affinity.map(({ taskset, block_size: size, task_id: task, expected }): Answer => {
      const answered = () => {
        const { cpus, bound, env } = affinity(topology, taskset, size, task)
        return { possible: true, prefix: bound ? ['taskset', '--cpu-list', cpus.join(',')] : [], env }
      }
      return [`${each.id} ${taskset} ${size} of task ${task}`, answered, expected]
    }),
  ]
}
const failureOf = (expected: unknown) => (expected as Failure | undefined)?.error?.class
const answers = cases.flatMap(answersOf)
const good = answers.filter(([, , expected]) => failureOf(expected) === undefined)
const tooLarge = answers.filter(([, , expected]) => /blocksize|modulo by zero/.test((expected as Failure).error?.message ?? ''))
const mended = answers.filter((answer) => !good.includes(answer) && !tooLarge.includes(answer))

test('every answer of the vectors is among the tests', () => {
  expect([cases.length, good.length, tooLarge.length, mended.length]).toEqual([45, 564, 4, 15])
})

test.each(good)('%s is as taylorism answers', (_, answered, expected) => {
  expect(answered()).toEqual(expected)
})

test.each(tooLarge)('%s is refused: no block is that large', (_, answered) => {
  expect(answered).toThrow(NoBlock)
})

// an AssertionError or "Strange number of SMT threads" there: a machine whose cores have not all the same number of threads
test.each(mended)('%s has an answer where taylorism fails', (_, answered) => {
  expect(answered).not.toThrow()
})
