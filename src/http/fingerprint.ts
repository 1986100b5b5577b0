import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'

const ofBodies = new WeakMap<Readable, Fingerprint>()

/** What tells two calls apart: SHA-256 of method, address and body, the body as it is read. */
export class Fingerprint {
  private readonly hash
  private digest: string | undefined

  constructor(method: string, address: string, body: Readable) {
    this.hash = createHash('sha256').update(`${method} ${address}\n`)
    ofBodies.set(body, this)
  }

  /** Takes note of a piece of a body; whoever reads one calls it. */
  static note(body: Readable, piece: Uint8Array): void {
    ofBodies.get(body)?.hash.update(piece)
  }

  /** To be called when all of the body has been read. */
  get text(): string {
    return (this.digest ??= this.hash.digest('hex'))
  }
}
