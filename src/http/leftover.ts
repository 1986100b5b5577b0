import type { IncomingMessage } from 'node:http'

const boundBytes = 256 * 1024 * 1024
const idleMs = 60_000

/**
 * Reads on and forgets what a client still sends after it was refused. Many clients look for an answer only when
 * they have sent everything: closing the connection under them would turn the refusal into a reset.
 * One that sends more than 256 MiB more, or nothing for a minute, is cut off.
 */
export function discardRest(request: IncomingMessage): void {
  let leftBytes = boundBytes
  const timer = setTimeout(() => request.destroy(), idleMs)
  request.once('close', () => clearTimeout(timer)).once('end', () => clearTimeout(timer))
  request.on('data', (chunk: Uint8Array) => {
    timer.refresh()
    leftBytes -= chunk.length
    if (leftBytes < 0) request.destroy()
  })
  request.resume()
}
