/** What happened, as followers are told. Of a `type` that you do not know, think nothing. */
export interface Event {
  /** One increasing number for the whole daemon; absent where no log keeps the event (`instruction.progress`). */
  readonly seq?: number
  /** RFC 3339 */
  readonly at: string
  /** `boss.over`, `instruction.reported` (with the members of its report entry), `gap` (`from`, `to`) and others: docs/api.md. */
  readonly type: string
  readonly boss?: number
  readonly instruction?: number
  readonly [member: string]: unknown
}

/** Events that wait for who reads them; beyond, the connection is closed, and made anew once they are read. */
const mostWaiting = 10_000

/** One connection to the events of a daemon. */
export class EventSocket {
  /** Whether it came about: else there was no answer, or a refusal. */
  opened = false
  private waiting: Event[] = []
  private code: number | undefined
  private full = false
  private wake = () => {}

  /** @param changed is told when it opens, and when it is closed. */
  constructor(
    private readonly socket: WebSocket,
    changed: (isOpen: boolean) => void = () => undefined,
  ) {
    socket.onopen = () => {
      this.opened = true
      changed(true)
    }
    socket.onmessage = ({ data }) => {
      for (const event of JSON.parse(String(data)) as Event[]) this.waiting.push(event)
      // a WebSocket cannot be told to wait
      if (this.waiting.length > mostWaiting) this.close()
      this.wake()
    }
    socket.onclose = ({ code }) => {
      this.code = code
      changed(false)
      this.wake()
    }
  }

  /** Whether the Boss is over and all was read: the daemon closes with 1000 then, and only then. */
  get isOver(): boolean {
    return this.code === 1000 && !this.full
  }

  /** In order, until it is closed. */
  async *events(): AsyncGenerator<Event, void, undefined> {
    try {
      for (;;) {
        const events = this.waiting
        this.waiting = []
        yield* events
        if (this.waiting.length > 0) continue
        if (this.code !== undefined) return
        await new Promise<void>((resolve) => (this.wake = resolve))
      }
    } finally {
      this.socket.close()
    }
  }

  /** Nothing more is read after this. */
  close(): void {
    this.full = true
    this.socket.close()
  }
}
