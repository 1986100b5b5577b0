/** One waiting instruction, as a user's policy sees it. */
export interface PendingView {
  /** Number within its Boss, from 1, in order of arrival. */
  readonly id: number
  readonly name: string
  readonly kind: string
  /** MiB as the row gave it; absent when it gave none. */
  readonly memory?: number
  /** s as the row gave it; absent when it gave none. */
  readonly expected_time?: number
  readonly cores: number
  /** Larger ones come first in `pending`. */
  readonly priority: number
  readonly fileA?: string
  readonly fileB?: string
  /** Its resolved attributes. */
  readonly attributes: Readonly<Record<string, unknown>>
}

/** One instruction that is being carried out, as a user's policy sees it. */
export interface WorkerView extends PendingView {
  readonly scheduler_ticket: number | null
}

/** What a user's policy decides upon. */
export interface PolicyView {
  /** The first 10,000 at most: larger priority first, then in order of arrival. */
  readonly pending: readonly PendingView[]
  readonly workers: readonly WorkerView[]
  readonly settings: Readonly<Record<string, unknown>>
  /**
   * What the machine has besides these workers. Other Bosses may hold a part of it: then what the policy names starts in its order as
   * places come free.
   */
  readonly room: {
    /** CPUs, or slots where nothing is bound. */
    readonly cores: number
    /** MiB. */
    readonly memory: number
  }
}

/** What may start: an id, a name, or either with the ticket that the worker shall hold (null for none, absent for the lowest free one). */
export type Choice =
  | number
  | string
  | { readonly id: number; readonly scheduler_ticket?: number | null }
  | { readonly name: string; readonly scheduler_ticket?: number | null }

/** What may start, checked. `ticket` is absent for the lowest free one. */
export interface Chosen {
  readonly id: number
  readonly ticket?: number | null
}

/** What a policy handed back is no answer; the message says why. */
export class BadAnswer extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'BadAnswer'
  }
}

/** What an item of `pending` has besides its id and name: a policy may hand it back as it is. */
const known: ReadonlySet<string> = new Set<keyof PendingView>([
  'kind',
  'memory',
  'expected_time',
  'cores',
  'priority',
  'fileA',
  'fileB',
  'attributes',
])

/**
 * Checks what a user's policy handed back.
 * @param given anything.
 * @returns in the order given.
 * @throws {BadAnswer} no list, something that is not pending or named twice, a ticket that is no number or held already, a member
 * that means nothing.
 */
export function chosenFrom(given: unknown, { pending, workers }: Pick<PolicyView, 'pending' | 'workers'>): Chosen[] {
  if (!Array.isArray(given)) throw new BadAnswer(`it handed back ${shown(given)}, which is no list of ids or names`)
  const ids = new Set(pending.map(({ id }) => id))
  let byName: Map<string, number> | undefined
  const idOf = (item: unknown): number => {
    if (typeof item === 'number' && ids.has(item)) return item
    if (typeof item === 'string') byName ??= new Map(pending.map(({ name, id }) => [name, id]))
    const named = typeof item === 'string' ? byName?.get(item) : undefined
    if (named === undefined) throw new BadAnswer(`it names ${shown(item)}, and nothing that is pending has this id or name`)
    return named
  }
  const chosen = new Set<number>()
  const tickets = new Set<number | null>(workers.map(({ scheduler_ticket }) => scheduler_ticket))
  return given.map((item: unknown) => {
    const {
      id,
      name,
      scheduler_ticket: ticket,
      ...rest
    }: Record<string, unknown> = typeof item === 'object' && item !== null ? { ...item } : { id: item }
    const found = idOf(id ?? name ?? item)
    const [unknown] = Object.keys(rest).filter((member) => !known.has(member))
    if (unknown !== undefined)
      throw new BadAnswer(
        `it gives ${shown(id ?? name)} a member "${unknown}"; an item is an id, a name, an item of pending, or {id or name, scheduler_ticket}`,
      )
    if (chosen.has(found)) throw new BadAnswer(`it names ${shown(id ?? name)} twice`)
    chosen.add(found)
    if (ticket === undefined) return { id: found }
    if (ticket !== null && !(typeof ticket === 'number' && Number.isSafeInteger(ticket) && ticket >= 0))
      throw new BadAnswer(`it gives ${shown(id ?? name)} the scheduler_ticket ${shown(ticket)}, which is no whole number from 0 on`)
    if (ticket !== null && tickets.has(ticket)) throw new BadAnswer(`it gives the scheduler_ticket ${ticket}, which another worker holds`)
    tickets.add(ticket)
    return { id: found, ticket }
  })
}

function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  let text: string | undefined
  try {
    text = JSON.stringify(value)
  } catch {
    // a cycle, or a BigInt
  }
  return (text ?? String(value)).slice(0, 100)
}
