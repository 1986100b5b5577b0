import { expect, test } from 'vitest'
import { BadAnswer, chosenFrom, type PendingView } from '../../src/scheduler/answer.js'
import { Pending } from '../../src/scheduler/pending.js'
import type { Entry } from '../../src/scheduler/scheduler.js'
import { Consultation } from '../../src/workshop/consultation.js'
import { anEntry } from '../scheduler/make.js'

function aQueue(n: number): Pending {
  const queue = new Pending({ longestFirst: false, perTaskMiB: 0 })
  for (let id = 1; id <= n; id++) queue.add(anEntry({ id }))
  return queue
}
const plenty = { cores: 64, memory: 1_000 }
const idsOf = (launches: readonly { entry: Entry }[]) => launches.map(({ entry }) => entry.id)

test('the first 10,000 are shown, and gathered anew when half of them are gone or others came', async () => {
  const queue = aQueue(20_000)
  const consultation = new Consultation()
  const shown = async () => {
    const ids = await consultation.look(queue)
    return [ids.length, ids[0], ids.at(-1)]
  }
  expect(await shown()).toEqual([10_000, 1, 10_000])
  for (let id = 1; id <= 6_000; id++) {
    queue.remove(anEntry({ id }))
    consultation.drop(id)
    if (id === 5_000) expect(await shown()).toEqual([5_000, 5_001, 10_000])
  }
  expect(await shown()).toEqual([10_000, 6_001, 16_000])
  queue.add(anEntry({ id: 20_001, priority: 1 }))
  consultation.arrived()
  expect(await shown()).toEqual([10_000, 20_001, 15_999])
})

test('what was chosen starts in the order chosen, as far as the room reaches, and waits for the rest of it', async () => {
  const queue = aQueue(4)
  const consultation = new Consultation()
  await consultation.look(queue)
  consultation.heed([{ id: 4 }, { id: 2 }, { id: 1 }])
  expect(idsOf(consultation.launchable(queue, [], { cores: 2, memory: 0 }, 9))).toEqual([4, 2])
  expect(idsOf(consultation.launchable(queue, [], plenty, 1))).toEqual([4])
  for (const id of [4, 2]) {
    queue.remove(anEntry({ id }))
    consultation.drop(id)
  }
  expect(idsOf(consultation.launchable(queue, [], plenty, 9))).toEqual([1])
})

test('what does not wait any more when the answer comes is left out, and the policy is asked again when nothing is left', async () => {
  const queue = aQueue(2)
  const consultation = new Consultation()
  await consultation.look(queue)
  consultation.asked()
  consultation.heed([{ id: 1 }, { id: 99 }])
  queue.remove(anEntry({ id: 1 }))
  expect([consultation.wants, consultation.changed]).toEqual([true, false])
  expect(consultation.launchable(queue, [], plenty, 9)).toEqual([])
  expect([consultation.wants, consultation.changed]).toEqual([false, true])
})

test('tickets are those that the policy gave, else the lowest that nobody holds or was promised', async () => {
  const queue = aQueue(4)
  const consultation = new Consultation()
  await consultation.look(queue)
  consultation.heed([{ id: 1 }, { id: 2, ticket: 1 }, { id: 3, ticket: null }, { id: 4 }])
  const working = [{ ticket: 0, memory: undefined, fileA: undefined, fileB: undefined }]
  expect(consultation.launchable(queue, working, plenty, 9).map(({ ticket }) => ticket)).toEqual([2, 1, null, 3])
})

const pending: PendingView[] = ['a', 'b', 'c'].map((name, i) => ({ id: i + 1, name, kind: 'k', cores: 1, priority: 0, attributes: {} }))
const workers = [{ ...(pending[2] as PendingView), id: 9, name: 'w', scheduler_ticket: 4 }]

test('an answer names ids, names, or either with a ticket', () => {
  expect(chosenFrom([], { pending, workers })).toEqual([])
  expect(chosenFrom(pending, { pending, workers })).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
  expect(chosenFrom([2, 'a', { name: 'c', scheduler_ticket: null }], { pending, workers })).toEqual([
    { id: 2 },
    { id: 1 },
    { id: 3, ticket: null },
  ])
})

test.each([
  [undefined, 'handed back undefined'],
  ['a', 'handed back "a", which is no list'],
  [[null], 'names null'],
  [[{}], 'names {}'],
  [[1.5], 'names 1.5'],
  [[9], 'names 9'],
  [['w'], 'names "w"'],
  [[1, 'a'], 'names "a" twice'],
  [[{ id: 1, ticket: 0 }], 'gives 1 a member "ticket"'],
  [[{ id: 1, scheduler_ticket: '0' }], 'the scheduler_ticket "0"'],
  [[{ id: 1, scheduler_ticket: 4 }], 'the scheduler_ticket 4, which another worker holds'],
  [
    [
      { id: 1, scheduler_ticket: 0 },
      { id: 2, scheduler_ticket: 0 },
    ],
    'the scheduler_ticket 0, which another worker holds',
  ],
])('an answer %j is refused', (given, words) => {
  expect(() => chosenFrom(given, { pending, workers })).toThrow(BadAnswer)
  expect(() => chosenFrom(given, { pending, workers })).toThrow(words)
})
