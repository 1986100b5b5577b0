import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { chooseScheduler } from '../../src/scheduler/choose.js'
import type { Working } from '../../src/scheduler/scheduler.js'
import { anEntry, aWorker, WIDE } from './make.js'

interface Instruction {
  name: string
  memory?: number
  expected_time?: number
}
interface Running extends Instruction {
  scheduler_ticket?: number | null
}
interface Expected {
  launchable: { name: string; scheduler_ticket: number | null }[]
  not_yet_launchable: string[]
}
interface Case {
  id: string
  tags: string[]
  form: 'single' | 'sequence'
  cpu_count: number
  system_memory_mib?: number
  scheduler: Record<string, unknown>
  running: Running[]
  pending: Instruction[]
  expected: Expected
  steps: { finished: string[]; added: Instruction[]; expected: Expected & { running_after: string[] } }[]
}

const { cases } = JSON.parse(readFileSync(new URL('../vectors/schedulers.json', import.meta.url), 'utf8')) as { cases: Case[] }

// what taylorism does by accident and a live Boss mends: BEHAVIOUR section 9, item 10
const copied = cases.filter(({ tags }) => !tags.some((tag) => tag.startsWith('quirk:') || tag === 'error'))

/** A live Boss takes numbers and flags as such and null as absent; taylorism also takes their text. */
const asNumbers = (scheduler: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(scheduler).map(([name, value]) => [
      name,
      typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value,
    ]),
  )

/** A Boss of the vectors: a queue of named instructions and the workers that run. */
function replay({ scheduler: given, cpu_count, system_memory_mib = 0 }: Case) {
  const scheduler = chooseScheduler(asNumbers(given), { cpus: cpu_count, memoryMiB: system_memory_mib })
  const pending = scheduler.queue()
  const names: string[] = ['']
  const add = ({ name, memory, expected_time }: Instruction) => {
    names.push(name)
    pending.add(anEntry({ id: names.length - 1, memory, expectedTime: expected_time }))
  }
  const decide = (working: readonly Working[]) => {
    const launches = scheduler.launchable(pending, working, WIDE, Infinity)
    for (const { entry } of launches) expect(pending.remove(entry)).toBe(true)
    return {
      launches,
      launchable: launches.map(({ entry, ticket }) => ({ name: names[entry.id] as string, scheduler_ticket: ticket })),
      kept: [...pending].map(({ id }) => names[id]),
    }
  }
  return { add, decide }
}

test('the vectors that are left out are the known ones', () => {
  expect(copied.length).toBe(192)
  expect(cases.length - copied.length).toBe(2)
})

test.each(copied.filter(({ form }) => form === 'single'))('$id', (vector) => {
  const { add, decide } = replay(vector)
  vector.pending.forEach(add)
  const { launchable, kept } = decide(vector.running.map(({ memory, scheduler_ticket: ticket = null }) => aWorker({ memory, ticket })))
  expect(launchable).toEqual(vector.expected.launchable)
  expect(kept).toEqual(vector.expected.not_yet_launchable)
})

test.each(copied.filter(({ form }) => form === 'sequence'))('$id', (vector) => {
  const { add, decide } = replay(vector)
  let running: { name: string; worker: Working }[] = []
  for (const { finished, added, expected } of vector.steps) {
    running = running.filter(({ name }) => !finished.includes(name))
    added.forEach(add)
    const { launches, launchable, kept } = decide(running.map(({ worker }) => worker))
    expect(launchable).toEqual(expected.launchable)
    expect(kept).toEqual(expected.not_yet_launchable)
    launches.forEach(({ entry: { memory }, ticket }, i) => {
      running.push({ name: launchable[i]?.name ?? '', worker: aWorker({ memory, ticket }) })
    })
    expect(running.map(({ name }) => name)).toEqual(expected.running_after)
  }
})
