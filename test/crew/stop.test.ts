import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isAlive } from '../support/processes.js'
import { until } from '../support/temp.js'
import { aBatch, aCrew, pidIn } from './a-crew.js'

const place = { id: 1, cpus: [] }

/** A task of this kind whose program does `onTerm` when it is asked to end; what follows it at its host. */
async function aTask(kind: string, onTerm: string) {
  const made = aCrew()
  const [pid, heard] = ['pid', 'heard'].map((name) => join(made.dir, name)) as [string, string]
  const script = `trap '${onTerm.replaceAll('HEARD', heard)}' TERM; echo $$ > ${pid}; while :; do sleep 0.02; done`
  made.crew.send(place, 'js', aBatch(1, kind, [{ script }]))
  made.crew.send(place, 'js', aBatch(2, 'pid'))
  return { ...made, program: await pidIn(pid), heard, host: made.crew.hosts()[0]?.pid }
}

test.each(['waiter', 'blocked'])('a program that a %s waits for is asked to end, and with it the task ends as stopped', async (kind) => {
  const { crew, told, heard, host } = await aTask(kind, 'echo > HEARD; exit 3')
  crew.stop(1, 0, 60_000, { o: 'p' })
  await until(() => told.reports.has('2 0'), 'what follows')
  expect(told.reports.get('1 0')).toMatchObject({ outcome: 'cancelled', cause: 'stopped' })
  expect(existsSync(heard)).toBe(true)
  expect(told.reports.get('2 0')?.report).toBe(host)
})

test('what a task left running has the grace to clean up; then its end is reported and its process goes on', async () => {
  const { crew, told, heard, host, program } = await aTask('leaver', 'sleep 0.3; echo > HEARD; exit')
  crew.stop(1, 0, 60_000, { o: 'r' })
  await until(() => told.reports.has('1 0'), 'the report')
  expect(existsSync(heard)).toBe(true)
  expect(isAlive(program)).toBe(false)
  expect(told.reports.get('1 0')).toMatchObject({ outcome: 'cancelled', cause: 'requested' })
  await until(() => told.reports.has('2 0'), 'what follows')
  expect(told.reports.get('2 0')?.report).toBe(host)
})

test('what a task left running and does not heed the stop is killed after the grace, and nobody is to blame', async () => {
  const { crew, told, program } = await aTask('leaver', '')
  crew.stop(1, 0, 100, { o: 'p' })
  await until(() => told.ended.length === 1, 'the end of the host')
  await until(() => !isAlive(program), 'the end of the program')
  expect(told.reports.get('1 0')).toMatchObject({ outcome: 'cancelled', cause: 'stopped' })
  expect(told.ended[0]).toMatchObject({ frames: [2], guilty: undefined })
})

test('a blocked task is killed after the grace with a program that does not heed the stop', async () => {
  const { crew, told, program } = await aTask('blocked', '')
  crew.stop(1, 0, 100, { o: 'p' })
  await until(() => told.ended.length === 1, 'the end of the host')
  await until(() => !isAlive(program), 'the end of the program')
  expect(told.ended[0]).toMatchObject({ frames: [1, 2], guilty: { f: 1, row: 0 }, signal: 'SIGKILL' })
})

test('a task hears SIGTERM in its own process', async () => {
  const { crew, told, dir } = aCrew()
  const file = join(dir, 'pid')
  crew.send(place, 'js', aBatch(1, 'listener', [{ file }]))
  await pidIn(file)
  crew.stop(1, 0, 60_000, { o: 'p' })
  await until(() => told.reports.has('1 0'), 'the report')
  expect(told.reports.get('1 0')).toMatchObject({ outcome: 'cancelled', report: 'SIGTERM' })
})
