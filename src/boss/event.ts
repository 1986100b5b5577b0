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
