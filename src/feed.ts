/** Committed facts to subscribers: replay from a sequence number, then live. */
/** A subscriber's end of the feed. */
export interface Subscription {
  close(): void
}
/** What HTTP asks of the feed. */
export interface Feed {
  /**
   * @param boss id of a Boss, or undefined for all.
   * @param since exclusive; 0 = from the oldest kept; undefined = live only.
   * @param send takes one JSON array of events as text; returns false when the reader cannot keep up: the feed then waits for `drained`.
   * @param over called after the `boss.over` of that Boss was sent.
   */
  subscribe(boss: number | undefined, since: number | undefined, send: (events: string) => boolean, over: () => void): Subscription & { drained(): void }
}
