import { Refusal } from '../boss/errors.js'

/** Levels of lists and objects. What goes through a value level by level, here and in Python, would run out of stack at some thousands. */
const mostLevels = 500

/**
 * Reads JSON that a client sent.
 * @param what it is, as in `the body`, and `facts` that tell where it stands.
 * @throws {Refusal} bad-json for what is none, invalid for what is nested too deeply.
 */
export function parseJson(text: string, what: string, facts?: Readonly<Record<string, unknown>>): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new Refusal('bad-json', `${what} is no JSON: ${error instanceof Error ? error.message : String(error)}`, facts)
  }
  // each level takes two characters at least, so most rows need no look
  if (text.length > 2 * mostLevels && isDeeper(value, mostLevels))
    throw new Refusal('invalid', `${what} nests lists and objects in more than ${mostLevels} levels; make it flatter`, facts)
  return value
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  for (const item of Array.isArray(value) ? value : Object.values(value)) if (isDeeper(item, levels - 1)) return true
  return false
}
