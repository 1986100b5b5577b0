import { renderReported } from '../boss/event.js'
import type { Reports } from '../boss/fact.js'

/** Events as one text, for all who are told the same. */
export interface Message {
  readonly body: Uint8Array
  /** seq of its last event */
  readonly last: number
  /** An end of a Boss is among its events. */
  readonly over: boolean
}

const [comma, newline, open, close] = [44, 10, 91, 93]
/** What an event takes beyond the report, at most: three whole numbers and a time among it. */
export const headBytes = 160
const brackets = 2

/**
 * Messages that are JSON arrays of events. Reports become bytes without being strings before: a string for each would take three times as
 * long, and as much again to be cleared away.
 */
export class Arrays {
  private readonly messages: Message[] = []
  private out: Buffer = Buffer.allocUnsafe(0)
  private used = 0
  private last = 0
  private over = false

  /**
   * @param most bytes of a message, unless a single event alone is as long.
   * @param left bytes that all events will take together, with commas: what is allocated. With too little there are more messages.
   */
  constructor(
    private readonly most: number,
    private left: number,
  ) {}

  /** @param text one character for each byte of its UTF-8. */
  add(text: string, seq: number, over: boolean): void {
    this.makeRoom(text.length)
    this.used += this.out.write(text, this.used, 'latin1')
    this.last = seq
    this.over ||= over
  }

  /** @param first seq of the first of them. */
  addReports({ boss, at, ids, lines }: Reports, first: number): void {
    const bytes = Buffer.from(lines.buffer, lines.byteOffset, lines.length)
    const time = new Date(at).toISOString()
    // the head of the event before, in `out`, and the last digits of its two numbers
    let head = { at: 0, length: 0, seqEnd: 0, idEnd: 0 }
    let before: Buffer | undefined
    for (let [row, from] = [0, 0]; row < ids.length; row++) {
      const [seq, id] = [first + row, ids[row] ?? 0]
      const found = bytes.indexOf(newline, from)
      const end = found < 0 ? bytes.length : found
      this.makeRoom(headBytes + end - from)
      const { out, used } = this
      if (out === before && id === (ids[row - 1] ?? 0) + 1 && id % 10 !== 0 && seq % 10 !== 0) {
        // mostly it differs from the one before in these two digits, and a copy takes half as long as a text
        out.copyWithin(used, head.at, head.at + head.length)
        out[used + head.seqEnd]!++
        out[used + head.idEnd]!++
        head.at = used
      } else {
        const text = renderReported(seq, time, boss, id, '')
        head = { at: used, length: out.write(text, used, 'latin1'), seqEnd: text.indexOf(',"at"') - 1, idEnd: text.indexOf(',"type"') - 1 }
      }
      this.used += head.length
      this.used += bytes.copy(out, this.used, from, end)
      this.last = seq
      before = out
      from = end + 1
    }
  }

  /** @returns all messages; nothing may be added any more. */
  end(): readonly Message[] {
    this.flush()
    return this.messages
  }

  /** Room for an event of so many bytes, behind what goes before it. */
  private makeRoom(bytes: number): void {
    if (this.used > 0 && this.used + bytes + brackets > this.out.length) this.flush()
    if (this.used === 0) this.out = Buffer.allocUnsafe(brackets + Math.max(bytes, Math.min(this.most - brackets, this.left)))
    this.out[this.used] = this.used === 0 ? open : comma
    this.used++
    this.left -= bytes
  }

  private flush(): void {
    if (this.used === 0) return
    this.out[this.used++] = close
    this.messages.push({ body: this.out.subarray(0, this.used), last: this.last, over: this.over })
    this.used = 0
    this.over = false
  }
}
