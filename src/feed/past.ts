import type { Events } from '../store/events.js'
import type { Store } from '../store/store.js'
import { messageBytes, type View } from './telling.js'

/** Those who ask for a page at about the same time share it; then it is forgotten. */
const keptMs = 2_000
/** Of this many bytes the oldest pages go. */
const keptBytes = 32 * 1024 * 1024
/** While others wait for theirs too, the next page is given so much later: what goes on now goes before what was. */
const restMs = 2

interface Page extends Events {
  /** From when it is, on the clock of `performance`. */
  readonly readAt: number
}

/**
 * The log as the store has it, for followers that are behind. One page is read and given at a time, however many they are, so that other
 * questions to the store, and all else here, wait for no more than that one. Who was there before a page was read shares it.
 */
export class Past {
  private readonly pages = new Map<string, Page>()
  private bytes = 0
  private turn: Promise<unknown> = Promise.resolve()
  private waiting = 0

  constructor(private readonly store: Pick<Store, 'read'>) {}

  /**
   * What is behind `after`.
   * @param since on the clock of `performance`: what was read before that may lack what was known then.
   */
  page(view: View, boss: number | undefined, after: number, since: number): Promise<Events> {
    return this.inTurn(async () => {
      const key = `${boss} ${after} ${view.key}`
      const known = this.pages.get(key)
      if (known && known.readAt >= since) return known
      const readAt = performance.now()
      const page = await this.store.read('events', boss, after, messageBytes, view.sieve, view.form)
      if (page.upTo > after) this.keep(key, { ...page, readAt })
      return page
    })
  }

  /** Whether a Boss is over and nothing of the view is behind `since`. */
  async isDone(view: View, boss: number, since: number): Promise<boolean> {
    const { n, over } = await this.inTurn(() => this.store.read('events', boss, since, 1, view.sieve, view.form))
    return over && n === 0
  }

  /** seq before the last entry of the log that concerns a Boss, or all. */
  beforeLast(boss: number | undefined): Promise<number> {
    return this.inTurn(() => this.store.read('beforeLast', boss))
  }

  private keep(key: string, page: Page): void {
    this.forget(key)
    this.pages.set(key, page)
    this.bytes += page.lines.length
    for (const [oldest] of this.pages) {
      if (this.bytes <= keptBytes) break
      this.forget(oldest)
    }
    setTimeout(() => this.pages.get(key) === page && this.forget(key), keptMs).unref()
  }

  private forget(key: string): void {
    this.bytes -= this.pages.get(key)?.lines.length ?? 0
    this.pages.delete(key)
  }

  private inTurn<T>(read: () => Promise<T>): Promise<T> {
    this.waiting++
    const mine = this.turn.then(read).finally(() => this.waiting--)
    const rest = () => (this.waiting > 0 ? new Promise((resolve) => setTimeout(resolve, restMs)) : undefined)
    this.turn = mine.then(rest, rest)
    return mine
  }
}
