/**
 * One event as subscribers read it: `{"seq", "at", "boss", "type", …}` as JSON text.
 * @param at ms since 1970.
 * @param members further members as JSON text without braces, such as `"first":1,"last":2`; '' for none.
 */
export function renderEvent(seq: number, at: number, boss: number, type: string, members: string): string {
  const head = `{"seq":${seq},"at":"${new Date(at).toISOString()}","boss":${boss},"type":"${type}"`
  return members === '' ? `${head}}` : `${head},${members}}`
}

/** The event of a final report: it carries the report entry. `body` is what `renderEnding` made. */
export function renderReported(seq: number, at: string, boss: number, instruction: number, body: string): string {
  return `{"seq":${seq},"at":"${at}","boss":${boss},"instruction":${instruction},"type":"instruction.reported",${body}`
}

/** What followers are told and no log keeps: it has no `seq`. @param value any JSON. */
export const renderProgress = (at: number, boss: number, instruction: number, attempt: number, value: unknown) =>
  `{"at":"${new Date(at).toISOString()}","boss":${boss},"instruction":${instruction},"type":"instruction.progress","attempt":${attempt},"value":${JSON.stringify(value)}}`

/** A stretch of the log that is not kept any more, both ends included. */
export const renderGap = (from: number, to: number, at: number) =>
  `{"seq":${to},"at":"${new Date(at).toISOString()}","type":"gap","from":${from},"to":${to}}`

/** How events are written: one JSON array, as a WebSocket message; or one message each of `text/event-stream` (WHATWG HTML, section 9.2). */
export type Form = 'array' | 'stream'

/** Events in a form. @param texts of events, as they are rendered here. */
export function framed(form: Form, texts: readonly string[]): string {
  return form === 'array' ? `[${texts.join(',')}]` : texts.map(asMessage).join('')
}

/** What is in no log has no id: who comes again goes on behind the last that has. */
function asMessage(text: string): string {
  const seq = /^\{"seq":(\d+)/.exec(text)?.[1]
  return `${seq === undefined ? '' : `id: ${seq}\n`}data: ${text}\n\n`
}

/** Which events somebody wants to hear of; each member narrows that, one that is absent does not. */
export interface Wanted {
  /** ids */
  readonly bosses?: readonly number[] | undefined
  readonly kinds?: readonly string[] | undefined
  readonly outcomes?: readonly string[] | undefined
  /** Reports are told as `renderBriefly` does, cancels that were asked for not at all. */
  readonly brief?: boolean | undefined
}

/**
 * Whether an event is wanted. With kinds or outcomes, of what instructions become only reports are: nothing else says which it is about. What
 * becomes of Bosses is wanted in any case.
 * @param text as it is rendered here.
 */
export function isWanted({ bosses, kinds, outcomes }: Wanted, boss: number, text: string): boolean {
  if (bosses && !bosses.includes(boss)) return false
  if (!kinds && !outcomes) return true
  const type = /"type":"([^"]+)"/.exec(text)?.[1]
  if (type !== 'instruction.reported') return !type?.startsWith('instruction.')
  // the first of each is the entry's own, and an unescaped quotation mark is in no string
  return (
    (!kinds || kinds.includes(JSON.parse(/,"kind":("(?:[^"\\]|\\.)*")/.exec(text)?.[1] ?? '""') as string)) &&
    (!outcomes || outcomes.includes(/,"outcome":"([^"]+)"/.exec(text)?.[1] ?? ''))
  )
}
