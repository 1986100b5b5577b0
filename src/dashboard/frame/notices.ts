import { signal } from '@preact/signals'
import { ask, sentenceOf } from './session.js'
import type { Client } from '../../client/client.js'

export interface Notice {
  readonly id: number
  readonly text: string
  readonly isFault: boolean
}
export const notices = signal<readonly Notice[]>([])

const shownMs = 6_000
let ids = 0

export function dismiss(id: number): void {
  notices.value = notices.value.filter((one) => one.id !== id)
}

/** Tells what came of something that somebody did. What went wrong stays until it is dismissed. */
export function notify(text: string, isFault = false): void {
  const id = ++ids
  notices.value = [...notices.value.slice(-3), { id, text, isFault }]
  if (!isFault) setTimeout(() => dismiss(id), shownMs)
}

/** Does what somebody asked for, and tells what came of it. @returns undefined when it was refused. */
export async function act<T>(call: (client: Client) => Promise<T>, said: (answer: T) => string): Promise<T | undefined> {
  try {
    const answer = await ask(call)
    notify(said(answer))
    return answer
  } catch (error) {
    notify(sentenceOf(error), true)
    return undefined
  }
}
