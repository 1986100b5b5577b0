import createApi from 'openapi-fetch'
import type { components, operations, paths } from './api.js'
import { refusalOf, Refused, Unreachable } from './errors.js'
import { EventSocket, type Event } from './events.js'
import { linesOf } from './lines.js'
import { onceSent, patiently, pause, type Patience } from './patience.js'
import { Upload } from './upload.js'

export type { components, operations, paths } from './api.js'
export { Refused, Unreachable } from './errors.js'
export type { Event } from './events.js'
export { patiently, type Patience } from './patience.js'

/** A Boss: it takes instructions and answers with reports. */
export type Boss = components['schemas']['Boss']
/** One piece of work. */
export type Instruction = components['schemas']['Instruction']
/** The final report of one instruction. */
export type ReportEntry = components['schemas']['ReportEntry']
/** One page of a report. */
export type Report = components['schemas']['Report']
/** What an append stored: ids from `first` to `last`. */
export type Appended = components['schemas']['Appended']
/** What `POST /v1/bosses` takes. */
export type NewBoss = operations['createBoss']['requestBody']['content']['application/json']
/** Which Boss: its id or its name. */
export type BossRef = number | string

/** How a daemon is reached. */
export interface ClientOptions {
  /** A bearer token, `taylord_…`, if the daemon asks for one. */
  readonly token?: string | undefined
}

/** What is to be heard of what happens. */
export interface Following extends Patience {
  /** seq after which to begin; 0 is the oldest that is kept. For one Boss that is the default, for all it is what happens from now on. */
  readonly since?: number | undefined
  /** Entries of the log at most; a `gap` comes for what is behind `since` and before them. */
  readonly last?: number | undefined
  /** Reports come as `instructions.reported`, many as one, ten times a second at most: for who draws what goes on. */
  readonly brief?: boolean | undefined
  /** Only reports of these kinds, and what becomes of Bosses. */
  readonly kinds?: readonly string[] | undefined
  /** Only reports with these outcomes, and what becomes of Bosses. */
  readonly outcomes?: readonly ReportEntry['outcome'][] | undefined
  /** Only of these, where all Bosses are followed. */
  readonly bosses?: readonly BossRef[] | undefined
  /** Is told when a connection opens and when it is closed. */
  readonly changed?: ((isOpen: boolean) => void) | undefined
}

/** How often a daemon that answers, but opens no WebSocket, is asked for one. */
const tries = 20
/** What is asked of the daemon at a time: what is between may cut a connection that is silent for a minute. */
const waitSeconds = 25
const keyHeader = 'idempotency-key'
/** Where a key is not heeded: the answer holds a secret. */
const withoutKey = '/v1/tokens'

/**
 * A daemon, over HTTP and WebSocket; in Node.js and in a browser. Each call throws `Refused` when the daemon refuses and `Unreachable`
 * when it cannot be reached. Each POST has an `Idempotency-Key` and is carried out once: in Node.js it is sent again when the connection
 * breaks before the answer.
 */
export class Client {
  /** Every call of the contract, typed from it: `client.api.GET('/v1/bosses/{boss}', { params: { path: { boss: 'nap' } } })`. */
  readonly api: ReturnType<typeof createApi<paths>>
  private readonly base: string
  private readonly headers: Readonly<Record<string, string>>
  private readonly protocols: string[]

  /** @param url such as `http://127.0.0.1:8080`; it may have a path. */
  constructor(url: string, { token }: ClientOptions = {}) {
    this.base = url.replace(/\/+$/, '')
    this.headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    // a browser's WebSocket takes no headers
    this.protocols = token === undefined ? [] : ['taylord', `taylord.bearer.${token}`]
    this.api = createApi<paths>({ baseUrl: this.base, headers: this.headers, fetch: (request) => this.ask(request) })
  }

  /** Creates a Boss, durably. */
  create(asked: NewBoss): Promise<Boss> {
    // no dry run is asked for, so it is a Boss
    return bodyOf(this.api.POST('/v1/bosses', { body: asked })) as Promise<Boss>
  }

  boss(boss: BossRef): Promise<Boss> {
    return bodyOf(this.api.GET('/v1/bosses/{boss}', { params: { path: pathOf(boss) } }))
  }

  /**
   * Gives a Boss rows, all or nothing, durably.
   * @param rows are sent as they come, however many there are. That needs Node.js, or a browser that speaks HTTP/2 with the daemon;
   *   elsewhere: `client.api.POST('/v1/bosses/{boss}/instructions', …)` with a list. What they throw leaves nothing, and is thrown. They
   *   are sent again when the connection breaks, unless more than 16 MiB of them had been sent.
   */
  async append(boss: BossRef, rows: AsyncIterable<object> | Iterable<object>): Promise<Appended> {
    const upload = new Upload(rows)
    const headers = { ...this.headers, 'content-type': 'application/x-ndjson', [keyHeader]: newKey() }
    const send = () => {
      // types of browsers do not know `duplex`
      const sent = { method: 'POST', headers, body: upload.stream(), ...({ duplex: 'half' } as object) }
      return this.send(new Request(`${this.base}/v1/bosses/${encodeURIComponent(boss)}/instructions`, sent))
    }
    const again = onceSent()
    try {
      const response = await patiently(send, {}, (error) => upload.canRepeat && again(error))
      return (await response.json()) as Appended
    } catch (error) {
      throw upload.broken ? upload.broken.by : error
    } finally {
      upload.end()
    }
  }

