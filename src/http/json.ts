import { Refusal } from '../boss/errors.js'

/** Levels of lists and objects. What goes through a value level by level, here and in Python, would run out of stack at some thousands. */
const mostLevels = 500

/** What a text is, as in `the body`, and facts that tell where it stands. */
export interface Whereabouts {
  readonly what: string
  readonly facts?: Readonly<Record<string, unknown>>
}

/**
 * Reads JSON that a client sent.
 * @param where is asked only when something is wrong with it: there may be a million rows.
 * @throws {Refusal} bad-json for what is none, invalid for what is nested too deeply.
 */
export function parseJson(text: string, where: () => Whereabouts): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const { what, facts } = where()
    throw new Refusal('bad-json', `${what} is no JSON: ${error instanceof Error ? error.message : String(error)}`, facts)
  }
  // each level takes two characters at least, so most rows need no look
  if (text.length <= 2 * mostLevels || !isDeeper(value, mostLevels)) return value
  const { what, facts } = where()
  throw new Refusal('invalid', `${what} nests lists and objects in more than ${mostLevels} levels; make it flatter`, facts)
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  for (const item of Array.isArray(value) ? value : Object.values(value)) if (isDeeper(item, levels - 1)) return true
  return false
}
