import { isWanted, renderGap } from './boss/event.js'
import { spanOf, type Fact } from './boss/fact.js'
import { messageBytes, newsOf, Recent, Telling, type Told, type Untold, type View } from './feed/telling.js'
import type { Events } from './store/facts.js'
import type { Store } from './store/store.js'

/** After a telling of more than so many bytes, to all followers together, the next comes no sooner than so much later and takes all that came. */
const large = { bytes: 16 * 1024, restMs: 20 }
/** A live follower that takes nothing for so long, while more waits for it than is held for it, has stalled. */
const stallMs = 2_000
/** So many entries of the log one that has stalled is still sent; of more it is told of a gap. */
const mostMissed = 10_000
const retryMs = 1_000

/** A follower's end of the feed. */
export interface Subscription {
  /** The reader takes more again, after `send` answered false. */
  drained(): void
  close(): void
}

/** How a follower is reached. */
export interface Reader {
  /** Takes events in the form of its view. @returns false when the reader cannot keep up: the feed then waits for `drained`. */
  send(events: Uint8Array): boolean
  /** Called after the last event of a Boss that is over was sent. */
  over(): void
}

/**
 * Committed facts to followers: replay from a sequence number out of the store, then live. A reader that cannot keep up is not waited for:
 * nothing is held for it or done for it here, it is sent the rest as it takes it: from what was told last, or from the store. One that was
 * live, has stalled and missed much is told of a gap instead, and goes on live; it may ask again, from before the gap, for what is in it.
 */
export class Feed {
  private readonly followers = new Set<Follower>()
  private readonly recent: Recent
  /** What is to be told when the rest after the last telling is over. */
  private fresh: (Told | Untold)[] = []
  private rest: NodeJS.Timeout | undefined
  private reading: Promise<unknown> = Promise.resolve()

  /** @param newest seq of the last entry of the log. */
  constructor(
    private readonly store: Store,
    private newest: number,
  ) {
    this.recent = new Recent(newest)
  }

  /**
   * Tells committed facts: at once, unless the last ones were many.
   * @param first seq of the first entry of the facts.
   */
  publish(facts: readonly Fact[], first: number): void {
    let seq = first
    for (const fact of facts) {
      const span = spanOf(fact)
      if (span > 0 && this.followers.size > 0) this.fresh.push(newsOf(fact, seq))
      seq += span
    }
    this.newest = seq - 1
    if (this.followers.size === 0) this.recent.forget(this.newest)
    else if (!this.rest) this.tell()
  }

  /**
   * @param boss id of the Boss whose end is the end of all that is to be told; undefined: there is none.
   * @param since exclusive; 0 = from the oldest kept; undefined = live only.
   */
  subscribe(view: View, boss: number | undefined, since: number | undefined, reader: Reader): Subscription {
    const sources = {
      recent: (after: number) => this.recent.since(after),
      next: (after: number) => this.inTurn(() => this.store.read('events', boss, after, messageBytes, view.wanted, view.form)),
      beforeLast: () => this.inTurn(() => this.store.read('beforeLast', boss)),
    }
    const follower = new Follower(sources, view, boss, since ?? this.newest, reader)
    this.followers.add(follower)
    void follower.catchUp()
    return {
      drained: () => void follower.catchUp(),
      close: () => {
        follower.close()
        this.followers.delete(follower)
        if (this.followers.size > 0) return
        this.fresh = []
        this.recent.forget(this.newest)
      },
    }
  }

  /** How many follow. */
  get followed(): number {
    return this.followers.size
  }

  /** Whether a Boss is over and nothing of the view is behind `since`. */
  async isDone(view: View, boss: number, since: number): Promise<boolean> {
    const { n, over } = await this.inTurn(() => this.store.read('events', boss, since, 1, view.wanted, view.form))
    return over && n === 0
  }

  /** Tells those who are live now something that is in no log; whoever is behind does not hear of it. @param render makes its text. */
  mention(boss: number, render: () => string): void {
    if (!this.watched(boss)) return
    this.tell() // what came before it
    const text = render()
    for (const follower of this.followers) follower.hear(boss, text)
  }

  /** Resolves when everybody was told what is committed. One that takes nothing keeps it waiting. */
  async toldAll(): Promise<void> {
    this.tell()
    while ([...this.followers].some(({ isBehind }) => isBehind)) await new Promise((resolve) => setTimeout(resolve, 10))
  }

  /** Whether anybody is told at once of what becomes of a Boss. */
  watched(boss: number): boolean {
    for (const follower of this.followers) if (follower.takes(boss)) return true
    return false
  }

  /** Tells what has gathered. A large telling is followed by a rest: few large messages cost everybody less than many small ones. */
  private tell(): void {
    clearTimeout(this.rest)
    this.rest = undefined
    if (this.fresh.length === 0) return
    const telling = new Telling(this.fresh, this.newest)
    this.fresh = []
    this.recent.add(telling)
    let live = 0
    for (const follower of this.followers) if (follower.tell(telling)) live++
    if (live * telling.bytes > large.bytes) this.rest = setTimeout(() => this.tell(), large.restMs)
  }

  /** One page is read at a time, however many followers are behind: other questions to the store wait for no more than that one. */
  private inTurn<T>(read: () => Promise<T>): Promise<T> {
    const mine = this.reading.then(read)
    this.reading = mine.catch(() => undefined)
    return mine
  }
}

/** Where a follower finds what it has missed. */
interface Sources {
  /** Out of what was told last; undefined when it is not all there any more. */
  recent(after: number): readonly Telling[] | undefined
  /** Out of the store. */
  next(after: number): Promise<Events>
  /** seq before the last entry of the log that concerns it */
  beforeLast(): Promise<number>
}

/** One reader: live, or behind and being sent what it missed, or waiting until it takes more. */
class Follower {
  private state: 'live' | 'behind' | 'full' | 'closed' = 'full'
  /** Whether the store has said that its Boss is not over: its end is then told later. */
  private hasLooked: boolean
  /** It had caught up before: what it misses now it need not be sent. */
  private wasLive = false
  private fullSince = Infinity

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

  async catchUp(): Promise<void> {
    if (this.state !== 'full') return
    let stalled = this.wasLive && performance.now() - this.fullSince >= stallMs
    this.state = 'behind'
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
        if (stalled) this.skip(await this.sources.beforeLast())
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
      if (page.n > 0 && !this.send(page.lines)) return
      if (page.over) this.finish()
    }
  }

  close(): void {
    this.state = 'closed'
  }

  private skip(to: number): void {
    if (to - this.cursor <= mostMissed || this.state !== 'behind') return
    const gap = renderGap(this.cursor + 1, to, Date.now())
    this.cursor = to
    this.send(this.view.bytes([gap], 'utf8'))
  }

  private pass(telling: Telling): void {
    for (const { body, last, over } of telling.messages(this.view, this.cursor)) {
      this.cursor = last
      if (!this.send(body)) return
      if (this.boss !== undefined && over) return this.finish()
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
