import { expect } from 'vitest'
import { surveyMachine } from '../../src/machine.js'
import { affinity, socketPacked } from '../../src/topology.js'
import { lineTest as test } from '../support/daemon.js'

const { cpus, topology } = surveyMachine()

test('places are granted in socket-packed order', async ({ daemon }) => {
  const { body } = await daemon.call<{ cores: { cpus: number[]; order: number[] } }>('GET', '/v1/resources')
  expect(body.cores).toMatchObject({ cpus, order: socketPacked(topology, 1) })
})

test('a program runs on the block of its ticket, whose CPUs its report names', async ({ daemon }) => {
  const row = { kind: 'command', program: 'sh', args: ['-c', 'echo "$TAYLORD_CPUS"'], taskset: 'numapacked', block_size: 1 }
  const boss = await daemon.hire({ scheduler: { limit: 'threads', max_threads: 2 }, instructions: [row, row, row], end: true })
  const { workers_report } = await daemon.reportOnceOver(boss)
  for (const { cpus: used, scheduler_ticket: ticket, report } of workers_report) {
    expect(used).toEqual(affinity(topology, 'numapacked', 1, ticket ?? 0).cpus)
    expect((report as { stdout: string }).stdout).toBe(`${used.join(',')}\n`)
  }
})

test('an order that there is not is refused at append', async ({ daemon }) => {
  const row = { kind: 'command', program: 'true', taskset: 'roundrobin' }
  const { status, body } = await daemon.call('POST', '/v1/bosses', { json: { instructions: [row] } })
  expect([status, body]).toMatchObject([422, { code: 'no-adequate-worker', kinds: { command: { taskset: expect.any(String) as string } } }])
})
