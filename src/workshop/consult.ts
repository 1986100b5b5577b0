import { mayLaunch } from '../boss/boss.js'
import { PolicyFault, type Asking } from '../policy/policies.js'
import type { PendingView } from '../scheduler/answer.js'
import type { Entry } from '../scheduler/scheduler.js'
import type { Consultation } from './consultation.js'
import type { Floor } from './floor.js'
import type { LiveBoss } from './live-boss.js'
import { fail } from './signals.js'

/** Rows that are read and sent at once. */
const pageRows = 250

/**
 * Asks the user's policy of a Boss what may start, if something changed since it was asked and something could start. Its answer is mail
 * for a later turn. Called when a turn has committed and launched.
 */
export function consult(floor: Floor, live: LiveBoss): void {
  const { consultation, scheduler } = live
  if (!consultation || !scheduler.policy) return
  if (!mayLaunch(live.boss)) return consultation.pause()
  if (consultation.asking || !consultation.changed || !live.couldHire) return
  consultation.asked()
  void ask(floor, live, consultation, scheduler.policy)
}

async function ask(floor: Floor, live: LiveBoss, consultation: Consultation, policy: { name: string; module: string }): Promise<void> {
  const { turn } = floor
  // it was over before its question was put: the process was told of it after it had been told to forget it
  const isLive = () => {
    if (floor.bosses.get(live.id) === live) return true
    if (!floor.bosses.has(live.id)) floor.policies.forget(policy.module, live.id)
    return false
  }
  try {
    const pending = await consultation.look(live.queue)
    const chosen = await floor.policies.ask(policy.module, askingOf(floor, live, consultation, policy.name, pending))
    turn.mail(() =>
      turn.after(() => {
        consultation.asking = false
        if (isLive()) consultation.heed(chosen)
      }),
    )
  } catch (error) {
    if (!(error instanceof PolicyFault)) floor.log.error({ err: error, boss: live.id }, 'a policy could not be asked')
    const { type, message } = error instanceof PolicyFault ? error : { type: 'PolicyFault', message: String(error) }
    turn.mail(() => {
      turn.after(() => (consultation.asking = false))
      if (isLive()) fail(floor, live, { type, message: `the scheduler "${policy.name}": ${message}` })
    })
  }
}

function askingOf(floor: Floor, live: LiveBoss, consultation: Consultation, scheduler: string, pending: readonly number[]): Asking {
  const held = new Map<number, Entry>()
  const workers: [number, number | null][] = []
  for (const { ticket, batches } of live.workers) {
    const [batch] = batches
    const entry = batch?.entries[batch.done]
    if (!entry) continue
    held.set(entry.id, entry)
    workers.push([entry.id, ticket])
  }
  return {
    boss: live.id,
    scheduler,
    settings: live.scheduler.settings,
    pending,
    workers,
    room: roomOf(live),
    async *rowsOf(ids) {
      for (let at = 0; at < ids.length; ) {
        const { names, attributes } = await floor.bodies.read(live.id, ids.slice(at, at + pageRows))
        const page = ids.slice(at, at + attributes.length)
        at += page.length
        yield page.flatMap((id, i) => {
          const entry = held.get(id) ?? consultation.entry(id)
          return entry ? [textOf(floor, entry, names?.[i] ?? `${floor.kinds.of(entry.kind).name}-${id}`, attributes[i] ?? '{}')] : []
        })
      }
    },
  }
}

/** What the machine has besides this Boss's own workers. What other Bosses hold of it comes free, and their shares are the ledger's. */
function roomOf(live: LiveBoss) {
  let { slots: cores, memory } = live.site.ledger
  for (const { grant } of live.workers) {
    cores -= grant.cores
    memory -= grant.memory
  }
  return { cores: Math.max(0, cores), memory: Math.max(0, memory) }
}

/** @param attributes as the store has them, which nothing here needs to know. */
function textOf(floor: Floor, entry: Entry, name: string, attributes: string): string {
  const { id, kind, memory, expectedTime, cores, priority, fileA, fileB } = entry
  const view: Omit<PendingView, 'attributes'> = {
    id,
    name,
    kind: floor.kinds.of(kind).name,
    ...(memory !== undefined && { memory }),
    ...(expectedTime !== undefined && { expected_time: expectedTime }),
    cores,
    priority,
    ...(fileA !== undefined && { fileA }),
    ...(fileB !== undefined && { fileB }),
  }
  return `${JSON.stringify(view).slice(0, -1)},"attributes":${attributes}}`
}
