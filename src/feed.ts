import { spanOf, type Fact } from './boss/fact.js'
import { Follower, type Reader } from './feed/follower.js'
import { Past } from './feed/past.js'
import { briefNewsOf, gathered, newsOf, Recent, Telling, type Told, type Untold, type View } from './feed/telling.js'
import type { Store } from './store/store.js'

/** After a telling of more than so many bytes, to all followers together, the next comes no sooner than so much later and takes all that came. */
const large = { bytes: 16 * 1024, restMs: 20 }
/** Who wants it brief looks at it: more often an eye has no use for. Many who look are told less often, so that they cost no more than a few. */
const briefRest = { leastMs: 100, msEach: 5 }

/** A follower's end of the feed. */
export interface Subscription {
  /** The reader takes more again, after `send` answered false. */
  drained(): void
  close(): void
}

/**
 * Committed facts to followers: replay from a sequence number out of the store, then live. A reader that cannot keep up is not waited for:
 * nothing is held for it or done for it here, it is sent the rest as it takes it: from what was told last, or from the store. One that was
 * live, has stalled and missed much is told of a gap instead, and goes on live; it may ask again, from before the gap, for what is in it.
 */
export class Feed {
  private readonly full: Channel
  /** Of those who want it brief, which are told ten times a second and no more. */
  private readonly brief: Channel
  private readonly past: Past

  /** @param newest seq of the last entry of the log. */
  constructor(
    store: Store,
    private newest: number,
  ) {
    this.past = new Past(store)
    this.full = new Channel(
      newest,
      (fact, seq) => [newsOf(fact, seq)],
      (bytes) => (bytes > large.bytes ? large.restMs : 0),
    )
    this.brief = new Channel(newest, briefNewsOf, (_, live) => Math.max(briefRest.leastMs, live * briefRest.msEach), gathered)
  }

  /**
   * Tells committed facts: at once, unless the last ones were many.
   * @param first seq of the first entry of the facts.
   */
  publish(facts: readonly Fact[], first: number): void {
    this.newest = this.full.publish(facts, first)
    this.brief.publish(facts, first)
  }

  /**
   * @param boss id of the Boss whose end is the end of all that is to be told; undefined: there is none.
   * @param since exclusive; 0 = from the oldest kept; undefined = live only, or with `last` the last entries of the log first.
   * @param last entries of the log at most; of what is before these, and behind `since`, it is told of a gap.
   */
  subscribe(view: View, boss: number | undefined, since: number | undefined, reader: Reader, last?: number): Subscription {
    const channel = view.wanted.brief ? this.brief : this.full
    const subscribedAt = performance.now()
    const sources = {
      recent: (after: number) => channel.recent.since(after),
      next: (after: number) => this.past.page(view, boss, after, subscribedAt),
      beforeLast: () => this.past.beforeLast(boss),
    }
    const earliest = last === undefined ? 0 : roundUp(Math.max(0, this.newest - last), last)
    const follower = new Follower(sources, view, boss, since ?? (last === undefined ? this.newest : earliest), reader)
    channel.followers.add(follower)
    void follower.catchUp(since === undefined ? 0 : earliest)
    return {
      drained: () => void follower.catchUp(),
      close: () => {
        follower.close()
        channel.leave(follower)
      },
    }
  }

  /** How many follow. */
  get followed(): number {
    return this.full.followers.size + this.brief.followers.size
  }

  /** Whether a Boss is over and nothing of the view is behind `since`. */
  isDone(view: View, boss: number, since: number): Promise<boolean> {
    return this.past.isDone(view, boss, since)
  }

  /** Tells those who are live now something that is in no log; whoever is behind does not hear of it. @param render makes its text. */
  mention(boss: number, render: () => string): void {
    for (const channel of [this.full, this.brief]) {
      if (!channel.watched(boss)) continue
      channel.tell() // what came before it
      const text = render()
      for (const follower of channel.followers) follower.hear(boss, text)
    }
  }

  /** Resolves when everybody was told what is committed. One that takes nothing keeps it waiting. */
  async toldAll(): Promise<void> {
    for (const channel of [this.full, this.brief]) {
      channel.tell()
      while ([...channel.followers].some(({ isBehind }) => isBehind)) await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  /** Whether anybody is told at once of what becomes of a Boss. */
  watched(boss: number): boolean {
    return this.full.watched(boss) || this.brief.watched(boss)
  }
}

/** Where those begin who want the last entries: at a round number, so that who comes a moment later begins there, too, and shares what is read. */
function roundUp(seq: number, last: number): number {
  const step = 2 ** Math.max(0, Math.floor(Math.log2(last / 16)))
  return Math.ceil(seq / step) * step
}

/** Followers who are told the same at the same time, though not all of it. */
class Channel {
  readonly followers = new Set<Follower>()
  readonly recent: Recent
  /** What is to be told when the rest after the last telling is over. */
  private fresh: (Told | Untold)[] = []
  private rest: NodeJS.Timeout | undefined

  /**
   * @param newest seq of the last entry of the log.
   * @param newsOf what becomes of a fact that has an event; `seq` is that of its first entry.
   * @param restMs how long it rests after a telling of so many bytes, to all followers together, and to so many that are live.
   * @param gather see `Telling`.
   */
  constructor(
    private newest: number,
    private readonly newsOf: (fact: Fact, seq: number) => readonly (Told | Untold)[],
    private readonly restMs: (bytes: number, live: number) => number,
    private readonly gather?: (told: readonly Told[]) => readonly Told[],
  ) {
    this.recent = new Recent(newest)
  }

  /** @returns seq of the last entry of the facts. */
  publish(facts: readonly Fact[], first: number): number {
    let seq = first
    for (const fact of facts) {
      const span = spanOf(fact)
      if (span > 0 && this.followers.size > 0) this.fresh.push(...this.newsOf(fact, seq))
      seq += span
    }
    this.newest = seq - 1
    if (this.followers.size === 0) this.recent.forget(this.newest)
    else if (!this.rest) this.tell()
    return this.newest
  }

  leave(follower: Follower): void {
    this.followers.delete(follower)
    if (this.followers.size > 0) return
    this.fresh = []
    this.recent.forget(this.newest)
  }

  watched(boss: number): boolean {
    for (const follower of this.followers) if (follower.takes(boss)) return true
    return false
  }

  /** Tells what has gathered. Then it rests: few large messages cost everybody less than many small ones. */
  tell(): void {
    clearTimeout(this.rest)
    this.rest = undefined
    if (this.fresh.length === 0) return
    const telling = new Telling(this.fresh, this.newest, this.gather)
    this.fresh = []
    this.recent.add(telling)
    let live = 0
    for (const follower of this.followers) if (follower.tell(telling)) live++
    const restMs = this.restMs(live * telling.bytes, live)
    if (restMs > 0) this.rest = setTimeout(() => this.tell(), restMs)
  }
}
