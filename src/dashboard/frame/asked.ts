import { signal, type ReadonlySignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { Client } from '../../client/client.js'
import { askMs } from './crowd.js'
import { lastEventAt } from './live.js'
import { ask, sentenceOf } from './session.js'

/** What was asked of the daemon: what came last, and what is wrong now. */
export interface Asked<T> {
  readonly value: ReadonlySignal<T | undefined>
  /** A sentence; '' while nothing is wrong. The last value stays beside it. */
  readonly fault: ReadonlySignal<string>
  /** Asks at once. */
  again(): Promise<void>
}

/** While nothing happens it is asked so seldom. */
const idleMs = 10_000

/**
 * Asks the daemon, and again while the page is seen and things happen.
 * @param key whatever the question depends on: another one is another question.
 * @param everyMs less often when many pages look; undefined: it is asked once.
 */
export function useAsked<T>(key: string, question: (client: Client, signal: AbortSignal) => Promise<T>, everyMs?: number): Asked<T> {
  const asked = useMemo(() => asking(question), [key])
  useEffect(() => asked.repeat(everyMs), [asked, everyMs])
  return asked
}

function asking<T>(question: (client: Client, signal: AbortSignal) => Promise<T>): Asked<T> & { repeat(everyMs?: number): () => void } {
  const value = signal<T | undefined>(undefined)
  const fault = signal('')
  let gone = new AbortController()
  let askedAt = 0
  const again = async () => {
    askedAt = Date.now()
    const { signal } = gone
    try {
      const answer = await ask((client) => question(client, signal))
      if (signal.aborted) return
      value.value = answer
      fault.value = ''
    } catch (error) {
      if (!signal.aborted) fault.value = sentenceOf(error)
    }
  }
  const repeat = (everyMs?: number) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    gone = new AbortController()
    const { signal: ended } = gone
    const turn = async () => {
      const isIdle = lastEventAt.peek() < askedAt && Date.now() - askedAt < idleMs && fault.peek() === '' && value.peek() !== undefined
      if (!document.hidden && !isIdle) await again()
      if (everyMs !== undefined && !ended.aborted) timer = setTimeout(() => void turn(), askMs(everyMs))
    }
    void turn()
    return () => {
      clearTimeout(timer)
      gone.abort()
    }
  }
  return { value, fault, again, repeat }
}
