import { meaningOf } from './ending.js'
import type { Outcome } from './report.js'

/** So many reports that one worker gave in at once are one event for who wants it brief. */
export const manyReports = 8

/** Reports that a worker gave in: seq of the last, ids of the first and the last, an `OutcomeCode` each, bodies of the first and the last as `renderEnding` made them. */
export interface Reported {
  readonly seq: number
  /** RFC 3339 */
  readonly at: string
  readonly boss: number
  readonly first: number
  readonly last: number
  readonly codes: string
  readonly firstBody: string
  readonly lastBody: string
}

const begun = /"started_at":(?:null|"[^"]*")/

/**
 * Reports for who wants it brief: when and where they ran and how they ended, without what they handed back. Name, kind and start are those
 * of the first, the rest is the last one's. What is long in a body is not even looked at.
 */
export function renderBriefly({ seq, at, boss, first, last, codes, firstBody, lastBody }: Reported): string {
  const head = firstBody.slice(0, firstBody.indexOf(',"outcome":'))
  let tail = tailOf(lastBody)
  if (lastBody !== firstBody) tail = tail.replace(begun, begun.exec(tailOf(firstBody))?.[0] ?? '')
  const others = codes.replaceAll('.', '').split('').map(meaningOf)
  const count = (outcome: Outcome) => others.filter((meaning) => meaning?.outcome === outcome).length
  const cause = others[0]?.cause
  return `{"seq":${seq},"at":"${at}","boss":${boss},"type":"instructions.reported","n":${codes.length},"first":${first},"last":${last},${head},"succeeded":${codes.length - others.length},"failed":${count('failed')},"cancelled":${count('cancelled')}${cause ? `,"cause":"${cause}"` : ''}${tail}`
}

// what a task handed back stands before it, and an unescaped quotation mark is in no string
const tailOf = (body: string) => body.slice(body.lastIndexOf(',"attempt":'))

/** Who gave them in, and of which kind: reports of one such lane may be told as one. */
export function laneOf({ boss, firstBody, lastBody }: Reported): string {
  const kind = firstBody.slice(firstBody.indexOf(',"kind":'), firstBody.indexOf(',"outcome":'))
  const tail = tailOf(lastBody)
  const place = tail.slice(tail.indexOf(',"scheduler_ticket":'), tail.indexOf(']'))
  return `${boss}${kind}${place}`
}

/** What an event says of attempts, by ids of instructions. */
export interface Step {
  readonly boss: number
  readonly begins?: number | undefined
  readonly retries?: number | undefined
  readonly reports?: readonly number[] | undefined
}

/** Events that are told together, without those of beginnings whose reports are among them: a report says when it began. */
export function withoutBegun<Event extends Step>(events: readonly Event[]): readonly Event[] {
  const open = new Map<string, Event>()
  const needless = new Set<Event>()
  for (const event of events) {
    const { boss, begins, retries, reports } = event
    if (begins !== undefined) open.set(`${boss}/${begins}`, event)
    if (open.size === 0) continue
    if (retries !== undefined) open.delete(`${boss}/${retries}`)
    for (const id of reports ?? []) {
      const begin = open.get(`${boss}/${id}`)
      if (!begin) continue
      needless.add(begin)
      open.delete(`${boss}/${id}`)
    }
  }
  return needless.size === 0 ? events : events.filter((event) => !needless.has(event))
}
