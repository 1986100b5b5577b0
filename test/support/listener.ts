import { WebSocket } from 'ws'
import { onTestFinished } from 'vitest'
import { assertAnswer, checkOfNamed } from './contract.js'
import { until } from './temp.js'
import { noteBreach } from './breaches.js'

/** One event as subscribers read it. */
export interface Event {
  readonly seq: number
  readonly at: string
  readonly boss?: number
  readonly instruction?: number
  readonly type: string
  readonly [member: string]: unknown
}

/** A socket was refused before it was one. */
export class NotUpgraded extends Error {
  constructor(
    readonly status: number,
    readonly body: Record<string, unknown>,
  ) {
    super(`answered ${status} instead of an upgrade`)
  }
}

/** A subscriber: everything it was sent, in order. */
export class Listener {
  readonly events: Event[] = []
  /** Close code, once the socket is closed. */
  closed: number | undefined

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      const events = JSON.parse(data.toString()) as Event[]
      const wrong = checkOfNamed('Events')(events)
      if (wrong) noteBreach(`${socket.url}: ${wrong}; it is ${data.toString().slice(0, 300)}`)
      this.events.push(...events)
    })
    socket.on('close', (code) => (this.closed = code))
    onTestFinished(() => socket.terminate())
  }

  /** @throws {NotUpgraded} */
  static open(url: string): Promise<Listener> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url)
      const listener = new Listener(socket)
      socket.once('open', () => resolve(listener))
      socket.once('error', reject)
      socket.once('unexpected-response', (_request, response) => {
        const { statusCode: status = 0, headers } = response
        let body = ''
        response.on('data', (chunk: Buffer) => (body += chunk.toString()))
        response.on('end', () => {
          try {
            assertAnswer(
              { method: 'GET', path: new URL(url).pathname, status, headers: new Headers(headers as Record<string, string>) },
              body,
            )
          } catch (error) {
            noteBreach(error)
          }
          reject(new NotUpgraded(status, JSON.parse(body) as Record<string, unknown>))
        })
      })
    })
  }

  /** Takes nothing from the network until it is told to go on. */
  pause(): void {
    this.socket.pause()
  }

  goOn(): void {
    this.socket.resume()
  }

  close(): void {
    this.socket.close()
  }

  /** Waits until it is closed, however much comes before, as long as something does. */
  async untilClosed(): Promise<number> {
    while (this.closed === undefined) {
      const heard = this.events.length
      await until(() => this.closed !== undefined || this.events.length > heard, 'the socket closes')
    }
    return this.closed
  }

  /** Waits for the first event of this type. */
  until(type: string, matches: (event: Event) => boolean = () => true): Promise<Event> {
    return until(() => this.events.find((event) => event.type === type && matches(event)), `the event ${type}`)
  }
}
