import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** What stands between a client and a daemon, and may fail. */
export interface Proxy {
  readonly url: string
  /** Connections so far. */
  readonly count: () => number
  /** What clients said so far. */
  readonly said: () => string
  /** Keeps answers back until connections are cut. */
  mute(): void
  /** Cuts every connection there is. */
  cut(): void
}

/** Passes bytes on, until it is told to cut. @param path of a Unix socket to listen on; else it is a port. */
export async function startProxy(daemonUrl: string, path?: string): Promise<Proxy> {
  const sockets = new Set<Socket>()
  let count = 0
  let said = ''
  let isMute = false
  const server = createServer((socket) => {
    count++
    const other = connect(Number(new URL(daemonUrl).port), '127.0.0.1')
    for (const each of [socket, other]) {
      sockets.add(each)
      each.on('error', () => undefined)
      each.on('close', () => {
        sockets.delete(each)
        socket.destroy()
        other.destroy()
      })
    }
    socket.on('data', (chunk: Buffer) => (said += chunk.toString('latin1')))
    socket.pipe(other)
    other.on('data', (chunk: Buffer) => isMute || socket.write(chunk))
  })
  if (path === undefined) server.listen(0, '127.0.0.1')
  else server.listen(path)
  await once(server, 'listening')
  const cut = () => {
    isMute = false
    for (const socket of sockets) socket.destroy()
  }
  onTestFinished(() => {
    server.close()
    cut()
  })
  const url = path === undefined ? `http://127.0.0.1:${(server.address() as AddressInfo).port}` : `unix:${path}`
  return { url, count: () => count, said: () => said, mute: () => void (isMute = true), cut }
}
