import { lose } from './crew-mail.js'
import type { Floor } from './floor.js'
import { recall } from './recall.js'

const lookMs = 20
/** How long workers have to say what they have begun, whatever the grace: what is not known to have begun is not known to have been lost. */
const answerMs = 200
/** At most so often the log is told how many still work. */
const tellMs = 1_000

/** Workers that carry something out. */
export const atWork = (floor: Floor): number => new Set([...floor.batches.values()].map(({ worker }) => worker)).size

/**
 * Nothing new starts and nothing is taken from now on. What workers hold ahead comes back; what runs has its time.
 * Resolves when nothing runs any more, or after `graceMs`, but not before workers have said what they have begun.
 */
export async function drain(floor: Floor, graceMs: number): Promise<void> {
  floor.draining = true
  let asked = false
  floor.turn.mail(() =>
    floor.turn.after(() => {
      floor.bosses.forEach((live) => recall(floor, live))
      asked = true
    }),
  )
  const unheard = () => !asked || [...floor.batches.values()].some(({ batch }) => batch.askedBack !== undefined)
  const [until, answers] = [performance.now() + graceMs, performance.now() + answerMs]
  let [told, toldAt] = [-1, -Infinity]
  const goesOn = (now: number) => floor.batches.size > 0 && (now < until || (now < answers && unheard()))
  for (let now = performance.now(); goesOn(now); now = performance.now()) {
    const working = atWork(floor)
    if (working !== told && now - toldAt >= tellMs) {
      ;[told, toldAt] = [working, now]
      floor.log.info({ working, seconds_left: Math.ceil((until - now) / 1000) }, `going down: ${working} still at work`)
    }
    await new Promise((resolve) => setTimeout(resolve, lookMs))
  }
}

/**
 * Inside a message: what is at work will be killed. Its attempts end here, with the reason on record, and the next start tries it again;
 * what its workers say from now on is not heeded.
 */
export function breakOff(floor: Floor, reason: string): void {
  let broken = 0
  for (const { worker, batch } of floor.batches.values()) {
    batch.entries.forEach((entry, row) => {
      if (row < batch.decided || !worker.live.boss.working.has(entry.id)) return
      lose(floor, worker, batch, row, reason)
      broken++
    })
    batch.decided = batch.entries.length
  }
  if (broken > 0)
    floor.turn.after(() => floor.log.warn({ instructions: broken }, `${reason}: what ran is tried again after the next start`))
}
