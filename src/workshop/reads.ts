import { isStuck, mayLaunch, type Boss } from '../boss/boss.js'
import { Refusal } from '../boss/errors.js'
import type { InstructionDocument } from '../boss/instruction-document.js'
import { causes, codeOf, meaningOf, type Cause, type Outcome, type ReportEntry } from '../boss/report.js'
import type { InstructionQuery, InstructionRow } from '../store/instructions.js'
import type { Store } from '../store/store.js'
import type { Terms } from '../boss/terms.js'
import type { InstructionFilter, ReportPage } from './contract.js'
import { usualGrace } from './signals.js'

/**
 * What a row of the store says of an instruction, for clients.
 * @param held what holds its Boss up.
 */
export function documentOfRow(boss: Boss, row: InstructionRow, held: HeldUp): InstructionDocument {
  const final = row.body === null ? undefined : (JSON.parse(`{${row.body}`) as ReportEntry)
  const earlier = (JSON.parse(row.earlier) as string[]).map((body) => JSON.parse(`{${body}`) as ReportEntry)
  const outcome = row.outcome === null ? undefined : meaningOf(row.outcome)?.outcome
  const name = row.name ?? `${row.kind}-${row.id}`
  const attributes = JSON.parse(row.attributes) as Readonly<Record<string, unknown>>
  const going = row.working === null ? [] : [{ attempt: row.working, started_at: new Date(row.working_since ?? 0).toISOString() }]
  const notBefore =
    outcome === undefined && row.working === null && row.not_before !== null && row.not_before > Date.now()
      ? new Date(row.not_before).toISOString()
      : undefined
  const status = outcome ?? (row.working === null ? 'pending' : 'working')
  return {
    id: row.id,
    name,
    kind: row.kind,
    status,
    attributes: { ...attributes, name },
    cores: row.cores,
    priority: row.priority,
    limits: limitsOf(boss, row, attributes['grace'] as number | undefined),
    ...(row.retry_of !== null && { retry_of: row.retry_of }),
    ...(row.retry_of_boss !== null && row.retry_of_boss !== boss.id && { retry_of_boss: row.retry_of_boss }),
    ...(notBefore !== undefined && { not_before: notBefore }),
    attempts: [...earlier.map(attemptOf), ...(final ? [attemptOf(final)] : []), ...going],
    ...(status === 'pending' && { waiting_for: waitingFor(boss, notBefore, held) }),
  }
}

function limitsOf(boss: Boss, { terms: text, memory }: InstructionRow, grace = usualGrace): InstructionDocument['limits'] {
  const terms = text === null ? {} : (JSON.parse(text) as Terms)
  const once = terms.at_most_once === true
  return {
    timeout: terms.timeout ?? null,
    expires: terms.expires ?? null,
    grace,
    memory: memory || null,
    retry: once ? null : (terms.retry ?? boss.settings.retry ?? null),
    at_most_once: once,
  }
}

/** A report entry without what the instruction itself says. */
function attemptOf({ name: _name, kind: _kind, ...attempt }: ReportEntry) {
  return attempt
}

/** What may hold a Boss up. */
export interface HeldUp {
  /** It has a user's policy that let nothing start. */
  readonly choseNothing: boolean
  /** What its crew waits for. */
  readonly crew: string | undefined
}

/** @param notBefore of its next attempt. */
function waitingFor(boss: Boss, notBefore: string | undefined, { choseNothing, crew }: HeldUp): string {
  if (boss.over) return 'nothing: its Boss is over and left it pending'
  if (boss.stopping) return 'nothing: its Boss is stopping'
  if (!mayLaunch(boss)) return 'its Boss is halted; POST …/work lets it go on'
  if (notBefore !== undefined) return `the pause after a failed attempt; the next one may begin at ${notBefore}`
  if (choseNothing) {
    const again = boss.counts.working > 0 ? 'when a worker ends' : boss.ending ? 'after POST …/halt and …/work' : 'when rows are appended'
    return `its custom scheduler, "${String(boss.settings.scheduler['scheduler'])}", which has chosen nothing and is asked again ${again}`
  }
  if (crew !== undefined) return crew
  return 'its turn: a free worker, within the limits of the scheduler and the room of the machine'
}

/** A filter as the store understands it. @throws {Refusal} invalid for an `after` that is none of ours. */
export function queryOf({ status, kind, name, cause, limit, after }: InstructionFilter): InstructionQuery {
  return {
    after: cursorOf(after),
    limit,
    kind: kind ?? null,
    name: name ?? null,
    outcomes: outcomesOf(status, cause),
    working: status === 'working' ? 1 : status === 'pending' ? 0 : null,
  }
}

/** Codes of the ends that match; '' none has ended, null any. */
function outcomesOf(status: InstructionFilter['status'], cause: Cause | undefined): string | null {
  if (status === 'pending' || status === 'working') return cause === undefined ? '' : '-'
  if (status === undefined) return cause === undefined ? null : codeOf(cause)
  const codes = [codeOf(undefined), ...causes.map((one) => codeOf(one))].filter(
    (code) => meaningOf(code)?.outcome === (status satisfies Outcome),
  )
  return codes.filter((code) => cause === undefined || code === codeOf(cause)).join('') || '-'
}

/** The id behind an opaque `after`; 0 when there is none. @throws {Refusal} invalid. */
export function cursorOf(after: string | undefined): number {
  if (after === undefined) return 0
  if (/^\d{1,15}$/.test(after)) return Number(after)
  throw new Refusal('invalid', `"after" is "${after.slice(0, 40)}", which is no cursor; take it from "next" of the page before`, {
    field: 'after',
    value: after,
  })
}

/** Cuts a list that was read with one item too many, and says where the next page begins. */
export function pageOf<T extends { id: number }>(items: T[], limit: number): { items: T[]; next?: string } {
  if (items.length <= limit) return { items }
  const page = items.slice(0, limit)
  return { items: page, next: String(page.at(-1)?.id ?? 0) }
}

const statusWords = { finished: 'finished', stopped: 'pending', failed: 'workers exception' } as const

/** One page of a Boss's report. @param boss as it was committed before the page was read. */
export async function reportOf(store: Store, boss: Boss, { after, limit }: { after: number; limit: number }): Promise<ReportPage> {
  const { lines, n, last, more } = await store.read('report', boss.id, after, limit)
  return {
    boss: boss.id,
    status: boss.over ? statusWords[boss.over.status] : 'interim',
    pending: boss.counts.pending,
    lines,
    n,
    ...(more && { next: last }),
  }
}

/** @throws {Refusal} boss-halted when waiting for this Boss would never end. */
export function assertNotStuck(boss: Boss, label: string): void {
  if (!isStuck(boss)) return
  throw new Refusal(
    'boss-halted',
    `Boss ${label} was ended while halted, with ${boss.counts.pending} instructions pending; POST …/work lets it finish, POST …/stop leaves them`,
    {
      boss: boss.id,
      pending: boss.counts.pending,
    },
  )
}
