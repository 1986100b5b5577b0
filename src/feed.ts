import type { Fact } from './boss/fact.js'
import { spanOf } from './boss/fact.js'
import { renderEvent, renderGap, renderReported } from './boss/event.js'
import { membersOf, type Events } from './store/facts.js'
import type { Store } from './store/store.js'

/** A message for a follower is not longer, unless a single event is. */
export const messageBytes = 256 * 1024
/** What is remembered for a follower while its page is being read, in characters; of more it reads another page. */
const asideChars = 1024 * 1024
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
  /** Takes one JSON array of events. @returns false when the reader cannot keep up: the feed then waits for `drained`. */
  send(events: Uint8Array): boolean
  /** Called after the last event of a Boss that is over was sent. */
  over(): void
}

interface Told {
  readonly seq: number
  readonly boss: number
  readonly text: string
  readonly over: boolean
}

interface Message {
  readonly body: Uint8Array
  /** seq of its last event */
  readonly last: number
  readonly over: boolean
}

/** The events of one turn, as messages that all who follow the same share. */
class Telling {
  private readonly shared = new Map<number | undefined, readonly Message[]>()
  readonly chars: number

  constructor(private readonly told: readonly Told[]) {
    this.chars = told.reduce((sum, { text }) => sum + text.length, 0)
  }

  /** @param boss undefined for all. @param after everything up to this seq was sent already. */
  messages(boss: number | undefined, after: number): readonly Message[] {
    const mine = () => (boss === undefined ? this.told : this.told.filter((told) => told.boss === boss))
    if (after >= (this.told[0]?.seq ?? 0)) return packed(mine().filter(({ seq }) => seq > after))
    let messages = this.shared.get(boss)
    if (!messages) this.shared.set(boss, (messages = packed(mine())))
    return messages
  }
}

function packed(told: readonly Told[]): Message[] {
  const messages: Message[] = []
  for (let at = 0; at < told.length; ) {
    const from = at
    for (let chars = 0; at < told.length && (at === from || chars + told[at]!.text.length <= messageBytes); at++)
      chars += told[at]!.text.length
    const part = told.slice(from, at)
    messages.push({
      body: Buffer.from(`[${part.map(({ text }) => text).join(',')}]`),
      last: part.at(-1)?.seq ?? 0,
      over: part.some(({ over }) => over),
    })
  }
  return messages
}

/**
 * Committed facts to followers: replay from a sequence number out of the store, then live. A reader that cannot keep up is not waited for:
 * nothing is held for it here, it is sent the rest from the store as it takes it. One that was live, has stalled and missed much is told of
 * a gap instead, and goes on live; it may ask again, from before the gap, for what is in it.
 */
