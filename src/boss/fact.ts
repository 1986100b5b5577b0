import type { BossError, Counts, CrewName } from './boss-document.js'
import type { RetryPolicy } from './terms.js'

/** What a Boss was told to be; written once, when it is created. */
export interface BossSettings {
  /** taylorism's scheduler attributes after resolution. */
  readonly scheduler: Readonly<Record<string, unknown>>
  readonly on_error: 'continue' | 'stop'
  readonly verbose: boolean
  readonly maxlenreport: number
  /** Where its workers run; absent on the machine of the daemon. */
  readonly crew?: Exclude<CrewName, 'local'>
  /** For instructions that do not say so themselves; absent when what failed is not tried again. */
  readonly retry?: RetryPolicy
}

/** Rows of one append, by columns, ids first…first+n-1: what the store writes and a queue needs. */
export interface Rows {
  readonly first: number
  readonly n: number
  readonly kind: readonly string[]
  /** Name as the user gave it, expanded; null when none was given. */
  readonly name: readonly (string | null)[]
  readonly priority: readonly number[]
  /** MiB */
  readonly memory: readonly (number | null)[]
  /** s */
  readonly expectedTime: readonly (number | null)[]
  readonly cores: readonly number[]
  readonly fileA: readonly (string | null)[]
  readonly fileB: readonly (string | null)[]
  /** `Terms` as JSON text, null for none. */
  readonly terms: readonly (string | null)[]
  /** Instructions of which these are a new go, in the Boss `ofBoss`; absent when they are none. */
  readonly retryOf?: { readonly boss: number; readonly ids: readonly number[] }
  /** Resolved attributes, one JSON text a row, joined by newlines. */
  readonly attributes: string
}

/** A shared array of a Boss: what its file in memory holds and where that stands. */
export interface ArrayRow {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  /** Directory of its file; another one whenever the array is put anew. */
  readonly place: string
}

/** Why nothing more starts: `stop` lets running work finish, `now` ends it, `error` ends it because a sibling or the Boss itself failed. */
export type Stopping = 'stop' | 'now' | 'error'

interface Of<T extends string> {
  readonly type: T
  readonly boss: number
  /** ms since 1970 */
  readonly at: number
}

/** A cancel was asked for; the report that ends the instruction comes with it, or later when a worker has it. */
interface Cancelled extends Of<'instruction.cancelled'> {
  readonly instruction: number
  readonly reason: string
  /** It goes on until its worker has ended it. */
  readonly held: boolean
}

/** Final reports of one frame: one entry for each id, in order. */
export interface Reports extends Of<'instruction.reported'> {
  readonly ids: readonly number[]
  readonly attempts: readonly number[]
  /** One `OutcomeCode` an id. */
  readonly outcomes: string
  /** One line an id, as `renderEnding` makes it. */
  readonly lines: Uint8Array
}

/**
 * What a turn decided: applied to memory, stored as rows, told as events. Some have no event (`spanOf`): they
 * prepare or tidy up what nobody can see, or change what is read when it is asked for.
 */
export type Fact =
  | (Of<'instructions.staged'> & { readonly rows: Rows })
  | (Of<'instructions.dropped'> & { readonly first: number; readonly last: number })
  | Of<'boss.removed'>
  | (Of<'array.put'> & { readonly array: ArrayRow })
  | (Of<'array.removed'> & { readonly name: string })
  | (Of<'boss.created'> & {
      readonly name: string | undefined
      readonly settings: BossSettings
      readonly halted: boolean
      readonly ending: boolean
    })
  | Of<'boss.working'>
  | Of<'boss.halted'>
  | Of<'boss.ending'>
  | (Of<'boss.stopping'> & { readonly how: Stopping; readonly error?: BossError | undefined })
  | (Of<'boss.over'> & { readonly status: 'finished' | 'stopped' | 'failed'; readonly counts: Counts })
  | (Of<'instructions.appended'> & { readonly first: number; readonly last: number })
  | (Of<'instruction.started'> & {
      readonly instruction: number
      readonly attempt: number
      readonly ticket: number | null
      readonly cpus: readonly number[]
      /** Machine that these are of; absent for the daemon's own, or where nobody knows yet. */
      readonly node?: string | undefined
    })
  | (Of<'instruction.retrying'> & {
      readonly instruction: number
      /** The attempt that came to nothing. */
      readonly attempt: number
      readonly cause: string
      readonly notBefore: number | undefined
      /** The attempt's entry, as `renderEnding` makes it. */
      readonly body: string
    })
  | (Of<'instruction.changed'> & { readonly instruction: number; readonly priority: number })
  | (Of<'call.answered'> & {
      /** As in `Once`. */
      readonly key: string
      readonly fingerprint: string
      /** Of HTTP; null when it is the one that the route gives for what was done. */
      readonly status: number | null
      /** JSON text */
      readonly answer: string
    })
  | Cancelled
  | Reports

