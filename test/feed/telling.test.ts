import { expect, test } from 'vitest'
import { renderEnding } from '../../src/boss/ending.js'
import type { Wanted } from '../../src/boss/event.js'
import type { Fact, Reports } from '../../src/boss/fact.js'
import { briefNewsOf, gathered, messageBytes, newsOf, Telling, View } from '../../src/feed/telling.js'

const view = new View({ brief: true }, 'array')
const when = { at: 0, started_at: '2026-01-01T00:00:00.000Z', finished_at: '2026-01-01T00:00:00.001Z' }
const n = 10

/** Reports of instructions first…first+9, all by one worker. */
function frame(first: number, name: string, ticket: number): Reports {
  const ids = Array.from({ length: n }, (_, row) => first + row)
  const line = renderEnding({
    ...{ name, kind: 'noop', outcome: 'succeeded', report: null, attempt: 1, scheduler_ticket: ticket, cpus: [0], ...when },
    usage: { wall: 0.001, cpu: 0.001, max_rss: 50 },
  })
  const lines = Buffer.from(`${line}\n`.repeat(n))
  return { type: 'instruction.reported', boss: 1, at: 0, ids, attempts: ids.map(() => 1), outcomes: '.'.repeat(n), lines }
}

/** What who has read up to `after` is told of so many frames, by so many workers in turn, which are told together. */
function told(frames: number, after: number, workers = 1, name = 'a'): { seq: number; n: number; first: number }[][] {
  const news = Array.from({ length: frames }, (_, at) => briefNewsOf(frame(1 + at * n, name, at % workers), 1 + at * n)).flat()
  const telling = new Telling(news, frames * n, gathered)
  return telling
    .messages(view, after)
    .map(({ body }) => JSON.parse(Buffer.from(body).toString()) as { seq: number; n: number; first: number }[])
}

test('frames of one worker that are told together are one event, of those that were not sent yet', () => {
  expect(told(3, 0)).toMatchObject([[{ seq: 30, n: 30, first: 1 }]])
  expect(told(3, 10)).toMatchObject([[{ seq: 30, n: 20, first: 11 }]])
  expect(told(3, 30)).toEqual([])
})

test('what does not fit into a message is told a frame each: who goes on behind the first message misses none', () => {
  const messages = told(6, 0, 2, 'x'.repeat(0.6 * messageBytes))
  expect(messages.length).toBeGreaterThan(1)
  let next = 1
  for (const event of messages.flat()) {
    expect(event).toMatchObject({ first: next, n, seq: next + n - 1 })
    next += n
  }
})

test('an attempt whose report is told with its beginning is told once; one that goes on, or was retried, with its beginning', () => {
  const begun = (instruction: number, attempt = 1): Fact => ({
    type: 'instruction.started',
    boss: 1,
    at: 0,
    instruction,
    attempt,
    ticket: 0,
    cpus: [],
  })
  const facts: Fact[] = [
    ...[begun(1), begun(2), begun(3), begun(12)],
    { type: 'instruction.retrying', boss: 1, at: 0, instruction: 2, attempt: 1, cause: 'exit', body: '', notBefore: undefined },
    ...[begun(2, 2), frame(3, 'a', 0)],
  ]
  const news = facts.flatMap((fact, at) => briefNewsOf(fact, at + 1))
  const [message] = new Telling(news, 16, gathered).messages(view, 0)
  const events = JSON.parse(Buffer.from(message?.body ?? '').toString()) as { type: string; instruction?: number; first?: number }[]
  expect(events.map(({ type, instruction, first }) => [type, instruction ?? first])).toEqual([
    ['instruction.started', 1],
    ['instruction.started', 2],
    ['instruction.retrying', 2],
    ['instruction.started', 2],
    ['instructions.reported', 3],
  ])
})

test('what is told whole is the same, event by event, as through a filter that lets all pass, in messages of bounded length', () => {
  const facts: Fact[] = [
    { type: 'boss.working', boss: 1, at: 0 },
    frame(1, 'ü', 0),
    { ...frame(11, 'b', 1), boss: 2 },
    frame(21, 'ü'.repeat(30_000), 0),
    { ...frame(31, 'c', 0), ids: [97, 98, 99, 100, 101, 103, 104, 999, 1000, 7] },
    { type: 'boss.working', boss: 2, at: 0 },
  ]
  const news = facts.flatMap((fact, at) => newsOf(fact, 1 + at * n))
  const telling = new Telling(news, 6 * n)
  const eventsFor = (wanted: Wanted) => {
    const messages = telling.messages(new View(wanted, 'array'), 0)
    for (const { body } of messages) expect(body.length).toBeLessThanOrEqual(messageBytes + 2)
    const told = messages.map(({ body }) => JSON.parse(Buffer.from(body).toString()) as { seq: number }[])
    expect(messages.map(({ last }) => last)).toEqual(told.map((events) => events.at(-1)?.seq))
    return told.flat()
  }
  expect(eventsFor({})).toHaveLength(2 + 4 * n)
  for (const bosses of [undefined, [1], [2], [3]]) expect(eventsFor({ bosses })).toEqual(eventsFor({ bosses, outcomes: ['succeeded'] }))
})

test('who follows one Boss of many does not hold the room that all would take', () => {
  const facts = Array.from({ length: 100 }, (_, boss) => ({ ...frame(1, 'a', 0), boss }))
  const telling = new Telling(
    facts.map((fact, at) => newsOf(fact, 1 + at * n)),
    100 * n,
  )
  const [message] = telling.messages(new View({ bosses: [7] }, 'array'), 0)
  expect(message?.body.buffer.byteLength).toBeLessThanOrEqual(Buffer.poolSize)
})
