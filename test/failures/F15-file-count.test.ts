import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { lineTest as test } from '../support/daemon.js'
import { scaled } from '../support/scale.js'

test('any number of instructions with long output leave a few files, and none when their Boss is removed', async ({ daemon }) => {
  const n = scaled(200, 20_000)
  const boss = await daemon.hire({
    scheduler: { limit: 'threads', max_threads: 2 },
    common_instructions: { kind: 'command', program: 'sh' },
    individual_instructions: { args: Array.from({ length: n }, (_, i) => ['-c', 'seq $0 $(($0 + 3000))', String(i)]) },
    end: true,
  })
  await daemon.reportOnceOver(boss)
  const dir = join(daemon.data, 'outputs', String(boss.id))
  expect(readdirSync(dir).length).toBeLessThanOrEqual(4)
  for (const id of [1, 99, n]) {
    const { body } = await daemon.get<Buffer>(`/v1/bosses/${boss.id}/instructions/${id}/output`)
    expect(body.toString()).toBe(Array.from({ length: 3001 }, (_, i) => `${id - 1 + i}\n`).join(''))
  }
  await daemon.call('DELETE', `/v1/bosses/${boss.id}`)
  expect(existsSync(dir)).toBe(false)
})
