import { Refused, Unreachable } from './errors.js'

/** After which ms a daemon that is away is tried anew, and for how many. */
const pauseMs = 500
const usualAwayMs = 10_000

/** What a call that may take long can be given. */
export interface Patience {
  /** Ends it, as in `AbortSignal.timeout(60_000)`; its reason is thrown. */
  readonly signal?: AbortSignal | undefined
  /** ms for which a daemon that is away is tried anew; 10,000 when not given. */
  readonly awayMs?: number | undefined
  /** Is told why when the daemon turns out to be away, and undefined when it answers again. */
  readonly away?: ((why: Error | undefined) => void) | undefined
}

const isAway = (error: unknown) => error instanceof Unreachable || (error instanceof Refused && error.status === 503)

/** Whether a call with a key may have been carried out without an answer, or is being carried out. */
const mayBeDone = (error: unknown) =>
  (error instanceof Unreachable && error.isCut) || (error instanceof Refused && error.code === 'idempotency-in-progress')

/** Again from the first cut on, also while the daemon is away then. */
export function onceSent(): (error: unknown) => boolean {
  let isSent = false
  return (error) => {
    isSent ||= mayBeDone(error)
    return isSent && (mayBeDone(error) || isAway(error))
  }
}

/** Does it again, by default while the daemon is away or starts. @throws what it threw last, once that was for too long. */
export async function patiently<T>(
  act: () => Promise<T>,
  { signal, awayMs = usualAwayMs, away }: Patience,
  again: (error: unknown) => boolean = isAway,
): Promise<T> {
  let since: number | undefined
  for (;;) {
    try {
      const done = await act()
      if (since !== undefined) away?.(undefined)
      return done
    } catch (error) {
      if (!again(error)) throw error
      if (since === undefined) away?.(error as Error)
      since ??= performance.now()
      if (performance.now() - since >= awayMs) throw error
      await pause(signal)
    }
  }
}

/** Waits before the next try. */
export function pause(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      if (signal?.aborted) reject(signal.reason as Error)
      else resolve()
    }
    const timer = setTimeout(end, pauseMs)
    signal?.addEventListener('abort', end)
  })
}
