import { assertAlive, assertListening, type Boss } from '../boss/boss.js'
import type { BossError } from '../boss/boss-document.js'
import type { Stopping } from '../boss/fact.js'
import type { StopOrder } from '../boss/ending.js'
import type { Floor } from './floor.js'
import type { LiveBoss } from './live-boss.js'
import { recall } from './recall.js'
import type { Batch, Worker } from './worker.js'

/** s between SIGTERM and SIGKILL, unless its instruction has a `grace`. */
export const usualGrace = 5

/** @throws {Refusal} boss-not-listening when this Boss takes no more instructions. */
export function assertTakes(live: LiveBoss): void {
  assertListening(live.boss)
}

/** @throws {Refusal} boss-not-listening always: a Boss that is over hears nothing more. */
export function refuseOver(boss: Boss): never {
  assertAlive(boss)
  throw new Error(`Boss ${boss.id} is not over`)
}

/** RESUME, END with it when `terminate`, STOP_LISTENING when `stop_listening`. Heard after END, too. */
export function work(floor: Floor, live: LiveBoss, { terminate, stop_listening }: { terminate?: boolean; stop_listening?: boolean }): void {
  assertAlive(live.boss)
  const { turn } = floor
  if (live.boss.halted && !live.boss.stopping) turn.record({ type: 'boss.working', boss: live.id, at: Date.now() })
  if (terminate) end(floor, live)
  if (!stop_listening) return
  turn.after(() => {
    live.deaf ??= 'heard'
    recall(floor, live) // what has not begun would keep it listening
    turn.wake()
  })
}

/** HALT: nothing more starts until `work`; what runs goes on. */
export function halt(floor: Floor, live: LiveBoss): void {
  assertAlive(live.boss)
  if (live.boss.halted || live.boss.stopping) return
  floor.turn.record({ type: 'boss.halted', boss: live.id, at: Date.now() })
  floor.turn.after(() => recall(floor, live))
}

/** END: pending work is done, no new instructions are taken. */
export function end(floor: Floor, live: LiveBoss): void {
  if (live.boss.ending || live.boss.over) return
  floor.turn.record({ type: 'boss.ending', boss: live.id, at: Date.now() })
}

/** STOP: nothing new starts, running work finishes, or is ended as well with `now`. */
export function stop(floor: Floor, live: LiveBoss, { now }: { now?: boolean }): void {
  if (live.boss.over) return
  const how: Stopping = now ? 'now' : 'stop'
  const before = live.boss.stopping
  if (before === how || before === 'error' || before === 'now') return
  stopAs(floor, live, how)
}

/** taylorism's rule under `on_error: "stop"`: one failed, so its siblings are stopped. */
export function stopForError(floor: Floor, live: LiveBoss): void {
  if (live.boss.stopping === 'error' || live.boss.stopping === 'now') return
  stopAs(floor, live, 'error')
}

/** The Boss itself cannot go on: what runs is stopped, what is pending stays. One that stops already needs nothing any more. */
export function fail(floor: Floor, live: LiveBoss, error: BossError): void {
  if (live.boss.stopping || live.boss.over) return
  stopAs(floor, live, 'error', error)
  floor.turn.after(() => floor.log.error({ boss: live.id, name: live.boss.name, error }, `Boss ${live.label} fails: ${error.message}`))
}

/** Something of a Boss can never be written: it fails. @param reason as the store tells it. */
export function failUnwritable(floor: Floor, live: LiveBoss, reason: string): void {
  fail(floor, live, {
    type: 'Unwritable',
    message: `what became of it cannot be written (${reason}); this is a bug, and the log tells more`,
  })
}

function stopAs(floor: Floor, live: LiveBoss, how: Stopping, error?: BossError): void {
  floor.turn.record({ type: 'boss.stopping', boss: live.id, at: Date.now(), how, error })
  floor.turn.after(() => {
    recall(floor, live)
    if (how !== 'stop') for (const worker of live.workers) stopRunning(floor, worker)
    floor.turn.wake()
  })
}

/** Ends what runs at a worker: SIGTERM, grace, SIGKILL. */
export function stopRunning(floor: Floor, worker: Worker): void {
  for (const batch of worker.batches) {
    if (batch.done >= batch.entries.length) continue
    // of several rows only the last that stays can be running for long: the rest are done before they can be stopped
    for (const row of new Set([batch.done, batch.entries.length - 1])) {
      stopRow(floor, batch, row, { o: 'p' })
    }
    return
  }
}

/** Ends one row that a worker holds: it does not begin, or is ended by SIGTERM, grace, SIGKILL. The first order counts. */
export function stopRow(floor: Floor, batch: Batch, row: number, order: StopOrder): void {
  if (batch.orders.has(row)) return
  batch.orders.set(row, order)
  if (batch.sent) floor.batches.get(batch.f)?.worker.live.site.crew.stop(batch.f, row, graceOf(batch, row), order)
}

/** ms that a row has to clean up after SIGTERM before SIGKILL. */
export const graceOf = ({ graces }: Batch, row: number) => (graces[row] ?? usualGrace) * 1000

/** Whether STOP_LISTENING takes effect: what started has begun, and nothing is on its way. */
export const isDeafNow = (live: LiveBoss) =>
  live.deaf === 'launched' && [...live.workers].every((worker) => worker.batches.every((batch) => batch.begun >= batch.entries.length))
