import { renderReported } from '../boss/event.js'
import type { Reports } from '../boss/fact.js'

/** Events one behind the other, with a comma between two. */
export interface Stretch {
  readonly bytes: Uint8Array
  /** seq of the last */
  readonly last: number
  readonly over: boolean
}

const [comma, newline, open, close] = [44, 10, 91, 93]
/** What an event takes beyond the report, at most: three whole numbers and a time among it. */
const headBytes = 192

/**
 * The events of reports as bytes: a string for each would take three times as long, and as much again to be cleared away.
 * @param seq of the first.
 * @param most bytes of a stretch, unless a single event is longer.
 */
export function* stretchesOf({ boss, at, ids, lines }: Reports, seq: number, most: number): Generator<Stretch, void, undefined> {
  const bytes = Buffer.from(lines.buffer, lines.byteOffset, lines.length)
  const time = new Date(at).toISOString()
  let [out, used] = [Buffer.allocUnsafe(0), 0]
  for (let [row, from] = [0, 0]; row < ids.length; row++) {
    const found = bytes.indexOf(newline, from)
    const end = found < 0 ? bytes.length : found
    const needed = headBytes + end - from + 1
    if (used + needed > out.length) {
      if (used > 0) yield { bytes: out.subarray(0, used), last: seq + row - 1, over: false }
      const rest = bytes.length - from + headBytes * (ids.length - row)
      out = Buffer.allocUnsafe(Math.max(needed, Math.min(most, rest)))
      used = 0
    }
    if (used > 0) out[used++] = comma
    used += out.write(renderReported(seq + row, time, boss, ids[row] ?? 0, ''), used, 'latin1')
    used += bytes.copy(out, used, from, end)
    from = end + 1
  }
  if (used > 0) yield { bytes: out.subarray(0, used), last: seq + ids.length - 1, over: false }
}

/** Stretches as JSON arrays. @param most bytes of one, unless a single event is longer. */
export function joined(stretches: Iterable<Stretch>, most: number): { body: Uint8Array; last: number; over: boolean }[] {
  const messages: { body: Uint8Array; last: number; over: boolean }[] = []
  let [parts, length]: [Stretch[], number] = [[], 1]
  const flush = () => {
    if (parts.length === 0) return
    const body = Buffer.allocUnsafe(length)
    let at = 0
    for (const { bytes } of parts) {
      body[at] = at === 0 ? open : comma
      body.set(bytes, at + 1)
      at += bytes.length + 1
    }
    body[at] = close
    messages.push({ body, last: parts.at(-1)?.last ?? 0, over: parts.some(({ over }) => over) })
    parts = []
    length = 1
  }
  for (const stretch of stretches) {
    if (length + stretch.bytes.length + 1 > most) flush()
    parts.push(stretch)
    length += stretch.bytes.length + 1
  }
  flush()
  return messages
}
