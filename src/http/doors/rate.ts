import { Refusal } from '../../boss/errors.js'

/** Lets each caller make so many requests a second on average; who was idle may make ten seconds' worth at once. */
export class Rate {
  private readonly left = new WeakMap<object, { requests: number; at: number }>()
  private readonly most: number

  /** @param perSecond requests. */
  constructor(private readonly perSecond: number) {
    this.most = 10 * perSecond
  }

  /** Counts a request. @param now ms. @throws {Refusal} too-many-requests, with `retry_after` in s. */
  count(caller: object, now = performance.now()): void {
    const { perSecond, most } = this
    const left = this.left.get(caller) ?? { requests: most, at: now }
    left.requests = Math.min(most, left.requests + ((now - left.at) / 1000) * perSecond)
    left.at = now
    this.left.set(caller, left)
    if (left.requests < 1) {
      const seconds = Math.ceil((1 - left.requests) / perSecond)
      throw new Refusal(
        'too-many-requests',
        `this token may make ${perSecond} requests a second (--rate-limit) and has made more; wait ${seconds} s, or put more rows into one request`,
        { retry_after: seconds, rate_limit: perSecond },
      )
    }
    left.requests -= 1
  }
}
