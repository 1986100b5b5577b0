import { WebSocket, type WebSocketServer } from 'ws'
import type { Feed } from '../feed.js'

const highWaterBytes = 1024 * 1024
const pingMs = 30_000
const farewellMs = 1000

/** Carries the feed to one socket, until either end is over: 1000 after the Boss is. What the client says is ignored. */
export function tell(socket: WebSocket, feed: Feed, boss: number | undefined, since: number | undefined): void {
  let full = false
  const sent = () => {
    if (!full || socket.bufferedAmount > highWaterBytes) return
    full = false
    subscription.drained()
  }
  const send = (events: string) => {
    socket.send(events, sent)
    full = socket.bufferedAmount > highWaterBytes
    return !full
  }
  const subscription = feed.subscribe(boss, since, send, () => socket.close(1000))
  socket.once('close', () => subscription.close())
}

/** Pings every socket each 30 s and ends those whose last ping was not answered. @returns a function that stops it. */
export function keepAlive(server: WebSocketServer): () => void {
  const waiting = new WeakSet<WebSocket>()
  const timer = setInterval(() => {
    for (const socket of server.clients) {
      if (waiting.has(socket)) {
        socket.terminate()
        continue
      }
      waiting.add(socket)
      socket.once('pong', () => waiting.delete(socket))
      socket.ping()
    }
  }, pingMs)
  return () => clearInterval(timer)
}

/** Says goodbye with 1001 and cuts off who has not answered within 1 s, for an HTTP server waits for every socket. */
export function sayGoodbye(server: WebSocketServer): void {
  for (const socket of server.clients) socket.close(1001, 'taylord stops')
  setTimeout(() => {
    for (const socket of server.clients) socket.terminate()
  }, farewellMs).unref()
}
