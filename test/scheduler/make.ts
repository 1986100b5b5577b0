import type { Entry, Working } from '../../src/scheduler/scheduler.js'

export const WIDE = { cores: Infinity, memory: Infinity }

export const anEntry = (entry: Partial<Entry> & { id: number }): Entry => ({
  priority: 0,
  memory: undefined,
  expectedTime: undefined,
  cores: 1,
  fileA: undefined,
  fileB: undefined,
  kind: 0,
  nameHash: 0,
  ...entry,
})

export const aWorker = (worker: Partial<Working> = {}): Working => ({
  ticket: null,
  memory: undefined,
  fileA: undefined,
  fileB: undefined,
  ...worker,
})

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
