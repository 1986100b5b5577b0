import { setTimeout as pause } from 'node:timers/promises'

/** The daemon refused: `code` is stable, the message says what to do. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
  ) {
    super(detail)
  }
}

/** The daemon cannot be reached, or does not answer as one. */
export class Unreachable extends Error {}

/** A Boss, as far as this client looks at it. */
export interface Boss {
  readonly id: number
  readonly name?: string
  readonly status: string
  readonly counts: {
    readonly pending: number
    readonly working: number
    readonly succeeded: number
    readonly failed: number
    readonly cancelled: number
  }
}

/** An event of a Boss. */
export interface Event {
  /** absent where no log keeps it */
  readonly seq?: number
  readonly type: string
  /** how an instruction ended, in `instruction.reported` */
  readonly outcome?: 'succeeded' | 'failed' | 'cancelled'
}

/** What a report says besides its entries. */
export interface ReportHead {
  readonly boss: number
  readonly status: string
  readonly pending: number
}

/** Bosses that were removed, or would be. */
export interface Pruned {
  readonly dry_run: boolean
  readonly bosses: number
  readonly bytes: number
  readonly items: readonly {
    readonly id: number
    readonly name?: string
    readonly status: string
    readonly over_at: string
    readonly bytes: number
  }[]
}

/** How often, and after which ms, a broken connection is tried anew. */
const tries = 20
const pauseMs = 500

/** The HTTP and WebSocket interface of a daemon, as far as the command line needs it. */
export class Client {
  private readonly base: string

  /** @param url such as `http://127.0.0.1:8080`. */
  constructor(url: string) {
    this.base = url.replace(/\/+$/, '')
  }

  /** Creates a Boss. @param asked the body of `POST /v1/bosses`. @throws {Refused} {Unreachable} as every call. */
  create(asked: Readonly<Record<string, unknown>>): Promise<Boss> {
    return this.post('/v1/bosses', asked)
  }

  boss(id: number): Promise<Boss> {
    return this.get(`/v1/bosses/${id}`)
  }

  /** Removes old Bosses. @param asked the body of `POST /v1/prune`. */
  prune(asked: Readonly<Record<string, unknown>>): Promise<Pruned> {
    return this.post('/v1/prune', asked)
  }

  /** Ends what runs and leaves what waits. */
  stopNow(id: number): Promise<Boss> {
    return this.post(`/v1/bosses/${id}/stop?now=true`)
  }

  /** @throws {Refused} boss-not-over. */
  async reportHead(id: number): Promise<ReportHead> {
    const { boss, status, pending } = await this.get<ReportHead>(`/v1/bosses/${id}/report?interim=false&limit=1`)
    return { boss, status, pending }
  }

  /** The entries of a report, each as its JSON text; read from the network as fast as they are taken. */
  async *reportLines(id: number): AsyncGenerator<string> {
    const response = await this.ask('GET', `/v1/bosses/${id}/report?interim=false`, { accept: 'application/x-ndjson' })
    const decoder = new TextDecoder()
    let rest = ''
    for await (const chunk of response.body ?? []) {
      const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
    if (rest !== '') yield rest
  }

  /**
   * Follows a Boss from its first event on until it is over. A connection that breaks is made anew and goes on where it was.
   * @param hear called with each event, in order.
   * @throws {Unreachable} when the daemon has been away for ten seconds.
   */
  async follow(id: number, hear: (event: Event) => void): Promise<void> {
    let since = 0
    for (let left = tries; left > 0; left--) {
      const before = since
      const over = await this.listen(id, since, (event) => {
        since = event.seq ?? since
        hear(event)
      })
      if (over) return
      if (since > before) left = tries
      await pause(pauseMs)
    }
    throw new Unreachable(`the events of Boss ${id} at ${this.base} broke off`)
  }

  /** @returns whether the Boss is over: the daemon closes with 1000 then, and only then. */
  private listen(id: number, since: number, hear: (event: Event) => void): Promise<boolean> {
    const socket = new WebSocket(`${this.base.replace(/^http/, 'ws')}/v1/bosses/${id}/events?since=${since}`)
    socket.onmessage = ({ data }) => (JSON.parse(String(data)) as Event[]).forEach(hear)
    return new Promise((resolve) => {
      socket.onclose = ({ code }) => resolve(code === 1000)
    })
  }

  private async get<T>(path: string): Promise<T> {
    return (await this.ask('GET', path)).json() as Promise<T>
  }

  private async post<T>(path: string, body?: object): Promise<T> {
    const sent = body && { body: JSON.stringify(body), type: 'application/json' }
    return (await this.ask('POST', path, {}, sent)).json() as Promise<T>
  }

  private async ask(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    sent?: { readonly body: string; readonly type: string },
  ): Promise<Response> {
    const response = await fetch(this.base + path, {
      method,
      headers: sent ? { ...headers, 'content-type': sent.type } : headers,
      ...(sent && { body: sent.body }),
    }).catch((error: Error & { cause?: Error }) => {
      throw new Unreachable(`no daemon answers at ${this.base}: ${error.cause?.message ?? error.message}`)
    })
    if (response.ok) return response
    const text = await response.text()
    const problem = problemOf(text)
    if (!problem) throw new Unreachable(`what answers at ${this.base} is no taylord: ${response.status} ${text.slice(0, 100)}`)
    throw new Refused(response.status, problem.code, problem.detail)
  }
}

function problemOf(text: string): { code: string; detail: string } | undefined {
  try {
    const { code, detail } = JSON.parse(text) as { code?: unknown; detail?: unknown }
    return typeof code === 'string' && typeof detail === 'string' ? { code, detail } : undefined
  } catch {
    return undefined
  }
}
