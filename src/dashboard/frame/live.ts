import { effect, signal } from '@preact/signals'
import type { Event } from '../../client/client.js'
import { ask, client, sentenceOf, standing } from './session.js'

/** How the page stands with the events: `cut` is tried again, `paused` is a tab that nobody sees. */
export const link = signal<'connecting' | 'live' | 'cut' | 'paused'>('connecting')
/** What became of the last cut, for a person. */
export const linkSaid = signal('')
/** When the last event came, ms since 1970. What is asked again and again need not be while nothing happens. */
export const lastEventAt = signal(0)

/** Entries of the log that a page begins with; what is before them is loaded when somebody looks at it. */
const historyEntries = 5_000
/** Drawn no more often. */
const restMs = 100
const againMs = 1_000
/** A tab that is hidden for less is not worth a new connection. */
const hiddenMs = 3_000

type Listener = (events: readonly Event[]) => void
const listeners = new Set<Listener>()
let waiting: Event[] = []
let rest: ReturnType<typeof setTimeout> | undefined
/** seq of the first and the last event that came */
let [first, last]: [number | undefined, number | undefined] = [undefined, undefined]

/** seq of the last event; undefined before there was one. */
export const lastSeq = () => last

/** Has events handed over, ten times a second at most. @returns what ends that. */
export function listen(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function handOver(): void {
  rest = undefined
  const events = waiting
  waiting = []
  lastEventAt.value = Date.now()
  for (const listener of listeners) listener(events)
}

function take(event: Event): void {
  if (event.seq !== undefined) {
    first ??= event.seq
    last = Math.max(last ?? 0, event.seq)
  }
  waiting.push(event)
  rest ??= setTimeout(handOver, restMs)
}

/** Follows everything until it is stopped, however often the connection breaks. */
async function follow(signal: AbortSignal): Promise<void> {
  let cutAt: number | undefined
  const changed = (isOpen: boolean) => {
    if (signal.aborted) return
    if (!isOpen) {
      cutAt ??= Date.now()
      link.value = 'cut'
      return
    }
    link.value = 'live'
    if (cutAt !== undefined)
      linkSaid.value = `Connected again after ${Math.max(1, Math.round((Date.now() - cutAt) / 1000))} s; nothing was missed.`
    cutAt = undefined
  }
  while (!signal.aborted) {
    try {
      for await (const event of client.peek().follow(undefined, { since: last, last: historyEntries, brief: true, changed, signal })) {
        if (event.type === 'gap' && first !== undefined)
          linkSaid.value = `${Number(event['to']) - Number(event['from']) + 1} events were too long ago and are not drawn; counts are as they are.`
        take(event)
      }
    } catch (error) {
      if (signal.aborted) return
      link.value = 'cut'
      linkSaid.value = sentenceOf(error)
      // a token that was revoked says so to a call, not to a socket
      await ask(({ api }) => api.GET('/v1/bosses', { params: { query: { limit: 1 } } })).catch(() => undefined)
    }
    await new Promise((resolve) => setTimeout(resolve, againMs))
  }
}

/** Whether there were events before those that came. */
export const hasEarlier = () => first !== undefined && first > 1

/** Events that were before those that came by themselves, in order. */
export async function earlier(entries: number, signal: AbortSignal): Promise<Event[]> {
  const events: Event[] = []
  const to = first ?? 1
  const since = Math.max(0, to - 1 - entries)
  for await (const event of client.peek().follow(undefined, { since, brief: true, signal })) {
    if ((event.seq ?? 0) >= to) break
    if (event.type !== 'gap') events.push(event)
  }
  first = since + 1
  return events
}

let stop: (() => void) | undefined
let hiding: ReturnType<typeof setTimeout> | undefined

function start(): void {
  if (stop) return
  const ended = new AbortController()
  stop = () => ended.abort()
  link.value = 'connecting'
  void follow(ended.signal)
}

function pause(as: 'paused' | 'connecting'): void {
  stop?.()
  stop = undefined
  link.value = as
}

/** Follows as long as somebody is signed in and sees the page. */
export function keepLive(): () => void {
  const seen = () => {
    clearTimeout(hiding)
    if (document.hidden) hiding = setTimeout(() => pause('paused'), hiddenMs)
    else if (standing.peek().is === 'in') start()
  }
  document.addEventListener('visibilitychange', seen)
  const end = effect(() => {
    if (standing.value.is === 'in') seen()
    else if (standing.value.is === 'out') pause('connecting')
  })
  return () => {
    end()
    document.removeEventListener('visibilitychange', seen)
    pause('connecting')
  }
}
