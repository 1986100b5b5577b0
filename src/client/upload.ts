import { ndjsonOf } from './lines.js'

/** Bytes that are kept to be sent again. */
const mostKept = 16 * 2 ** 20

/** Rows on their way to a daemon, as NDJSON. */
export class Upload {
  /** What the rows threw. */
  broken: { readonly by: unknown } | undefined
  private readonly source: AsyncGenerator<Uint8Array, void, undefined>
  /** Pieces by their number; none of them any more when they are too many. */
  private readonly kept = new Map<number, Uint8Array>()
  private taken = 0
  private bytes = 0
  private ended = false
  private taking: Promise<void> | undefined

  constructor(rows: AsyncIterable<object> | Iterable<object>) {
    this.source = ndjsonOf(rows)
  }

  /** Whether all that was sent can be sent again. */
  get canRepeat(): boolean {
    return this.broken === undefined && this.bytes <= mostKept
  }

  /** All of it, from the beginning; what was not sent before comes from the rows as fast as it is read. Ends the stream before. */
  stream(): ReadableStream<Uint8Array> {
    let next = 0
    return new ReadableStream({
      pull: async (controller) => {
        // one that was cut may still wait for the same piece
        while (next >= this.taken && !this.ended) await (this.taking ??= this.take())
        const piece = this.kept.get(next++)
        if (!piece) return controller.close()
        controller.enqueue(piece)
        if (!this.canRepeat) this.kept.clear()
      },
    })
  }

  /** Nothing more is taken from the rows. */
  end(): void {
    this.source.return().catch(() => undefined)
  }

  private async take(): Promise<void> {
    try {
      const { value, done } = await this.source.next()
      if (done) this.ended = true
      else {
        this.kept.set(this.taken++, value)
        this.bytes += value.length
      }
    } catch (by) {
      this.broken = { by }
      throw by
    } finally {
      this.taking = undefined
    }
  }
}
