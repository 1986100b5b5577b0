import { setImmediate } from 'node:timers/promises'
import type { Boss } from '../boss/boss.js'
import type { Counts } from '../boss/boss-document.js'
import { meaningOf } from '../boss/ending.js'
import type { Floor } from './floor.js'
import type { LiveBoss } from './live-boss.js'
import type { Site } from './site.js'
import type { Turns } from './turn.js'

/** What does not agree, for a person; empty when everything does. */
export type Breaches = string[]

/**
 * Holds what is in memory against itself and against the store: the ledger grants what workers hold, batches are held once, each instruction is in
 * one place, counts are the rows of the store. Between two turns, so that nothing is half done.
 */
export async function checkConsistency(floor: Floor, turns: Turns): Promise<Breaches> {
  // what is known of ends may wait as mail, above all when the store has just accepted again
  await turns.post(() => undefined)
  const { breaches, bosses } = await turns.look(() => ({
    breaches: [
      ...[...floor.sites.values()].flatMap((site) => ledgerBreaches(floor, site)),
      ...[...floor.bosses.values()].flatMap((live) => bossBreaches(floor, live)),
    ],
    bosses: [...floor.bosses.keys()],
  }))
  for (const boss of bosses) {
    await setImmediate()
    const began = await turns.look(() => turns.changes)
    const stored = await storedCounts(floor, boss)
    const [after, changes] = await turns.look(() => [floor.bosses.get(boss)?.boss.counts, turns.changes] as const)
    // what went on meanwhile is no breach, even if it came to the same counts again
    if (after && changes === began && !same(stored, after)) {
      breaches.push(`Boss ${boss} counts ${JSON.stringify(after)} and the store has ${JSON.stringify(stored)}`)
    }
  }
  return breaches
}

function ledgerBreaches({ bosses, batches }: Floor, site: Site): Breaches {
  const { ledger } = site
  const breaches: Breaches = []
  const held = ledger.held()
  const slots = held.reduce((sum, { cores }) => sum + cores, 0)
  const memory = held.reduce((sum, grant) => sum + grant.memory, 0)
  if (slots !== ledger.used.slots) breaches.push(`the ledger has ${ledger.used.slots} slots in use, its places hold ${slots}`)
  if (Math.abs(memory - ledger.used.memory) > 1e-6)
    breaches.push(`the ledger has ${ledger.used.memory} MiB in use, its places hold ${memory}`)
  const workers = new Set([...batches.values()].map(({ worker }) => worker).filter(({ live }) => live.site === site))
  for (const live of bosses.values()) if (live.site === site) for (const worker of live.workers) workers.add(worker)
  const granted = new Set([...workers].map(({ grant }) => grant.id))
  for (const { id, boss } of held) if (!granted.has(id)) breaches.push(`place ${id} of Boss ${boss} is granted to no worker`)
  for (const { grant, batches: own } of workers) {
    if (!held.some(({ id }) => id === grant.id)) breaches.push(`a worker of Boss ${grant.boss} has place ${grant.id}, which is not granted`)
    if (own.length === 0) breaches.push(`the worker at place ${grant.id} holds nothing`)
    for (const { f } of own) if (!batches.has(f)) breaches.push(`frame ${f} at place ${grant.id} is not known`)
  }
  for (const [f, { worker, batch }] of batches) if (!worker.batches.includes(batch)) breaches.push(`frame ${f} is with no worker`)
  return breaches
}

function bossBreaches(floor: Floor, live: LiveBoss): Breaches {
  const breaches: Breaches = []
  const { boss, queue, delayed, workers } = live
  const held: number[] = []
  for (const { batches } of workers) {
    for (const { entries, done, decided } of batches) {
      if (decided < done) breaches.push(`Boss ${boss.id}: a batch has ${done} rows done and ${decided} decided`)
      for (const { id } of entries.slice(done)) held.push(id)
    }
  }
  const once = new Set(held)
  if (once.size !== held.length) breaches.push(`Boss ${boss.id}: an instruction is with two workers`)
  // while the store refuses, what is known of ends waits with the mail that is held
  const settled = floor.refusing === undefined
  for (const id of boss.working.keys())
    if (settled && !once.has(id)) breaches.push(`Boss ${boss.id}: instruction ${id} works with no worker`)
  if (boss.working.size !== boss.counts.working)
    breaches.push(`Boss ${boss.id}: ${boss.working.size} work, it counts ${boss.counts.working}`)
  const waiting = queue.size + live.arrivingSize + delayed.size + once.size - boss.working.size
  // what came back and shall end does so in the next turn; until then it waits again if the Boss was loaded anew
  const ending = [...live.doomed.keys()].filter((id) => !once.has(id)).length
  const { pending } = boss.counts
  if (settled && (pending < waiting || pending > waiting + ending)) {
    breaches.push(`Boss ${boss.id}: ${waiting} wait, it counts ${pending} pending`)
  }
  return breaches
}

/** Counts as the rows of the store make them. */
async function storedCounts({ store }: Floor, boss: Boss['id']): Promise<Counts> {
  const counts: Counts = { pending: 0, working: 0, succeeded: 0, failed: 0, cancelled: 0 }
  const [outcomes, working, appended] = await Promise.all([
    store.read('outcomesOf', boss),
    store.read('brokenOff', boss),
    store.read('appendedTo', boss),
  ])
  let ended = 0
  for (const { outcome, n } of outcomes) {
    counts[meaningOf(outcome)?.outcome ?? 'failed'] += n
    ended += n
  }
  counts.working = working.length
  counts.pending = appended - ended - working.length
  return counts
}

const same = (a: Counts, b: Counts) => (Object.keys(a) as (keyof Counts)[]).every((name) => a[name] === b[name])
