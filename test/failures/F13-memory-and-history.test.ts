import { expect } from 'vitest'
import { lineTest as test } from '../support/daemon.js'
import { memoryOf } from '../support/processes.js'
import { measured, scaled } from '../support/scale.js'

test('history is on disk: what a daemon holds in memory does not grow with what it has carried out', async ({ daemon }) => {
  const values = Array.from({ length: scaled(3_000, 100_000) }, (_, i) => i)
  const rounds = scaled(8, 50)
  const holds: number[] = []
  for (let round = 0; round < rounds; round++) {
    const boss = await daemon.hire({ common_instructions: { kind: 'noop' }, individual_instructions: { value: values }, end: true })
    expect((await daemon.reportOnceOver(boss)).status).toBe('finished')
    holds.push(memoryOf(daemon.pid))
  }
  const all = holds.map(Math.round).join(' ')
  measured('F13', `${rounds * values.length} instructions, MiB: ${all}`)
  // as `soak -- long`: what it holds in the first tenth, and 50 MiB
  const warm = Math.max(...holds.slice(0, Math.max(4, rounds / 10)))
  expect(holds.at(-1), `MiB: ${all}`).toBeLessThan(warm + 50)
})
