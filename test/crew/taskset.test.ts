import { expect, test } from 'vitest'
import { surveyMachine } from '../../dist/machine.js'
import type { Topology } from '../../dist/topology.js'
import { until } from '../support/temp.js'
import { aBatch, aCrew, carryOut, type Entry } from './a-crew.js'

const { cpus } = surveyMachine()
const sh = (script: string) => ({ program: 'sh', args: ['-c', script] })
const where = sh('grep Cpus_allowed_list /proc/self/status | cut -f2; echo "$TAYLORD_CPUS"')
const linesOf = ({ report }: Entry) => (report as { stdout: string }).stdout.trimEnd().split('\n')
/** Two sockets of four cores, the first with the even CPUs. */
const large: Topology = {
  cpus: Array.from({ length: 8 }, (_, cpu) => ({ cpu, socket: cpu % 2, core: cpu >> 1, node: cpu % 2 })),
  distances: [
    [10, 32],
    [32, 10],
  ],
}

/** What a program with this ticket comes to. */
async function withTicket(
  ticket: number | null,
  attributes: object,
  { crew, told } = aCrew(),
  f = 1,
  bound: number[] = [],
): Promise<Entry> {
  crew.send({ id: 1, cpus: bound }, 'program', { ...aBatch(f, 'command', [attributes]), scheduler_ticket: ticket })
  return until(() => told.reports.get(`${f} 0`), 'the report')
}

test.each(['raw', 'raw_taskset', 'socketpacked', 'numapacked'])(
  '%s binds a program to the block that its ticket names',
  async (taskset) => {
    const made = aCrew()
    for (const ticket of [0, 1, cpus.length]) {
      const entry = await withTicket(ticket, { ...where, taskset }, made, ticket + 1)
      const [cpu] = entry.cpus
      expect(linesOf(entry)).toEqual([String(cpu), String(cpu)])
      expect(cpus).toContain(cpu)
      if (taskset === 'raw') expect(cpu).toBe(cpus[ticket % cpus.length])
    }
    const free = await withTicket(0, where, made, 1000)
    expect(linesOf(free)).toEqual(linesOf(await carryOut('command', where)))
    expect(free.cpus).toEqual([])
  },
)

test('a block of several CPUs is bound as one', async () => {
  const entry = await withTicket(5, { ...where, taskset: 'socketpacked', taskset_bsize: cpus.length })
  expect(entry.cpus).toEqual(cpus)
  expect(linesOf(entry)[0]).toBe(linesOf(await carryOut('command', where))[0])
})

test("the block holds whatever place the program's host is bound to", async () => {
  const [last = 0] = cpus.slice(-1)
  const entry = await withTicket(0, { ...where, taskset: 'raw' }, aCrew(), 1, [last])
  expect(linesOf(entry)).toEqual([String(cpus[0]), String(cpus[0])])
})

test.each([
  ['raw_gomp', 1, { GOMP_CPU_AFFINITY: '4 6' }],
  ['socketpacked_omp', 1, { OMP_PLACES: '{1},{3}' }],
  ['numapacked_ompverbose', 2, { OMP_PLACES: '{4},{6}', OMP_DISPLAY_ENV: 'TRUE', OMP_DISPLAY_AFFINITY: 'TRUE' }],
])('%s tells the program of ticket %i by its environment and does not bind it', async (taskset, ticket, expected) => {
  const made = aCrew({}, large)
  const script = sh('env; grep Cpus_allowed_list /proc/self/status')
  const lines = linesOf(await withTicket(ticket, { ...script, taskset, taskset_bsize: 2 }, made, 1))
  const told = lines.filter((line) => /^(GOMP|OMP)_/.test(line)).map((line) => line.split('='))
  expect(Object.fromEntries(told)).toEqual(expected)
  const plain = linesOf(await withTicket(ticket, script, made, 2))
  expect(lines.at(-1)).toBe(plain.at(-1))
})

test('what an instruction puts into its environment itself is left as it is', async () => {
  const env = { OMP_PLACES: 'cores' }
  const entry = await withTicket(0, { ...sh('echo $OMP_PLACES'), taskset: 'raw_omp', env }, aCrew({}, large))
  expect(linesOf(entry)).toEqual(['cores'])
})

test('without a ticket the number of the instruction names the block', async () => {
  const entry = await withTicket(null, { ...sh('echo $GOMP_CPU_AFFINITY'), taskset: 'socketpacked_gomp' }, aCrew({}, large), 5)
  expect(linesOf(entry)).toEqual([String(5000 % 8)])
})

test.each([
  [{ taskset: 'raw', taskset_bsize: 9 }, 'there is no block of 9 CPUs'],
  [{ taskset: 'numapacked', taskset_bsize: 9 }, 'there is no block of 9 CPUs'],
  [{ taskset: 'cooked' }, '"taskset" must be one of raw, raw_taskset'],
  [{ taskset: 'raw', taskset_bsize: 0 }, '"taskset_bsize" must be a whole number from 1 on'],
])('%o cannot start: %s', async (attributes, message) => {
  const entry = await withTicket(0, { program: 'true', ...attributes }, aCrew({}, large))
  expect(entry).toMatchObject({ outcome: 'failed', cause: 'start', error: { message: expect.stringContaining(message) as string } })
})

test('a program that cannot be bound does not start, and the host stays as it was', async () => {
  const made = aCrew({}, { ...large, cpus: [{ cpu: 4000, socket: 0, core: 0, node: 0 }] })
  const entry = await withTicket(0, { program: 'true', taskset: 'raw' }, made, 1)
  expect(entry).toMatchObject({ outcome: 'failed', cause: 'start' })
  expect(entry.error?.message).toContain('cannot be bound to the CPUs 4000')
  expect((await withTicket(0, { ...where }, made, 2)).outcome).toBe('succeeded')
})
