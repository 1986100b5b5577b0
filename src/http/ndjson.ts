import { Refusal } from '../boss/errors.js'
import type { Row } from '../boss/instruction.js'
import { parseJson } from './json.js'
import { sliceRows, tooManyRows } from './table.js'

const newline = 10
const lineBytes = 16 * 1024 * 1024
/** Characters of lines after which a slice ends. */
const sliceChars = 4 * 1024 * 1024

/**
 * Rows of an NDJSON upload in slices of at most 500, fewer when they are large. Nothing is read from `input` until a slice is asked for.
 * Empty lines are skipped, the last line needs no newline.
 * @param input chunks as they come from the network: lines and characters may be split between them.
 * @throws {Refusal} `bad-json` for a line that is no JSON, `invalid` for one that is no object or nested too deeply, `too-large` for a line over
 *   16 MiB or more than `maxRows` rows; all but the last name the line, from 1. What `input` throws passes through.
 */
export async function* rowsOfNdjson(input: AsyncIterable<Uint8Array>, maxRows: number): AsyncGenerator<Row[], void, undefined> {
  let slice: Row[] = []
  let chars = 0
  let line = 0
  let rows = 0
  for await (const block of wholeLines(input, () => line + 1)) {
    for (const text of block.split('\n')) {
      line += 1
      if (text.trim() === '') {
        // no rows, but they have to be read, and packed there may be billions of them
        if (line - rows > maxRows) throw tooManyRows(maxRows)
        continue
      }
      rows += 1
      if (rows > maxRows) throw tooManyRows(maxRows)
      slice.push(rowOf(text, line))
      chars += text.length
      if (slice.length === sliceRows || chars >= sliceChars) {
        yield slice
        slice = []
        chars = 0
      }
    }
  }
  if (slice.length > 0) yield slice
}

/** Text of complete lines, as many as a chunk ends, without the last newline: cut at newlines, no character is torn apart. */
async function* wholeLines(input: AsyncIterable<Uint8Array>, nextLine: () => number): AsyncGenerator<string, void, undefined> {
  let held: Uint8Array[] = []
  let heldBytes = 0
  for await (const chunk of input) {
    const end = chunk.lastIndexOf(newline)
    if (end >= 0) {
      held.push(chunk.subarray(0, end))
      yield Buffer.concat(held).toString()
      held = []
      heldBytes = 0
    }
    const rest = chunk.subarray(end + 1)
    if (rest.length > 0) held.push(rest)
    heldBytes += rest.length
    if (heldBytes > lineBytes) {
      const line = nextLine()
      throw new Refusal('too-large', `line ${line} is over 16 MiB; write each row on a line of its own`, { line })
    }
  }
  if (heldBytes > 0) yield Buffer.concat(held).toString()
}

function rowOf(text: string, line: number): Row {
  const row = parseJson(text, () => ({ what: `line ${line}`, facts: { line } }))
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    throw new Refusal('invalid', `line ${line} is no JSON object; each line is one row, as in {"kind":"command"}`, { line })
  }
  return row as Row
}
