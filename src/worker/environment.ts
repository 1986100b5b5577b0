import { tokenVariable, type WorkFrame } from '../frames.js'

type Variables = Readonly<Record<string, string>>

/** Variables of this process, which do not change. */
const variables = (names: readonly string[]): Variables =>
  Object.fromEntries(names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])))
const textsOf = (all: Variables) => Object.entries(all).map(([name, value]) => `${name}=${value}`)

/** Of this process's own environment what programs find in theirs, if it is there. */
export const inherited = variables(['PATH', 'HOME', 'LANG', 'TMPDIR'])
/** What all programs of a frame are told. */
interface Common {
  readonly frame: WorkFrame
  readonly cpus: readonly number[]
  readonly variables: Variables
  readonly token: Variables
  /** of both */
  readonly texts: readonly string[]
}
let common: Common | undefined

/**
 * A clean environment: nothing of the daemon's own, what tells the program who it is, and what the instruction adds.
 * @param own what it adds; undefined when nothing.
 * @returns texts as in `NAME=value`.
 */
export function environment(frame: WorkFrame, row: number, own: Variables | undefined, cpus: readonly number[]): string[] {
  if (common?.frame !== frame || common.cpus !== cpus) common = commonOf(frame, cpus)
  const { ids, names, attempts } = frame
  const [instruction, name, attempt] = [ids[row], names[row], attempts[row]]
  const trace = frame.traces?.[row]
  if (!own && !trace) return [...common.texts, `TAYLORD_INSTRUCTION=${instruction}`, `TAYLORD_NAME=${name}`, `TAYLORD_ATTEMPT=${attempt}`]
  const told = { TAYLORD_INSTRUCTION: String(instruction), TAYLORD_NAME: String(name), TAYLORD_ATTEMPT: String(attempt) }
  const traced = trace && { TRACEPARENT: trace.traceparent, ...(trace.tracestate !== undefined && { TRACESTATE: trace.tracestate }) }
  return textsOf({ ...common.variables, ...told, ...traced, ...own, ...common.token })
}

function commonOf(frame: WorkFrame, cpus: readonly number[]): Common {
  const { boss, scheduler_ticket: ticket, arrays = {} } = frame
  const told = {
    ...inherited,
    TAYLORD_BOSS: String(boss),
    TAYLORD_TICKET: String(ticket ?? ''),
    TAYLORD_CPUS: cpus.join(','),
    ...Object.fromEntries(Object.entries(arrays).map(([array, path]) => [`TAYLORD_ARRAY_${array}`, path])),
  }
  // a remote host gives itself a token once it runs
  const token = variables([tokenVariable])
  return { frame, cpus, variables: told, token, texts: textsOf({ ...told, ...token }) }
}