type Staged = Extract<Fact, { type: 'instructions.staged' }>
type Appended = Extract<Fact, { type: 'instructions.appended' }>

/** Whether the values of a column are all the same. A loop: there are nine columns of each row, and rows by the million. */
export function isUniform(values: readonly unknown[]): boolean {
  const first = values[0]
  for (let row = 1; row < values.length; row++) if (values[row] !== first) return false
  return true
}

/** How many sequence numbers a fact takes: one for each event it becomes. */
export function spanOf(fact: Pick<Fact, 'type'> & { readonly outcomes?: string }): number {
  switch (fact.type) {
    case 'instructions.staged':
    case 'instructions.dropped':
    case 'boss.removed':
    case 'array.put':
    case 'array.removed':
    case 'instruction.changed':
    case 'call.answered':
      return 0
    case 'instruction.reported':
      return fact.outcomes?.length ?? 0
    default:
      return 1
  }
}

/** Whether nothing of it is to be seen: rows of an append that is not whole. */
export const isUnseen = ({ type }: Fact): boolean => type === 'instructions.staged' || type === 'instructions.dropped'

/** A fact for the log, without what may be long. */
export const textOf = (fact: Fact): string =>
  JSON.stringify(fact, (_, value: unknown) => (value instanceof Uint8Array ? `${value.length} bytes` : value)).slice(0, 1_000)

/** Facts of one turn but for starts of what ended in it: these need not be told. */
export function withoutBriefStarts(facts: readonly Fact[]): readonly Fact[] {
  const lasting = new Map<number, Set<number>>()
  for (const fact of facts) {
    if (fact.type !== 'instruction.started') continue
    const begun = lasting.get(fact.boss)
    if (begun) begun.add(fact.instruction)
    else lasting.set(fact.boss, new Set([fact.instruction]))
  }
  if (lasting.size === 0) return facts
  for (const fact of facts) {
    const begun = fact.type === 'instruction.reported' && lasting.get(fact.boss)
    if (begun) for (const id of fact.ids) begun.delete(id)
  }
  return facts.filter((fact) => fact.type !== 'instruction.started' || lasting.get(fact.boss)?.has(fact.instruction))
}

/**
 * Facts of one turn, with appends that follow upon each other as one, which followers hear of as one: for callers who give a row each, many at
 * once, several facts for each row would cost the store many times what the rows do.
 */
export function together(facts: readonly Fact[]): readonly Fact[] {
  const out: Fact[] = []
  for (let at = 0; at < facts.length; ) {
    const appends = appendsFrom(facts, at)
    if (appends.length < 2) out.push(facts[at++]!)
    else {
      const rows = appends.map(([staged]) => staged.rows)
      out.push({ ...appends[0]![0], rows: joined(rows) }, { ...appends[0]![1], last: appends.at(-1)![1].last })
      at += 2 * appends.length
    }
  }
  return out.length < facts.length ? out : facts
}

/** The appends from `at` on that are each whole, follow one another and go on with the next id. */
function appendsFrom(facts: readonly Fact[], from: number): [Staged, Appended][] {
  const found: [Staged, Appended][] = []
  for (let at = from, next: number | undefined; ; at += 2) {
    const [staged, appended] = [facts[at], facts[at + 1]]
    if (staged?.type !== 'instructions.staged' || appended?.type !== 'instructions.appended') return found
    const { boss, rows } = staged
    const isWhole = appended.boss === boss && appended.first === rows.first && appended.last === rows.first + rows.n - 1
    if (!isWhole || rows.retryOf || (next !== undefined && (boss !== found[0]![0].boss || rows.first !== next))) return found
    found.push([staged, appended])
    next = appended.last + 1
  }
}

function joined(all: readonly Rows[]): Rows {
  return {
    first: all[0]!.first,
    n: all.reduce((n, rows) => n + rows.n, 0),
    kind: all.flatMap(({ kind }) => kind),
    name: all.flatMap(({ name }) => name),
    priority: all.flatMap(({ priority }) => priority),
    memory: all.flatMap(({ memory }) => memory),
    expectedTime: all.flatMap(({ expectedTime }) => expectedTime),
    cores: all.flatMap(({ cores }) => cores),
    fileA: all.flatMap(({ fileA }) => fileA),
    fileB: all.flatMap(({ fileB }) => fileB),
    terms: all.flatMap(({ terms }) => terms),
    attributes: all.map(({ attributes }) => attributes).join('\n'),
  }
}
