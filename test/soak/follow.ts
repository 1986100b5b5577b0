import { WebSocket } from 'ws'
import type { Taylord } from './taylord.ts'

/** What a follower is told. */
export interface Event {
  readonly seq?: number
  readonly type: string
  readonly boss?: number
  readonly instruction?: number
  readonly attempt?: number
}

/**
 * Follows the events of all Bosses until the daemon ends or the socket is terminated.
 * @param since exclusive.
 * @param hear is given each event and the seq of the one before it.
 */
export function follow(daemon: Pick<Taylord, 'url'>, since: number, hear: (event: Event, last: number) => void): WebSocket {
  const socket = new WebSocket(`${daemon.url.replace('http', 'ws')}/v1/events?since=${since}`)
  let last = since
  socket.on('message', (data: Buffer) => {
    for (const event of JSON.parse(data.toString()) as Event[]) {
      hear(event, last)
      last = event.seq ?? last
    }
  })
  socket.on('error', () => {}) // it dies with the daemon
  return socket
}
