import { expect } from 'vitest'
import { lineTest as test } from '../support/daemon.js'
import { scaled } from '../support/scale.js'

const rounds = scaled(4, 100)

test('64 clients that write at the same time meet no error, and every instruction is there once', async ({ daemon }) => {
  const boss = await daemon.hire({ start: false })
  const statuses = new Map<number, number>()
  let rows = 0
  const client = async (no: number) => {
    for (let round = 0; round < rounds; round++) {
      const made = await daemon.post('/v1/bosses', { start: false, instructions: [{ kind: 'noop', value: no }] })
      const table = { instructions: Array.from({ length: 1 + (no % 5) }, () => ({ kind: 'noop', value: no })) }
      const given = await daemon.post(`/v1/bosses/${boss.id}/instructions`, table)
      const told = await daemon.post(`/v1/bosses/${boss.id}/${round % 2 === 0 ? 'halt' : 'work'}`)
      for (const { status } of [made, given, told]) statuses.set(status, (statuses.get(status) ?? 0) + 1)
      rows += table.instructions.length
    }
  }
  await Promise.all(Array.from({ length: 64 }, (_, no) => client(no)))
  expect(Object.fromEntries(statuses)).toEqual({ 201: 64 * rounds * 2, 200: 64 * rounds })
  await daemon.tell(boss, 'work')
  await daemon.tell(boss, 'end')
  await daemon.reportOnceOver(boss)
  const entries = await daemon.entries(boss)
  expect(entries.map(({ instruction }) => instruction).toSorted((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, i) => i + 1))
})
