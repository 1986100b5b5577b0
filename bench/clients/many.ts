import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/**
 * Posts the same body again and again over some connections, each as soon as its last answer has come.
 * It speaks just enough HTTP for that, because it shares the cores with the daemon.
 * @returns requests a second.
 * @throws when an answer is not 201.
 */
export async function postMany(
  url: string,
  type: string,
  body: string,
  { connections, requests }: { connections: number; requests: number },
): Promise<number> {
  const { hostname, port, pathname } = new URL(url)
  const request = `POST ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  const sockets = Array.from({ length: connections }, () => connect(Number(port), hostname).setNoDelay())
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  let left = requests
  const start = performance.now()
  const converse = (socket: Socket) =>
    new Promise<void>((resolve, reject) => {
      let text = ''
      const post = () => (left-- > 0 ? void socket.write(request) : resolve())
      socket.on('error', reject)
      socket.on('close', () => reject(new Error('the daemon closed a connection')))
      socket.setEncoding('latin1').on('data', (chunk: string) => {
        text += chunk
        const head = text.indexOf('\r\n\r\n')
        if (head < 0) return
        const length = Number(/content-length: (\d+)/i.exec(text)?.[1])
        if (text.length < head + 4 + length) return
        if (!text.startsWith('HTTP/1.1 201')) reject(new Error(`it was answered: ${text}`))
        text = ''
        post()
      })
      post()
    })
  try {
    await Promise.all(sockets.map(converse))
    return requests / ((performance.now() - start) / 1000)
  } finally {
    for (const socket of sockets) socket.destroy()
  }
}
