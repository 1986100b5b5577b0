import { expect, test } from 'vitest'
import { until } from '../support/temp.js'
import { aBatch, aCrew, aModule } from './a-crew.js'

const place = { id: 1, cpus: [] }
const source = `
import { setTimeout as sleep } from 'node:timers/promises'
const done = []
const note = (what) => async (instruction, { scheduler_ticket, binding }) => {
  await sleep(5)
  done.push([what, instruction.name, instruction.value, scheduler_ticket, binding()].join(' '))
}
const task = ({ name }) => done.splice(0).concat('task ' + name)
export default [
  { worker: 'prepared', hooks: [note('first'), note('second')], task },
  { worker: 'unprepared', hooks: [note('first'), () => { throw new RangeError('no licence') }, note('second')], task },
  { worker: 'heeding', hooks: [(_, { signal }) => new Promise((resolve) => signal.addEventListener('abort', resolve))], task },
]`

/** A crew with the kinds above. */
function aPreparedCrew() {
  const { dir } = aCrew()
  const url = aModule(dir, source)
  return aCrew(Object.fromEntries(['prepared', 'unprepared', 'heeding'].map((kind) => [kind, url])))
}

test('hooks run in order before the task, each to its end, with what the task gets', async () => {
  const { crew, told } = aPreparedCrew()
  crew.send(place, 'js', aBatch(1, 'prepared', [{ value: 4 }, { value: 5 }]))
  await until(() => told.reports.size === 2, 'the reports')
  expect(told.reports.get('1 0')?.report).toEqual(['first prepared-0 4 0 ', 'second prepared-0 4 0 ', 'task prepared-0'])
  expect(told.reports.get('1 1')?.report).toEqual(['first prepared-1 5 0 ', 'second prepared-1 5 0 ', 'task prepared-1'])
})

test('a hook that throws fails its instruction as a task does, which is not begun; the next one is', async () => {
  const { crew, told } = aPreparedCrew()
  crew.send(place, 'js', aBatch(1, 'unprepared'))
  crew.send(place, 'js', aBatch(2, 'prepared'))
  await until(() => told.reports.size === 2, 'the reports')
  const [failed, next] = [told.reports.get('1 0'), told.reports.get('2 0')]
  expect(failed).toMatchObject({
    outcome: 'failed',
    cause: 'exception',
    report: null,
    error: { type: 'RangeError', message: 'no licence' },
  })
  expect(failed?.traceback).toContain('kinds.mjs')
  expect(next?.report).toEqual(expect.arrayContaining(['first unprepared-0  0 ', 'task prepared-0']))
  expect(next?.report).not.toContain('second unprepared-0  0 ')
})

test('a task whose hook was stopped is not begun', async () => {
  const { crew, told } = aPreparedCrew()
  crew.send(place, 'js', aBatch(1, 'heeding'))
  await until(() => told.order.includes('started 1 0'), 'the hook')
  crew.stop(1, 0, 60_000, { o: 'r' })
  await until(() => told.reports.has('1 0'), 'the report')
  expect(told.reports.get('1 0')).toMatchObject({ outcome: 'cancelled', cause: 'requested', report: null })
})

test('a task can ask which CPUs it is bound to, as taylorism tells it', async () => {
  const { dir } = aCrew()
  const { crew, told } = aCrew({ asking: aModule(dir, "export default { worker: 'asking', task: (_, { binding }) => binding() }") })
  crew.send(place, 'js', aBatch(1, 'asking'))
  crew.send({ id: 2, cpus: [0] }, 'js', aBatch(2, 'asking'))
  await until(() => told.reports.size === 2, 'the reports')
  expect([told.reports.get('1 0')?.report, told.reports.get('2 0')?.report]).toEqual([[null], [0]])
})