export class Feed {
  private readonly followers = new Set<Follower>()
  private reading: Promise<unknown> = Promise.resolve()

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
    if (told.length === 0) return
    const telling = new Telling(told)
    for (const follower of this.followers) follower.tell(telling)
  }

  /**
   * @param boss id of a Boss, or undefined for all.
   * @param since exclusive; 0 = from the oldest kept; undefined = live only.
   */
  subscribe(boss: number | undefined, since: number | undefined, reader: Reader): Subscription {
    const pages = {
      next: (after: number) => this.inTurn(() => this.store.read('events', boss, after, messageBytes)),
      beforeLast: () => this.inTurn(() => this.store.read('beforeLast', boss)),
    }
    const follower = new Follower(pages, boss, since ?? this.newest, reader)
    this.followers.add(follower)
    void follower.catchUp()
    return {
      drained: () => void follower.catchUp(),
      close: () => {
        follower.close()
        this.followers.delete(follower)
      },
    }
  }

  /** How many follow. */
  get followed(): number {
    return this.followers.size
  }

  /** Tells those who are live now something that is in no log; whoever is behind does not hear of it. @param render makes its text. */
  mention(boss: number, render: () => string): void {
    if (!this.watched(boss)) return
    const message = Buffer.from(`[${render()}]`)
    for (const follower of this.followers) follower.hear(boss, message)
  }

  /** Resolves when everybody was told what is committed. One that takes nothing keeps it waiting. */
  async toldAll(): Promise<void> {
    while ([...this.followers].some(({ isBehind }) => isBehind)) await new Promise((resolve) => setTimeout(resolve, 10))
  }

  /** One page is read at a time, however many followers are behind: other questions to the store wait for no more than that one. */
  private inTurn<T>(read: () => Promise<T>): Promise<T> {
    const mine = this.reading.then(read)
    this.reading = mine.catch(() => undefined)
    return mine
  }

  /** Whether anybody is told at once of what becomes of a Boss. */
  watched(boss: number): boolean {
    for (const follower of this.followers) if (follower.takes(boss)) return true
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

/** What a follower reads of the store. */
interface Pages {
  next(after: number): Promise<Events>
  /** seq before the last entry of the log that concerns it */
  beforeLast(): Promise<number>
}

/** One reader: live, or behind and reading pages from the store, or waiting until it takes more. */
class Follower {
  private state: 'live' | 'behind' | 'full' | 'closed' = 'full'
  /** What was told while a page was being read; undefined when it was too much. */
  private aside: { readonly tellings: Telling[]; chars: number } | undefined
  /** It had caught up before: what it misses now it need not be sent. */
  private wasLive = false
  private fullSince = Infinity

  constructor(
    private readonly pages: Pages,
    private readonly boss: number | undefined,
    /** Everything up to this seq was sent. */
    private cursor: number,
    private readonly reader: Reader,
  ) {}

  get isBehind(): boolean {
    return this.state === 'behind' || this.state === 'full'
  }

  takes(boss: number): boolean {
    return (this.state === 'live' || this.aside !== undefined) && (this.boss === undefined || this.boss === boss)
  }

  tell(telling: Telling): void {
    if (this.state === 'live') this.pass(telling)
    else if (this.aside) {
      this.aside.tellings.push(telling)
      this.aside.chars += telling.chars
      if (this.aside.chars > asideChars) this.aside = undefined
    }
  }

  hear(boss: number, message: Uint8Array): void {
    if (this.state === 'live' && this.takes(boss)) this.send(message)
  }

  async catchUp(): Promise<void> {
    if (this.state !== 'full') return
    let stalled = this.wasLive && performance.now() - this.fullSince >= stallMs
    this.state = 'behind'
    while (this.state === 'behind') {
      this.aside = { tellings: [], chars: 0 }
      let page
      try {
        if (stalled) this.skip(await this.pages.beforeLast())
        stalled = false
        page = this.state === 'behind' ? await this.pages.next(this.cursor) : undefined
      } catch {
        page = undefined // the store cannot be read: the reader keeps its place and is asked again with the next page
      }
      const { aside } = this
      this.aside = undefined
      if (this.state !== 'behind') return
      if (!page) {
        await new Promise((resolve) => setTimeout(resolve, retryMs).unref())
        continue
      }
      this.cursor = Math.max(this.cursor, page.upTo)
      if (page.n > 0 && !this.send(page.lines)) return
      if (page.over) this.finish()
      else if (!page.more && aside) {
        this.state = 'live'
        this.wasLive = true
        for (const telling of aside.tellings) if (this.state === 'live') this.pass(telling)
      }
    }
  }

  close(): void {
    this.state = 'closed'
    this.aside = undefined
  }

  private skip(to: number): void {
    if (to - this.cursor <= mostMissed || this.state !== 'behind') return
    const gap = renderGap(this.cursor + 1, to, Date.now())
    this.cursor = to
    this.send(Buffer.from(`[${gap}]`))
  }

  private pass(telling: Telling): void {
    for (const { body, last, over } of telling.messages(this.boss, this.cursor)) {
      this.cursor = last
      if (!this.send(body)) return
      if (this.boss !== undefined && over) this.finish()
    }
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
