import { isWanted, renderGap } from '../boss/event.js'
import type { Events } from '../store/events.js'
import type { Telling, View } from './telling.js'

/** A live follower that takes nothing for so long, while more waits for it than is held for it, has stalled. */
const stallMs = 2_000
/** So many entries of the log one that has stalled is still sent; of more it is told of a gap. */
const mostMissed = 10_000
const retryMs = 1_000

/** How a follower is reached. */
export interface Reader {
  /** Takes events in the form of its view. @returns false when the reader cannot keep up: the feed then waits for `drained`. */
  send(events: Uint8Array): boolean
  /** Called after the last event of a Boss that is over was sent. */
  over(): void
}

/** Where a follower finds what it has missed. */
export interface Sources {
  /** Out of what was told last; undefined when it is not all there any more. */
  recent(after: number): readonly Telling[] | undefined
  /** Out of the store. */
  next(after: number): Promise<Events>
  /** seq before the last entry of the log that concerns it */
  beforeLast(): Promise<number>
}

/** One reader: live, or behind and being sent what it missed, or waiting until it takes more. */
export class Follower {
  private state: 'live' | 'behind' | 'full' | 'closed' = 'full'
  /** Whether the store has said that its Boss is not over: its end is then told later. */
  private hasLooked: boolean
  /** It had caught up before: what it misses now it need not be sent. */
  private wasLive = false
  private fullSince = Infinity
  /** It was sent the end of its Boss, and comes to its own when it has taken that. */
  private isLast = false

  constructor(
    private readonly sources: Sources,
    private readonly view: View,
    private readonly boss: number | undefined,
    /** Everything up to this seq was sent. */
    private cursor: number,
    private readonly reader: Reader,
  ) {
    this.hasLooked = boss === undefined
  }

  get isBehind(): boolean {
    return this.state === 'behind' || this.state === 'full'
  }

  takes(boss: number): boolean {
    return this.state === 'live' && this.view.isAbout(boss)
  }

  /** @returns whether it was told. */
  tell(telling: Telling): boolean {
    if (this.state !== 'live') return false
    this.pass(telling)
    return true
  }

  hear(boss: number, text: string): void {
    if (this.takes(boss) && isWanted(this.view.wanted, boss, text)) this.send(this.view.bytes([text], 'utf8'))
  }

  /** @param earliest seq before which nothing is sent: of what it misses so it is told as of a gap. */
  async catchUp(earliest = 0): Promise<void> {
    if (this.state !== 'full') return
    if (this.isLast) return this.finish()
    let stalled = this.wasLive && performance.now() - this.fullSince >= stallMs
    this.state = 'behind'
    if (earliest > this.cursor) this.skip(earliest)
    while (this.state === 'behind') {
      const recent = this.hasLooked ? this.sources.recent(this.cursor) : undefined
      if (recent) {
        this.state = 'live'
        this.wasLive = true
        for (const telling of recent) this.tell(telling)
        return
      }
      let page
      try {
        const before = stalled ? await this.sources.beforeLast() : 0
        if (before - this.cursor > mostMissed) this.skip(before)
        stalled = false
        page = this.state === 'behind' ? await this.sources.next(this.cursor) : undefined
      } catch {
        page = undefined // the store cannot be read: the reader keeps its place and is asked again with the next page
      }
      if (this.state !== 'behind') return
      if (!page) {
        await new Promise((resolve) => setTimeout(resolve, retryMs).unref())
        continue
      }
      this.hasLooked = true
      this.cursor = Math.max(this.cursor, page.upTo)
      this.isLast = page.over
      if (page.n > 0 && !this.send(page.lines)) return
      if (this.isLast) this.finish()
    }
  }

  close(): void {
    this.state = 'closed'
  }

  private skip(to: number): void {
    if (this.state !== 'behind') return
    const gap = renderGap(this.cursor + 1, to, Date.now())
    this.cursor = to
    this.send(this.view.bytes([gap], 'utf8'))
  }

  private pass(telling: Telling): void {
    for (const { body, last, over } of telling.messages(this.view, this.cursor)) {
      this.cursor = last
      this.isLast = this.boss !== undefined && over
      if (!this.send(body)) return
      if (this.isLast) return this.finish()
    }
    this.cursor = Math.max(this.cursor, telling.last)
  }

  private send(events: Uint8Array): boolean {
    const takesMore = this.reader.send(events)
    if (takesMore) return true
    this.state = 'full'
    this.fullSince = performance.now()
    return false
  }

  private finish(): void {
    this.close()
    this.reader.over()
  }
}
