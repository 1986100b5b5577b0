import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import koffi from 'koffi'
import { WebSocket, type WebSocketServer } from 'ws'
import type { Feed } from '../feed.js'
import { messageBytes } from '../feed/telling.js'
import type { Asked } from './stream.js'

/**
 * What may wait for a reader in this process, with a last message at most 1 MiB: as much as it has taken so far, within these bounds. So one that
 * never reads is not given much to hold, and one that does is live while what it was sent is packed, enciphered or on its way.
 */
const ahead = { leastBytes: 64 * 1024, mostBytes: 1024 * 1024 - messageBytes }
const pingMs = 30_000
/**
 * Pings without an answer after which a socket is cut off. They wait behind what the other end has not read, which for one that is busy may
 * take more than the time to the next ping: 2 minutes, and 10 for one that has stalled with a message that it was not even sent.
 */
const mostPings = { silent: 4, stalled: 20 }
/** Pings, and answers to pings, that wait take no more: when more waits, it is a message that the other end does not take. */
const pingBytes = 8 * 1024
const farewellMs = 1000
/** What a client may say between two pings; there is nothing to be said. */
const mostSaid = 1_000

/** What a socket's messages are compressed with, for who is far away and asks for it: each for itself, so that a follower takes no memory for it. */
export const compression = {
  threshold: 1024,
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  zlibDeflateOptions: { level: 1 },
}

/**
 * Declines compression for a client on this machine: events shrink to a twentieth, which on a network pays for a core's second per 300 MB, and
 * on loopback for nothing. One whose call a proxy passed on is far away.
 */
export function declineIfNear({ headers, socket: { remoteAddress = '' } }: IncomingMessage): void {
  const isNear = /^(::ffff:)?127\.|^::1$|^$/.test(remoteAddress) && !headers['x-forwarded-for'] && !headers.forwarded
  if (isNear) delete headers['sec-websocket-extensions']
}

/**
 * Carries the feed to one socket, until either end is over: 1000 after the Boss is. What the client says is ignored, up to a point.
 * @param connection what it was upgraded from.
 */
export function tell(socket: WebSocket, connection: Socket, feed: Feed, { view, boss, since, last }: Asked): void {
  boundKernel(connection)
  // not what the socket says that it holds, for pings are in that, and of these nobody tells when they are taken
  let [waiting, taken, full] = [0, 0, false]
  const mayWait = () => Math.min(ahead.mostBytes, Math.max(ahead.leastBytes, taken))
  const send = (events: Uint8Array) => {
    waiting += events.length
    socket.send(events, { binary: false }, () => {
      waiting -= events.length
      taken += events.length
      if (!full || waiting > mayWait()) return
      full = false
      subscription.drained()
    })
    full = waiting > mayWait()
    return !full
  }
  const subscription = feed.subscribe(view, boss, since, { send, over: () => socket.close(1000) }, last)
  socket.once('close', () => subscription.close())
  limitTalk(socket)
}

const setsockopt = koffi.load('libc.so.6').func('int setsockopt(int fd, int level, int option, const int *value, unsigned int size)')
const [tcp, notSentLowat, intBytes] = [6, 25, 4]
/** What the kernel takes of what is not on its way yet, for one reader. */
const kernelBytes = 16 * 1024

/**
 * Has the kernel take little for one that does not read: it would copy and hold 1.6 MB for each. What is on its way is not bounded by it, so a
 * reader that is far away is sent as much at a time as before. Without it all works, at that cost.
 */
function boundKernel(connection: Socket): void {
  const { fd } = (connection as { _handle?: { fd?: number } })._handle ?? {}
  if (fd !== undefined && fd >= 0) setsockopt(fd, tcp, notSentLowat, [kernelBytes], intBytes)
}

/** Closes a socket with 1008 whose client talks on and on. Pings whose answers it does not take are bounded by ws. */
function limitTalk(socket: WebSocket): void {
  let said = 0
  let from = performance.now()
  socket.on('message', () => {
    const now = performance.now()
    if (now - from > pingMs) [said, from] = [0, now]
    if (++said !== mostSaid) return
    socket.close(1008, 'events only go out; say less')
    setTimeout(() => socket.terminate(), farewellMs).unref()
  })
}

/**
 * Pings every socket each 30 s and ends those that leave a ping unanswered for long: the other end is gone. @returns a function that stops it.
 */
export function keepAlive(server: WebSocketServer): () => void {
  const unanswered = new WeakMap<WebSocket, number>()
  const timer = setInterval(() => {
    for (const socket of server.clients) {
      const pings = unanswered.get(socket) ?? 0
      if (pings >= (socket.bufferedAmount > pingBytes ? mostPings.stalled : mostPings.silent)) {
        socket.terminate()
        continue
      }
      unanswered.set(socket, pings + 1)
      if (pings > 0) continue
      socket.once('pong', () => unanswered.delete(socket))
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
