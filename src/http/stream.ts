import { Readable } from 'node:stream'
import { messageBytes, type View } from '../feed/telling.js'
import type { Feed, Subscription } from '../feed.js'

/** What may wait for a reader in this process: with a last message at most 1 MiB. */
const highWaterBytes = 1024 * 1024 - messageBytes
/** A comment is sent so often, which tells both ends, and whatever is between them, that the other is there. */
const heartbeatMs = 15_000
/** One that takes nothing for so long, while there is something for it, is gone. */
const stalledMs = 600_000
const heartbeat = Buffer.from(': still there\n\n')

/** What somebody asks of the feed. */
export interface Asked {
  readonly view: View
  /** id of the Boss with whose end it ends; undefined: it goes on */
  readonly boss: number | undefined
  /** as for `Feed.subscribe` */
  readonly since: number | undefined
  readonly last?: number | undefined
}

/** The feed as a body of `text/event-stream`: it ends when the Boss is over, or the daemon. */
export class EventStream extends Readable {
  private readonly subscription: Subscription
  private readonly beat: NodeJS.Timeout
  /** Since when nothing is taken, on the clock of `performance`; undefined while it is. */
  private fullSince: number | undefined

  /** @param closing aborted when the daemon goes down. */
  constructor(feed: Feed, { view, boss, since, last }: Asked, closing: AbortSignal) {
    super({ highWaterMark: highWaterBytes })
    const end = () => void this.push(null)
    this.subscription = feed.subscribe(view, boss, since, { send: (events) => this.offer(events), over: end }, last)
    closing.addEventListener('abort', end, { once: true })
    this.beat = setInterval(() => this.live(), heartbeatMs).unref()
    this.once('close', () => {
      closing.removeEventListener('abort', end)
      clearInterval(this.beat)
      this.subscription.close()
    })
    // the head of the answer goes out with it
    this.offer(heartbeat)
  }

  override _read(): void {
    if (this.fullSince === undefined) return
    this.fullSince = undefined
    this.subscription.drained()
  }

  private offer(bytes: Uint8Array): boolean {
    const takesMore = this.push(bytes)
    if (!takesMore) this.fullSince ??= performance.now()
    return takesMore
  }

  private live(): void {
    if (this.fullSince === undefined) this.offer(heartbeat)
    else if (performance.now() - this.fullSince > stalledMs) this.destroy()
  }
}
