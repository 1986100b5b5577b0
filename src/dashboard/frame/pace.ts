import { signal } from '@preact/signals'
import { listen } from './live.js'

/** How fast Bosses go: what ended in the last seconds, each second by itself. */
const windowS = 30
const seconds = new Map<number, Map<number, number>>()

/** Counts anew with each batch of events, so that what shows a pace is drawn again. */
export const paceVersion = signal(0)

listen((events) => {
  for (const { type, boss, at, n } of events) {
    if (type !== 'instructions.reported' || boss === undefined) continue
    const second = Math.floor(Date.parse(at) / 1000)
    let ofBoss = seconds.get(boss)
    if (!ofBoss) seconds.set(boss, (ofBoss = new Map()))
    ofBoss.set(second, (ofBoss.get(second) ?? 0) + Number(n))
  }
  forget()
  paceVersion.value++
})

function forget(): void {
  const oldest = Math.floor(Date.now() / 1000) - windowS
  for (const [boss, ofBoss] of seconds) {
    for (const second of ofBoss.keys()) if (second < oldest) ofBoss.delete(second)
    if (ofBoss.size === 0) seconds.delete(boss)
  }
}

/** Instructions a second that a Boss ended of late; 0 when none did. */
export function paceOf(boss: number): number {
  const ofBoss = seconds.get(boss)
  if (!ofBoss) return 0
  const now = Date.now() / 1000
  const oldest = Math.min(...ofBoss.keys())
  const n = [...ofBoss.values()].reduce((sum, one) => sum + one, 0)
  // what has just begun is measured over what there is of it
  return n / Math.max(2, Math.min(windowS, now - oldest))
}
