import { AsyncLocalStorage } from 'node:async_hooks'
import type { Answers } from './contract.js'
import type { Floor, Turn } from './floor.js'
import type { Turns } from './turn.js'

/** A call that shall be carried out once, however often it comes: what it is answered is committed together with what it does. */
export class Once {
  /** Whether a turn has answered it. */
  answered = false

  /**
   * @param key that its caller gave, and who that is.
   * @param fingerprint of all that was asked; to be called when all of it has come.
   */
  constructor(
    readonly key: string,
    readonly fingerprint: () => string,
  ) {}
}

/** The call that is being carried out, if it shall be carried out once. */
export const once = new AsyncLocalStorage<Once>()

/** Takes the call along into a message. */
export function withinCall<T>(act: () => T): () => T {
  const call = once.getStore()
  return call ? () => once.run(call, act) : act
}

/** Inside a message, which may come again: what its call is answered. @param boss id of the Boss that it is about. */
export function answered<T>(turn: Turn, boss: number, answer: T): T {
  const call = once.getStore()
  if (!call) return answer
  call.answered = true
  record(turn, boss, call, null, JSON.stringify(answer))
  return answer
}

/** Answers that were given to calls with a key. */
export class AnswerDesk implements Answers {
  constructor(
    private readonly floor: Floor,
    private readonly turns: Turns,
  ) {}

  kept(key: string) {
    return this.floor.store.read('answered', key)
  }

  keep(call: Once, status: number, answer: string): Promise<void> {
    return this.turns.post(() => record(this.turns, 0, call, status, answer))
  }
}

function record(turn: Turn, boss: number, { key, fingerprint }: Once, status: number | null, answer: string): void {
  turn.record({ type: 'call.answered', boss, at: Date.now(), key, fingerprint: fingerprint(), status, answer })
}
