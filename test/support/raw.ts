import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Daemon } from './daemon.js'
import { until } from './temp.js'

/** A client that says what it likes. */
export class Raw {
  heard = ''
  closed = false
  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => (this.heard += chunk.toString('latin1')))
    socket.on('error', () => undefined).on('close', () => (this.closed = true))
    onTestFinished(() => void socket.destroy())
  }

  static async open({ url }: Pick<Daemon, 'url'>): Promise<Raw> {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    return new Raw(socket)
  }

  static async saying(daemon: Daemon, text: string): Promise<Raw> {
    const raw = await Raw.open(daemon)
    raw.socket.write(text)
    return raw
  }

  /** Status and code of the first answer. */
  async answer(): Promise<[number, string | undefined]> {
    await until(() => /\r\n\r\n[^]*[}]|\r\n\r\n$/.test(this.heard) || this.closed, 'an answer')
    return [Number(/^HTTP\/1.1 (\d+)/.exec(this.heard)?.[1]), /"code":"([\w-]+)"/.exec(this.heard)?.[1]]
  }

  untilClosed(): Promise<boolean> {
    return until(() => this.closed, 'the connection is closed')
  }
}

/** A request without a body. */
export const head = (method: string, path: string, ...headers: string[]) =>
  `${[`${method} ${path} HTTP/1.1`, 'Host: localhost', ...headers].join('\r\n')}\r\n\r\n`
