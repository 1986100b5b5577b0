import type { Fact } from './boss/fact.js'
import { spanOf } from './boss/fact.js'
import { renderEvent, renderReported } from './boss/event.js'
import { membersOf } from './store/facts.js'
import type { Store } from './store/store.js'

/** Events that are read from the store at once for a subscriber that is behind. */
const pageLength = 1_000
/** Turns that are remembered for a subscriber while its page is being read. */
const turnsAside = 64

/** A subscriber's end of the feed. */
export interface Subscription {
  /** The reader takes more again, after `send` answered false. */
  drained(): void
  close(): void
}

interface Told {
  readonly seq: number
  readonly boss: number
  readonly text: string
  readonly over: boolean
}

/**
 * Committed facts to subscribers: replay from a sequence number out of the store, then live. A reader that cannot keep up is not waited
 * for: nothing is held for it here, it is sent the rest from the store when it takes more.
 */
export class Feed {
  private readonly subscribers = new Set<Subscriber>()

  /** @param newest seq of the last entry of the log. */
  constructor(
    private readonly store: Store,
    private newest: number,
  ) {}

  /**
   * Tells committed facts.
   * @param first seq of the first entry of the facts.
   */
  publish(facts: readonly Fact[], first: number): void {
    let seq = first
    const told: Told[] = []
    for (const fact of facts) {
      if (this.watched(fact.boss)) render(fact, seq, told)
      seq += spanOf(fact)
    }
    this.newest = seq - 1
    if (told.length > 0) for (const subscriber of this.subscribers) subscriber.tell(told)
  }

  /**
   * @param boss id of a Boss, or undefined for all.
   * @param since exclusive; 0 = from the oldest kept; undefined = live only.
   * @param send takes one JSON array of events as text; returns false when the reader cannot keep up: the feed then waits for `drained`.
   * @param over called after the last event of a Boss that is over was sent.
   */
  subscribe(boss: number | undefined, since: number | undefined, send: (events: string) => boolean, over: () => void): Subscription {
    const subscriber = new Subscriber(this.store, boss, since ?? this.newest, send, over)
    this.subscribers.add(subscriber)
    void subscriber.catchUp()
    return {
      drained: () => void subscriber.catchUp(),
      close: () => {
        subscriber.close()
        this.subscribers.delete(subscriber)
      },
    }
  }
  private watched(boss: number): boolean {
    for (const subscriber of this.subscribers) if (subscriber.takes(boss)) return true
    return false
  }
}

const decoder = new TextDecoder()

function render(fact: Fact, first: number, told: Told[]): void {
  const { boss, at } = fact
  if (spanOf(fact) === 0) return
  if (fact.type !== 'instruction.reported') {
    told.push({ seq: first, boss, text: renderEvent(first, at, boss, fact.type, membersOf(fact)), over: fact.type === 'boss.over' })
    return
  }
  const time = new Date(at).toISOString()
  const lines = decoder.decode(fact.lines).trimEnd().split('\n')
  lines.forEach((line, row) =>
    told.push({ seq: first + row, boss, text: renderReported(first + row, time, boss, fact.ids[row] ?? 0, line), over: false }),
  )
}

/** One reader: live, or behind and reading pages from the store, or waiting until it takes more. */
class Subscriber {
  private state: 'live' | 'behind' | 'full' | 'closed' = 'full'
  /** What was told while a page was being read; undefined when it was too much. */
  private aside: (readonly Told[])[] | undefined

  constructor(
    private readonly store: Store,
    private readonly boss: number | undefined,
    /** Everything up to this seq was sent. */
    private cursor: number,
    private readonly send: (events: string) => boolean,
    private readonly over: () => void,
  ) {}

  takes(boss: number): boolean {
    return (this.state === 'live' || this.aside !== undefined) && (this.boss === undefined || this.boss === boss)
  }

  tell(told: readonly Told[]): void {
    if (this.state === 'live') this.pass(told)
    else if (this.aside && this.aside.push(told) > turnsAside) this.aside = undefined
  }

  async catchUp(): Promise<void> {
    if (this.state !== 'full') return
    this.state = 'behind'
    while (this.state === 'behind') {
      this.aside = []
      let page
      try {
        page = await this.store.read('events', this.boss, this.cursor, pageLength)
      } catch {
        page = undefined // the store cannot be read: the reader keeps its place and is asked again with the next page
      }
      const aside: (readonly Told[])[] | undefined = this.aside
      this.aside = undefined
      if (this.state !== 'behind') return
      if (!page) {
        await new Promise((resolve) => setTimeout(resolve, 1_000).unref())
        continue
      }
      this.cursor = Math.max(this.cursor, page.upTo)
      if (page.events.length > 0 && !this.send(`[${page.events.join(',')}]`)) {
        this.state = 'full'
        return
      }
      if (page.over) this.finish()
      else if (!page.more && aside) {
        this.state = 'live'
        for (const told of aside) if (this.state === 'live') this.pass(told)
      }
    }
  }

  close(): void {
    this.state = 'closed'
    this.aside = undefined
  }

  private pass(told: readonly Told[]): void {
    const mine = told.filter(({ seq, boss }) => seq > this.cursor && (this.boss === undefined || this.boss === boss))
    const last = mine.at(-1)
    if (!last) return
    this.cursor = last.seq
    if (!this.send(`[${mine.map(({ text }) => text).join(',')}]`)) this.state = 'full'
    else if (this.boss !== undefined && mine.some(({ over }) => over)) this.finish()
  }

  private finish(): void {
    this.close()
    this.over()
  }
}
