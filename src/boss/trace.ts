/** What a caller says of the trace that its call belongs to, as W3C Trace Context writes it. */
export interface Trace {
  /** `00-<trace>-<parent>-<flags>` */
  readonly traceparent: string
  /** What tracing systems add to it, at most 512 characters. */
  readonly tracestate?: string
}

const parentPattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const statePattern = /^[a-z0-9][a-z0-9_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/
const mostStates = 32
/** Characters of `tracestate` that are kept; the standard asks for so many. */
const mostState = 512
const sampled = 1

/**
 * Reads the headers of a call.
 * @returns undefined when `parent` is not there or not valid: then, as the standard has it, there is no trace, and nothing is refused. A
 * `tracestate` that cannot be read is left out, one that is too long loses its last members.
 * @see https://www.w3.org/TR/trace-context/
 */
export function traceOf(parent: string | undefined, state: string | undefined): Trace | undefined {
  const [, version, trace = '', span = '', flags = '', more] = parentPattern.exec(parent ?? '') ?? []
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined
  if (/^0+$/.test(trace) || /^0+$/.test(span)) return undefined
  // of a later version only what ours has is understood
  const known = version === '00' ? flags : `0${Number.parseInt(flags, 16) & sampled}`
  const tracestate = stateOf(state ?? '')
  return { traceparent: `00-${trace}-${span}-${known}`, ...(tracestate !== '' && { tracestate }) }
}

function stateOf(text: string): string {
  const members = text
    .split(',')
    .map((member) => member.replaceAll(/^[ \t]+|[ \t]+$/g, ''))
    .filter((member) => member !== '')
  if (members.length > mostStates || !members.every((member) => statePattern.test(member))) return ''
  while (members.join(',').length > mostState) members.pop()
  return members.join(',')
}

/** Rows that belong to a trace, with what they say besides. @param terms of each as JSON text, null for none. */
export function traced(terms: readonly (string | null)[], trace: Trace): string[] {
  const texts = new Map<string | null, string>()
  return terms.map((text) => {
    let both = texts.get(text)
    if (both === undefined) texts.set(text, (both = JSON.stringify({ ...(text !== null && (JSON.parse(text) as object)), trace })))
    return both
  })
}
