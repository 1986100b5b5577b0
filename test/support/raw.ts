import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { assertAnswer } from './contract.js'
import type { Daemon } from './daemon.js'
import { until } from './temp.js'

/** A client that says what it likes. */
export class Raw {
  heard = ''
  closed = false
  private said = ''

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
    raw.said = text
    raw.socket.write(text)
    return raw
  }

  /** Status and code of the first answer. */
  async answer(): Promise<[number, string | undefined]> {
    await until(() => /\r\n\r\n[^]*[}]|\r\n\r\n$/.test(this.heard) || this.closed, 'an answer')
    this.assertContract()
    return [Number(/^HTTP\/1.1 (\d+)/.exec(this.heard)?.[1]), /"code":"([\w-]+)"/.exec(this.heard)?.[1]]
  }

  /** Holds the first answer against the contract, if what was said was a request. */
  private assertContract(): void {
    const [, method, path] = /^([A-Z]+) ([^ ?]+)\S* HTTP/.exec(this.said) ?? []
    const [head = '', body = ''] = this.heard.split('\r\n\r\n')
    const [first = '', ...lines] = head.split('\r\n')
    const headers = new Headers(lines.map((line): [string, string] => [line.split(': ')[0] ?? '', line.slice(line.indexOf(': ') + 2)]))
    if (method === undefined || path === undefined || !headers.get('content-length')) return
    const status = Number(first.split(' ')[1])
    if (status === 400 && /^upgrade: websocket/im.test(this.said)) return // no handshake: ws has its own answer to that
    assertAnswer({ method, path, status, headers }, body.slice(0, Number(headers.get('content-length'))))
  }

  untilClosed(): Promise<boolean> {
    return until(() => this.closed, 'the connection is closed')
  }
}

/** A request without a body. */
export const head = (method: string, path: string, ...headers: string[]) =>
  `${[`${method} ${path} HTTP/1.1`, 'Host: localhost', ...headers].join('\r\n')}\r\n\r\n`
