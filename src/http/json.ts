import { Refusal, invalid } from '../boss/errors.js'

/** Lists and objects within each other at most: far more than anybody writes, far less than what ends a stack. */
const deepest = 500

/**
 * Parses what a client sent.
 * @param what it is, for the refusal, as in `the body`.
 * @param facts of the refusal.
 * @throws {Refusal} `bad-json` when it is no JSON, `invalid` when lists and objects in it are more than 500 deep.
 */
export function parseJson(text: string, what: string, facts: Readonly<Record<string, unknown>> = {}): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new Refusal('bad-json', `${what} is no JSON: ${error instanceof Error ? error.message : String(error)}`, facts)
  }
  // what is that deep is at least that long twice: most rows are not looked at
  if (text.length > 2 * deepest && isDeep(text))
    throw invalid(`${what} has lists or objects more than ${deepest} deep; write what is deeper as a text`, facts)
  return value
}

const [quote, backslash] = [34, 92]
const [openList, closeList, openObject, closeObject] = [91, 93, 123, 125]

/** @param text which is JSON. */
function isDeep(text: string): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      for (at = text.indexOf('"', at + 1); isEscaped(text, at); at = text.indexOf('"', at + 1));
    } else if (code === openList || code === openObject) {
      if (++depth > deepest) return true
    } else if (code === closeList || code === closeObject) depth--
  }
  return false
}

function isEscaped(text: string, at: number): boolean {
  let before = at
  while (text.charCodeAt(before - 1) === backslash) before--
  return (at - before) % 2 === 1
}
