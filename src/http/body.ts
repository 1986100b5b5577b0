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
export function textOf(body: Readable, length: string | undefined, idleMs: number): Promise<string> {
  // by events: most bodies are small, and to iterate over one costs as much as all else that is done to take it
  return new Promise((resolve, reject) => {
    if (Number(length ?? 0) > jsonBytes) return reject(tooLarge())
    const pieces: Buffer[] = []
    let bytes = 0
    const leave = () => {
      clearTimeout(timer)
      body.off('data', take).off('end', end).off('error', fail).off('close', broken)
    }
    const fail = (error: Error) => {
      leave()
      body.pause()
      reject(error)
    }
    const broken = () => fail(new Error('the connection was closed before the body had come'))
    const take = (piece: Buffer) => {
      timer.refresh()
      bytes += piece.length
      if (bytes > jsonBytes) return fail(tooLarge())
      pieces.push(piece)
    }
    const end = () => {
      leave()
      resolve((pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)).toString())
    }
    const timer = setTimeout(() => fail(stalled(idleMs)), idleMs)
    body.on('data', take).on('end', end).on('error', fail).on('close', broken)
  })
}

const tooLarge = () =>
  new Refusal('too-large', 'the JSON body is over 64 MiB; send the rows as application/x-ndjson to …/instructions, which has no such limit')

/** Whether a body was handed on as it comes in. */
export const isArriving = (body: unknown): body is AsyncGenerator<Buffer, void, undefined> =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body
