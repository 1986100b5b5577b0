import type { Chosen, PolicyView } from '../scheduler/answer.js'

/** What the daemon says to a policy process: NDJSON on a pipe of its own, as the answers. */
export type ToPolicy =
  /** Instructions of a Boss that the next question is about. It forgets those that a later one does not name. */
  | { readonly rows: number; readonly items: readonly PolicyView['pending'][number][] }
  | ({ readonly ask: number } & Question)
  | { readonly forget: number }

/** Of instructions only ids: what they are was said before. */
export interface Question extends Pick<PolicyView, 'settings' | 'room'> {
  readonly boss: number
  /** Name of the policy. */
  readonly scheduler: string
  readonly pending: readonly number[]
  readonly workers: readonly (readonly [id: number, ticket: number | null])[]
}

/** What a policy process says. `begun` comes before the policy is called, from when on its time counts. */
export type FromPolicy =
  | { readonly begun: number }
  | { readonly answer: number; readonly chosen: readonly Chosen[] }
  | { readonly fault: number; readonly type: string; readonly message: string }

/** Reads a line that a user's module may have written. @throws Error when it is nothing that a policy process says. */
export function parseFromPolicy(line: string): FromPolicy {
  const said: unknown = JSON.parse(line)
  if (typeof said === 'object' && said !== null) {
    const { begun, answer, chosen, fault, type, message }: Record<string, unknown> = { ...said }
    if (typeof begun === 'number') return { begun }
    if (typeof answer === 'number' && Array.isArray(chosen) && chosen.every(isChosen)) return { answer, chosen }
    if (typeof fault === 'number' && typeof type === 'string' && typeof message === 'string') return { fault, type, message }
  }
  throw new Error(`it said ${line.slice(0, 100)}`)
}

function isChosen(item: unknown): item is Chosen {
  const { id, ticket }: Record<string, unknown> = typeof item === 'object' && item !== null ? { ...item } : {}
  return Number.isSafeInteger(id) && (ticket === undefined || ticket === null || (Number.isSafeInteger(ticket) && (ticket as number) >= 0))
}
