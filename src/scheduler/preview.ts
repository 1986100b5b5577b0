import { invalid } from '../boss/errors.js'
import type { Entry, Scheduler, Working } from './scheduler.js'
import { blockedFirst } from './single-open-file.js'

/** An instruction or a worker as a caller writes it: taylorism's attributes, and any others. */
export type PreviewRow = Readonly<Record<string, unknown>>

/** What one decision comes to. */
export interface Preview {
  /** Rows that may start now, in launch order, each with its ticket. */
  readonly launchable: PreviewRow[]
  /** Names of the others, in the order in which taylorism's Boss keeps them. */
  readonly not_yet_launchable: string[]
}

/**
 * One decision of a policy over a plain list, on a machine that has room for everything; nothing runs and nothing is kept.
 * @param pending in order of arrival; a row needs `name`, and what the policy reads must be of its type.
 * @param workers what runs: `scheduler_ticket`, `memory`, `fileA`, `fileB` as far as the policy reads them.
 * @throws {Refusal} invalid, naming the row.
 */
export function preview(scheduler: Scheduler, pending: readonly PreviewRow[], workers: readonly PreviewRow[]): Preview {
  const reads = readsOf(scheduler)
  const names = pending.map(nameOf)
  const entries = pending.map((row, at) => entryOf(row, at, reads))
  const working = workers.map((row, at) => workingOf(row, at, reads))
  const queue = scheduler.queue()
  for (const entry of entries) queue.add(entry)
  const launches = scheduler.launchable(queue, working, { cores: Infinity, memory: Infinity }, Infinity)
  for (const { entry } of launches) queue.remove(entry)
  const kept = reads.files ? blockedFirst(queue, working) : [...queue]
  return {
    launchable: launches.map(({ entry, ticket }) => ({ ...pending[entry.id - 1], scheduler_ticket: ticket })),
    not_yet_launchable: kept.map(({ id }) => names[id - 1] ?? ''),
  }
}

/** What a policy reads of a row: what it does not read may be anything, as in taylorism. */
interface Reads {
  readonly memory: boolean
  readonly time: boolean
  readonly files: boolean
}

function readsOf({ settings }: Scheduler): Reads {
  const { limit, singlefile } = settings
  return { memory: limit === 'memory' || limit === 'threads+memory', time: limit === 'threads+memory', files: singlefile === true }
}

function nameOf({ name }: PreviewRow, at: number): string {
  if (typeof name === 'string') return name
  throw wrong('pending', at, 'name', 'must be a text', name)
}

function entryOf(row: PreviewRow, at: number, { memory, time, files }: Reads): Entry {
  return {
    id: at + 1,
    priority: 0,
    memory: memory ? amount(row, 'pending', at, 'memory') : undefined,
    expectedTime: time ? amount(row, 'pending', at, 'expected_time') : undefined,
    cores: 1,
    fileA: files ? file(row, 'pending', at, 'fileA') : undefined,
    fileB: files ? file(row, 'pending', at, 'fileB') : undefined,
    kind: 0,
    nameHash: 0,
  }
}

function workingOf(row: PreviewRow, at: number, { memory, files }: Reads): Working {
  return {
    ticket: ticketOf(row, at),
    // a worker that was given no memory has none, which null is another word for
    memory: memory && row['memory'] !== null ? amount(row, 'workers', at, 'memory') : undefined,
    fileA: files ? file(row, 'workers', at, 'fileA') : undefined,
    fileB: files ? file(row, 'workers', at, 'fileB') : undefined,
  }
}

function ticketOf({ scheduler_ticket: ticket = null }: PreviewRow, at: number): number | null {
  if (ticket === null || (typeof ticket === 'number' && Number.isSafeInteger(ticket))) return ticket
  throw wrong('workers', at, 'scheduler_ticket', 'must be a whole number or null', ticket)
}

function amount(row: PreviewRow, list: string, at: number, attribute: string): number | undefined {
  const value = row[attribute]
  if (value === undefined || (typeof value === 'number' && Number.isFinite(value) && value >= 0)) return value
  throw wrong(list, at, attribute, 'must be a number from 0 on; leave it out where it is not known', value)
}

function file(row: PreviewRow, list: string, at: number, attribute: string): string | undefined {
  const value = row[attribute] ?? undefined
  if (value === undefined || typeof value === 'string') return value
  throw wrong(list, at, attribute, 'must be a text', value)
}

const wrong = (list: string, at: number, attribute: string, what: string, value: unknown) =>
  invalid(`${list}[${at}]: "${attribute}" ${what}, not ${JSON.stringify(value) ?? 'nothing'}`, { list, row: at, attribute })
