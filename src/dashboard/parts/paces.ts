import type { Boss, Event } from '../../client/client.js'

/** What ended in the last seconds is counted, s. */
const windowS = 30
/** Of what takes longer so few end in that time that their number is chance, s. */
const longS = 3
/** Reports after which what one takes is half forgotten: work changes. */
const remembered = 32

interface Pace {
  /** what ended, each second by itself */
  readonly seconds: Map<number, number>
  /** how many reports say what one takes, and s of them together */
  n: number
  took: number
}

/** How fast Bosses go, made of events: what is short is counted; what is long goes as fast as those that are at work take. */
export class Paces {
  private readonly paces = new Map<number, Pace>()

  hear(events: readonly Event[]): void {
    for (const { type, boss, at, n: told, started_at: start, finished_at: end } of events) {
      if (boss === undefined) continue
      if (type === 'boss.over') this.paces.delete(boss)
      if (type !== 'instructions.reported') continue
      const pace: Pace = this.paces.get(boss) ?? { seconds: new Map(), n: 0, took: 0 }
      this.paces.set(boss, pace)
      const [second, n] = [Math.floor(Date.parse(at) / 1000), Number(told)]
      pace.seconds.set(second, (pace.seconds.get(second) ?? 0) + n)
      if (pace.seconds.size > 2 * windowS) forget(pace, second)
      if (start === null) continue // it never began
      if (pace.n > remembered) [pace.n, pace.took] = [pace.n / 2, pace.took / 2]
      pace.n += n
      pace.took += (Date.parse(end as string) - Date.parse(start as string)) / 1000
    }
  }

  /** Instructions a second that a Boss ends; 0 as long as nobody knows. @param at ms since 1970. */
  of(
    { id, counts, halted }: Pick<Boss, 'id' | 'halted'> & { readonly counts: Pick<Boss['counts'], 'pending' | 'working'> },
    at: number,
  ): number {
    const pace = this.paces.get(id)
    if (!pace) return 0
    const now = at / 1000
    forget(pace, now)
    // between two there is a moment in which none works
    if (pace.took / pace.n > longS) return ((counts.working || (halted || counts.pending === 0 ? 0 : 1)) * pace.n) / pace.took
    const n = [...pace.seconds.values()].reduce((sum, one) => sum + one, 0)
    // what has just begun is measured over what there is of it
    return n === 0 ? 0 : n / Math.max(2, Math.min(windowS, now - Math.min(...pace.seconds.keys())))
  }
}

function forget({ seconds }: Pace, now: number): void {
  for (const second of seconds.keys()) if (second < now - windowS) seconds.delete(second)
}
