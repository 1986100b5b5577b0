import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { failuresTest } from './daemon.js'
import { scaled } from '../support/scale.js'

failuresTest('tasks that keep every core busy and hear nothing are taken for alive: none is started twice', async ({ daemon, dir }) => {
  const files = Array.from({ length: cpus().length + 2 }, (_, i) => join(dir, String(i)))
  const boss = await daemon.hire({
    scheduler: { limit: 'threads', max_threads: cpus().length },
    // those that fill the cores last, one for each core and two that come behind them
    instructions: files.map((file, i) => ({ kind: 'busy', ms: i < cpus().length ? scaled(1_000, 600_000) : 1_000, file })),
    end: true,
  })
  const { workers_report: entries } = await daemon.reportOnceOver(boss)
  expect(entries.every(({ outcome, attempt }) => outcome === 'succeeded' && attempt === 1)).toBe(true)
  expect(files.map((file) => readFileSync(file, 'utf8'))).toEqual(files.map(() => 'x'))
})
