import { isStuck, labelOf, type Boss } from '../boss/boss.js'
import { assertNotStuck } from './reads.js'

interface Waiter {
  tell(over: boolean): void
  refuse(error: unknown): void
}

/** Callers that wait for a Boss to be over. */
export class Waiters {
  private readonly ofBoss = new Map<number, Set<Waiter>>()

  /**
   * Resolves with true once the Boss is over.
   * @param seconds after which it resolves with false; so it does when `signal` aborts.
   * @throws {Refusal} boss-halted as soon as it can never be over.
   */
  wait(boss: number, seconds: number, signal: AbortSignal): Promise<boolean> {
    return new Promise<boolean>((resolve, reject) => {
      const waiters = this.ofBoss.get(boss) ?? new Set()
      this.ofBoss.set(boss, waiters)
      const leave = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', give)
        waiters.delete(waiter)
        if (waiters.size === 0) this.ofBoss.delete(boss)
      }
      const waiter: Waiter = {
        tell: (isOver) => {
          leave()
          resolve(isOver)
        },
        refuse: (error) => {
          leave()
          reject(error)
        },
      }
      const give = () => waiter.tell(false)
      const timer = setTimeout(give, seconds * 1000)
      signal.addEventListener('abort', give)
      waiters.add(waiter)
      if (signal.aborted) give()
    })
  }

  /** A Boss has changed. @param now undefined once it is over. */
  tell(boss: number, now: Boss | undefined): void {
    const waiters = this.ofBoss.get(boss)
    if (!waiters) return
    if (now === undefined) for (const waiter of waiters) waiter.tell(true)
    else if (isStuck(now)) {
      for (const waiter of waiters) {
        try {
          assertNotStuck(now, labelOf(now))
        } catch (error) {
          waiter.refuse(error)
        }
      }
    }
  }
}
