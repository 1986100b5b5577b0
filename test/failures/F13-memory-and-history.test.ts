import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { lineTest as test } from '../support/daemon.js'
import { scaled } from '../support/scale.js'

/** MiB that a process holds. */
const memoryOf = (pid: number) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1024

test('history is on disk: what a daemon holds in memory does not grow with what it has carried out', async ({ daemon }) => {
  const values = Array.from({ length: scaled(3_000, 100_000) }, (_, i) => i)
  const measured: number[] = []
  for (let round = 0; round < scaled(8, 50); round++) {
    const boss = await daemon.hire({ common_instructions: { kind: 'noop' }, individual_instructions: { value: values }, end: true })
    expect((await daemon.reportOnceOver(boss)).status).toBe('finished')
    measured.push(memoryOf(daemon.pid))
  }
  const warm = Math.max(...measured.slice(0, 4))
  expect(measured.at(-1), `MiB: ${measured.map(Math.round).join(' ')}`).toBeLessThan(warm + 50)
})
