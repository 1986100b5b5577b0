import { writevSync } from 'node:fs'
import { Socket } from 'node:net'
import { StringDecoder } from 'node:string_decoder'
import { pipes, type ToHost } from '../frames.js'

/** How a host hears its daemon and is heard. */
export interface Wire {
  /**
   * Called once.
   * @param take gets each frame, and whether it has been answered.
   * @param closed the daemon has closed: nothing more is to begin.
   */
  listen(take: (frame: ToHost, answered: boolean) => void, closed: () => void): void
  /** Says whole frames; blocks while the daemon does not read. @throws Error when it cannot be said. */
  write(parts: readonly Buffer[]): void
  /** Blocks until what was said has gone. */
  drain(): void
  /** Blocks until what was said is with the daemon's machine, whatever becomes of this process then. */
  arrive(): void
}

/** The pipes themselves, for a host beside its daemon. */
export const directWire: Wire = {
  listen(take, closed) {
    listenTo((lines) => {
      for (const line of lines) take(JSON.parse(line) as ToHost, false)
    }, closed)
  },
  write(parts) {
    for (let left = parts; left.length > 0; ) left = behind(left, writevSync(pipes.fromHost, left))
  },
  drain: () => undefined,
  arrive: () => undefined,
}

/** What is read at once. */
const readBytes = 64 * 1024

/** Hands over what comes from the daemon, as lines, and tells when no more comes. */
export function listenTo(take: (lines: string[]) => void, closed: () => void): void {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  const hear = (bytes: number, buffer: Uint8Array) => {
    const chunk = decoder.write(Buffer.from(buffer.buffer, buffer.byteOffset, bytes))
    // a frame may come in a thousand pieces: they are put together once
    if (!chunk.includes('\n')) rest += chunk
    else {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      take(lines)
    }
    return true // else nothing more would be read
  }
  // not by its events: between two tasks a core waits for what is here to be heard
  const onread = { buffer: Buffer.allocUnsafeSlow(readBytes), callback: hear }
  const inbox = new Socket({ fd: pipes.toHost, readable: true, writable: false, onread })
  inbox.resume() // else it would not tell that it is closed
  inbox.on('close', closed)
  inbox.on('error', () => undefined) // it closes then
}

/** What is left of these when their first `written` bytes have gone. */
function behind(parts: readonly Buffer[], written: number): readonly Buffer[] {
  let at = 0
  let gone = 0
  for (let part; (part = parts[at]) && gone + part.length <= written; at++) gone += part.length
  const [cut, ...others] = parts.slice(at)
  return cut ? [cut.subarray(written - gone), ...others] : []
}