  /** The entries of a report, each as its JSON text; read as fast as they are taken. @param interim also before the Boss is over. */
  async *reportLines(boss: BossRef, { interim = true, signal }: Patience & { readonly interim?: boolean } = {}): AsyncGenerator<string> {
    const asked = {
      params: { path: pathOf(boss), query: { interim } },
      headers: { accept: 'application/x-ndjson' },
      parseAs: 'stream',
      signal: signal ?? null,
    } as const
    const stream = await bodyOf(this.api.GET('/v1/bosses/{boss}/report', asked))
    if (stream) yield* linesOf(stream as AsyncIterable<Uint8Array>)
  }

  /**
   * Waits until a Boss is over, also while the daemon starts anew.
   * @returns the Boss as it is then.
   * @throws {Refused} `boss-halted` when it was ended while it is halted, with work left: it would never be over.
   * @throws {Unreachable} when the daemon has been away for too long, or when it is when this is called.
   */
  async wait(boss: BossRef, patience: Patience = {}): Promise<Boss> {
    const { id } = await this.boss(boss) // of two Bosses of one name it stays the same
    const asked = {
      params: { path: pathOf(id), query: { interim: false, limit: 1 } },
      headers: { prefer: `wait=${waitSeconds}` },
      signal: patience.signal ?? null,
    }
    while (!(await patiently(() => unless('boss-not-over', this.api.GET('/v1/bosses/{boss}/report', asked)), patience)));
    return patiently(() => this.boss(id), patience)
  }

  /**
   * What happens, in order, to a Boss until it is over, or to all Bosses without an end. A connection that breaks is made anew and goes on
   * where it was; who reads slowly misses nothing. A `gap` comes where the log no longer has what was asked for.
   * @param boss undefined for all.
   * @throws {Unreachable} when the daemon has been away for too long, or when it is when this is called.
   */
  async *follow(boss?: BossRef, what: Following = {}): AsyncGenerator<Event, void, undefined> {
    const { since = boss === undefined ? undefined : 0, last, brief, kinds, outcomes, bosses, changed, ...patience } = what
    const { signal } = patience
    // a name may be another Boss's when the connection is made anew
    const [id] = await this.idsOf(boss === undefined ? [] : [boss])
    const filter = {
      ...(kinds && { kind: kinds.join() }),
      ...(outcomes && { outcome: outcomes.join() }),
      ...(bosses && { boss: (await this.idsOf(bosses)).join() }),
    }
    signal?.throwIfAborted()
    let seq = since
    for (let left = tries; left > 0; left--) {
      const socket = new EventSocket(this.listen(id, { since: seq, last, brief, ...filter }), changed)
      const from = seq
      const stop = () => socket.close()
      signal?.addEventListener('abort', stop)
      try {
        for await (const event of socket.events()) {
          signal?.throwIfAborted()
          if (event.type === 'gap') {
            // told to who was slow: it is still to be had. But if this is where the connection began, the log has no more
            const before = Number(event['from']) - 1
            if (before !== from) {
              seq = before
              break
            }
          }
          seq = event.seq ?? seq
          yield event
        }
      } finally {
        signal?.removeEventListener('abort', stop)
      }
      signal?.throwIfAborted()
      if (socket.isOver) return
      if (socket.opened) left = tries
      await pause(signal)
      // says why it was refused, which a WebSocket does not
      await patiently<unknown>(
        () => (id === undefined ? this.api.GET('/v1/bosses', { params: { query: { limit: 1 } } }) : this.boss(id)),
        patience,
      )
      if (!socket.opened && (kinds || outcomes)) await unless('upgrade-required', this.api.GET('/v1/events', { params: { query: filter } }))
    }
    throw new Unreachable(`${this.base} answers, but lets no WebSocket through for events`)
  }

  private idsOf(bosses: readonly BossRef[]): Promise<number[]> {
    return Promise.all(bosses.map(async (boss) => (await this.boss(boss)).id))
  }

  private listen(id: number | undefined, asked: { readonly [field: string]: string | number | boolean | undefined }): WebSocket {
    const path = id === undefined ? '/v1/events' : `/v1/bosses/${id}/events`
    const fields = Object.entries(asked).flatMap(([field, value]) => (value === undefined ? [] : [`${field}=${encodeURIComponent(value)}`]))
    return new WebSocket(`${this.base.replace(/^http/, 'ws')}${path}${fields.length > 0 ? '?' : ''}${fields.join('&')}`, this.protocols)
  }

  /** Asks once, however often it is sent. */
  private ask(request: Request): Promise<Response> {
    if (request.method !== 'POST' || request.url.endsWith(withoutKey)) return this.send(request)
    if (!request.headers.has(keyHeader)) request.headers.set(keyHeader, newKey())
    return patiently(() => this.send(request.clone()), { signal: request.signal }, onceSent())
  }

  private async send(request: Request): Promise<Response> {
    const response = await fetch(request).catch((error: Error & { cause?: Error & { code?: string } }) => {
      request.signal.throwIfAborted()
      const { cause } = error
      throw new Unreachable(`no daemon answers at ${this.base}: ${cause?.message ?? error.message}`, cutCodes.has(cause?.code ?? ''))
    })
    if (response.ok) return response
    throw await refusalOf(response, this.base)
  }
}

const pathOf = (boss: BossRef) => ({ boss: String(boss) })

/** What an answer brought: `await bodyOf(client.api.GET('/v1/kinds'))`. What is refused has been thrown. */
export const bodyOf = async <Body>(asked: Promise<{ data?: Body }>): Promise<NonNullable<Body>> => (await asked).data as NonNullable<Body>

/** Whether it was answered, and not refused by this code. */
async function unless(code: string, asked: Promise<unknown>): Promise<boolean> {
  try {
    await asked
    return true
  } catch (error) {
    if (error instanceof Refused && error.code === code) return false
    throw error
  }
}

/** What Node.js says of a connection that broke once it was made. */
const cutCodes = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
