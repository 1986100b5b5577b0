import { expect, test } from 'vitest'
import { longerFirst } from '../../src/scheduler/longer-first.js'
import { maxMemory } from '../../src/scheduler/max-memory.js'
import { Pending, type Fit } from '../../src/scheduler/pending.js'
import type { Entry } from '../../src/scheduler/scheduler.js'
import { anEntry } from '../scheduler/make.js'
import { patience, scaled } from '../support/scale.js'

const entries = scaled(100_000, 1_000_000)
const shapes = 1_000

/** A queue that counts how often it is searched. */
class Counted extends Pending {
  searches = 0

  override firstFitting(fit: Fit, after?: Entry): Entry | undefined {
    this.searches++
    return super.firstFitting(fit, after)
  }
}

const shaped = (id: number): Entry => anEntry({ id, memory: 500 + (id % shapes), expectedTime: (id * 7919) % 1_000, cores: 1 + (id % 4) })
const base = { ceilingMiB: 2_000, perTaskMiB: 2_048, percentage: 0.75, binded: false }

test.each([
  ['longer first', longerFirst({ ...base, maxThreads: 64 }), true],
  ['max memory', maxMemory(base), false],
])(
  'F12: a decision of %s among a thousand shapes takes one search for each launch and one more',
  { timeout: patience(60_000) },
  (_name, policy, longestFirst) => {
    const queue = new Counted({ longestFirst, perTaskMiB: base.perTaskMiB })
    for (let id = 1; id <= entries; id++) queue.add(shaped(id))
    const launches = policy.launchable(queue, [], { cores: 64, memory: 1e9 }, 64)
    expect(launches.length).toBeGreaterThan(0)
    expect(queue.searches).toBeLessThanOrEqual(launches.length + 1)
    // also when nothing fits: the machine is full, and as much waits
    queue.searches = 0
    const working = Array.from({ length: 4 }, (_, ticket) => ({ ticket, memory: 400, fileA: undefined, fileB: undefined }))
    expect(policy.launchable(queue, working, { cores: 64, memory: 1e9 }, 60)).toEqual([])
    expect(queue.searches).toBe(1)
  },
)
