import { expect } from 'vitest'
import { lineTest as test } from '../support/daemon.js'
import { scaled } from '../support/scale.js'

const n = scaled(2_000, 100_000)

test('50 followers hear all of thousands of instructions, and others are answered meanwhile', async ({ daemon }) => {
  const boss = await daemon.hire({
    scheduler: { limit: 'threads', max_threads: 2 },
    start: false,
    common_instructions: { kind: 'noop' },
    individual_instructions: { value: Array<number>(n).fill(1) },
    end: true,
  })
  const path = `/v1/bosses/${boss.id}/events`
  const live = await Promise.all(Array.from({ length: 25 }, () => daemon.listen(path)))
  await daemon.tell(boss, 'work')
  const replaying = await Promise.all(Array.from({ length: 25 }, () => daemon.listen(`${path}?since=0`)))
  let answered = 0
  while ((await daemon.boss(boss)).over_at === undefined) answered += (await daemon.get('/livez')).status === 200 ? 1 : 0
  expect(answered).toBeGreaterThan(0)
  for (const listener of [...live, ...replaying]) {
    expect(await listener.untilClosed()).toBe(1000)
    const reported = listener.events.filter(({ type }) => type === 'instruction.reported').map(({ instruction }) => instruction)
    expect(new Set(reported).size).toBe(n)
    expect(reported).toHaveLength(n)
    expect(listener.events.at(-1)?.type).toBe('boss.over')
  }
})
