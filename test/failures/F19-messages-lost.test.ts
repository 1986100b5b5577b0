import { expect } from 'vitest'
import { lineTest as test } from '../support/daemon.js'

const damages = [
  'closes-reports',
  'closes-frames',
  'writes-garbage',
  'writes-half',
  'reports-twice',
  'claims-another',
  'goes-silent',
] as const

for (const damage of damages) {
  test(`F19: a worker whose pipe ${damage.replace('-', ' ')} ends its own instruction, and the Boss comes to its end`, async ({
    daemon,
  }) => {
    const boss = await daemon.hire({
      scheduler: { limit: 'threads', max_threads: 2 },
      instructions: [
        ...Array.from({ length: 20 }, () => ({ kind: 'noop' })),
        { kind: 'saboteur', damage, timeout: 1.5, grace: 0 },
        ...Array.from({ length: 20 }, () => ({ kind: 'noop' })),
      ],
      end: true,
    })
    const { workers_report } = await daemon.reportOnceOver(boss)
    expect(workers_report).toHaveLength(41)
    expect(new Set(workers_report.map(({ instruction }) => instruction)).size).toBe(41)
    const others = workers_report.filter(({ kind }) => kind === 'noop')
    expect(others.filter(({ outcome }) => outcome !== 'succeeded')).toEqual([])
    expect((await daemon.boss(boss)).counts).toMatchObject({ pending: 0, working: 0 })
  })
}
