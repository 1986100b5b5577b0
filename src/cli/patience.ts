import { constants } from 'node:os'
import type { Boss, Patience } from '../client/client.js'
import { aside } from './output.js'
import type { Asked } from './verb.js'

/** What a person waits for when a daemon is started anew, for which a machine may be, too. */
const longestAwayMs = 5 * 60_000

/**
 * Does what takes long, and says when the daemon goes away and comes back meanwhile.
 * @param signal of `--timeout`: until then a daemon that is away is tried anew; without it, for five minutes.
 * @throws {Unreachable} when it was away to the end.
 */
export async function patient<T>(act: (patience: Patience) => Promise<T>, signal?: AbortSignal): Promise<T> {
  let gone: Error | undefined
  const away = (why: Error | undefined) => {
    if (why && !gone) aside(`${why.message}; trying again ${signal ? 'until the --timeout' : 'for 5 minutes'}`)
    if (!why && gone) aside('the daemon answers again')
    gone = why
  }
  try {
    return await act({ signal, away, awayMs: signal ? Infinity : longestAwayMs })
  } catch (error) {
    throw gone && (error as Error).name === 'TimeoutError' ? gone : error
  }
}

/** What `--timeout` says. */
export function signalOf(asked: Asked): AbortSignal | undefined {
  const seconds = asked.seconds('timeout')
  // more than a timer can hold is as good as no end
  return seconds === undefined ? undefined : AbortSignal.timeout(Math.min(seconds * 1000, 2 ** 31 - 1))
}

/** At Ctrl-C says that a Boss goes on all the same. */
export function tellAtInterrupt({ id }: Pick<Boss, 'id'>): void {
  process.once('SIGINT', () => {
    aside(`Boss ${id} goes on; taylord wait ${id} waits for it, taylord stop ${id} --now ends it`)
    process.exit(128 + constants.signals.SIGINT)
  })
}
