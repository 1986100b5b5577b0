/** Appends that came in within so many ms count as one. */
const togetherMs = 100
/** As many are told apart; of more, neighbours become one. */
const most = 4_096

/** When the instructions of a Boss were appended, as far as it can be said in little memory: to 100 ms, of very many appends more roughly. */
export class Arrivals {
  /** First id of each append, rising. */
  private readonly firsts: number[] = []
  /** ms since 1970 */
  private readonly times: number[] = []
  private apartMs = togetherMs
  /** Where the last answer was found: mostly the next one is there, too. */
  private last = 0

  /** @param first id of an append. Ids are set aside while appends are on their way, so it may lie below those of earlier ones. */
  note(first: number, at: number): void {
    const before = this.indexOf(first)
    if (before >= 0 && Math.abs(at - (this.times[before] ?? 0)) < this.apartMs) return
    this.firsts.splice(before + 1, 0, first)
    this.times.splice(before + 1, 0, at)
    while (this.firsts.length > most) this.thin()
  }

  /** When an instruction was appended, ms since 1970; undefined when that was before the daemon started. */
  of(id: number): number | undefined {
    return this.times[this.indexOf(id)]
  }

  /** Where the last append begins that does so at `id` or below it; -1 when there is none. */
  private indexOf(id: number): number {
    const { firsts, last } = this
    if ((firsts[last] ?? Infinity) <= id && id < (firsts[last + 1] ?? Infinity)) return last
    let from = 0
    let to = firsts.length
    while (from < to) {
      const middle = (from + to) >> 1
      if ((firsts[middle] ?? 0) <= id) from = middle + 1
      else to = middle
    }
    return (this.last = from - 1)
  }

  /** What came in twice as far apart as before counts as one from now on, with the time of the first. */
  private thin(): void {
    this.apartMs *= 2
    let kept = 0
    for (let at = 0; at < this.firsts.length; at++) {
      const time = this.times[at] ?? 0
      if (kept > 0 && Math.abs(time - (this.times[kept - 1] ?? 0)) < this.apartMs) continue
      this.firsts[kept] = this.firsts[at] ?? 0
      this.times[kept++] = time
    }
    this.firsts.length = kept
    this.times.length = kept
    this.last = 0
  }
}
