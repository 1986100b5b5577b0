import type { Readable } from 'node:stream'
import { Refusal } from '../boss/errors.js'
import { Fingerprint } from './fingerprint.js'

const jsonBytes = 64 * 1024 * 1024

/**
 * The bytes of a body as they come in, read when they are asked for.
 * @param idleMs how long nothing may come while something is awaited; a reader of ours that takes its time does not count.
 * @throws {Refusal} stalled.
 */
export async function* arriving(body: Readable, idleMs: number): AsyncGenerator<Buffer, void, undefined> {
  // a refusal must still be answered, so the iterator may not destroy the request when it is let go
  const pieces = body.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>
  try {
    for (;;) {
      const late = Promise.withResolvers<never>()
      const timer = setTimeout(() => late.reject(stalled(idleMs)), idleMs)
      const piece = await Promise.race([pieces.next(), late.promise]).finally(() => clearTimeout(timer))
      if (piece.done) return
      Fingerprint.note(body, piece.value)
      yield piece.value
    }
  } finally {
    void pieces.return?.()
  }
}

const stalled = (idleMs: number) =>
  new Refusal(
    'stalled',
    `nothing more of the body came for ${idleMs / 1000} s; nothing of it was kept. Send it again, or give the daemon a larger --upload-idle`,
    { upload_idle: idleMs / 1000 },
  )

/**
 * The text of a body of at most 64 MiB.
 * @param length what its header says, if it does.
 * @throws {Refusal} too-large, stalled.
 */
export async function textOf(body: Readable, length: string | undefined, idleMs: number): Promise<string> {
  if (Number(length ?? 0) > jsonBytes) throw tooLarge()
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of arriving(body, idleMs)) {
    bytes += piece.length
    if (bytes > jsonBytes) throw tooLarge()
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString()
}

const tooLarge = () =>
  new Refusal('too-large', 'the JSON body is over 64 MiB; send the rows as application/x-ndjson to …/instructions, which has no such limit')

/** Whether a body was handed on as it comes in. */
export const isArriving = (body: unknown): body is AsyncGenerator<Buffer, void, undefined> =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body
