import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { invalid, Refusal } from '../boss/errors.js'
import { Fingerprint } from './fingerprint.js'

const jsonBytes = 64 * 1024 * 1024

/** Whether a body has to be unpacked. */
export const isPacked = ({ 'content-encoding': coding }: IncomingHttpHeaders): boolean => coding !== undefined && coding !== 'identity'

/**
 * The bytes of a body as they come in, unpacked if it comes as gzip, read when they are asked for.
 * @param idleMs how long nothing may come while something is awaited; a reader of ours that takes its time does not count.
 * @throws {Refusal} stalled, unsupported-type, invalid for what is no gzip.
 */
export async function* arriving(
  request: IncomingMessage,
  headers: IncomingHttpHeaders,
  idleMs: number,
): AsyncGenerator<Buffer, void, undefined> {
  const body = isPacked(headers) ? unpacked(request, headers) : request
  // a refusal must still be answered, so the iterator may not destroy the request when it is let go
  const pieces = body.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>
  try {
    for (;;) {
      const late = Promise.withResolvers<never>()
      const timer = setTimeout(() => late.reject(stalled(idleMs)), idleMs)
      const piece = await Promise.race([pieces.next(), late.promise]).finally(() => clearTimeout(timer))
      if (piece.done) return
      Fingerprint.note(request, piece.value)
      yield piece.value
    }
  } catch (error) {
    // codes of zlib: Z_DATA_ERROR, Z_BUF_ERROR
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
      throw invalid(`the body says that it is gzip, and it is not: ${error.message}`, { asked: headers['content-encoding'] })
    throw error
  } finally {
    void pieces.return?.()
    if (body !== request) {
      request.unpipe()
      body.destroy()
      // what is left of a whole request would hold up the next one of its connection
      if (request.complete) request.resume()
    }
  }
}

function unpacked(request: Readable, { 'content-encoding': asked }: IncomingHttpHeaders): Readable {
  if (!/^(x-)?gzip$/i.test(asked ?? ''))
    throw new Refusal(
      'unsupported-type',
      `a body may come as it is or as gzip, not as ${asked}; send it with Content-Encoding: gzip or without`,
      {
        asked,
        available: ['gzip', 'identity'],
      },
    )
  const gunzip = createGunzip()
  // pipe hands on no error, and pipeline would close the connection before a refusal is answered
  request.once('error', (error) => gunzip.destroy(error))
  return request.pipe(gunzip)
}

const stalled = (idleMs: number) =>
  new Refusal(
    'stalled',
    `nothing more of the body came for ${idleMs / 1000} s; nothing of it was kept. Send it again, or give the daemon a larger --upload-idle`,
    { upload_idle: idleMs / 1000 },
  )

/**
 * Reads the text of a body of at most 64 MiB, unpacked.
 * @param done is given it, or the {Refusal}: too-large, stalled, unsupported-type, invalid for what is no gzip.
 */
export function readText(request: IncomingMessage, headers: IncomingHttpHeaders, idleMs: number, done: Taker): void {
  if (!isPacked(headers)) return readAsItIs(request, headers, idleMs, done)
  void readPacked(request, headers, idleMs, done)
}
type Taker = (error: Error | null, text?: string) => void

async function readPacked(request: IncomingMessage, headers: IncomingHttpHeaders, idleMs: number, done: Taker): Promise<void> {
  const pieces: Buffer[] = []
  let bytes = 0
  try {
    for await (const piece of arriving(request, headers, idleMs)) {
      bytes += piece.length
      if (bytes > jsonBytes) throw tooLarge()
      pieces.push(piece)
    }
  } catch (error) {
    return done(error as Error)
  }
  done(null, Buffer.concat(pieces).toString())
}

function readAsItIs(body: IncomingMessage, { 'content-length': length }: IncomingHttpHeaders, idleMs: number, done: Taker): void {
  // by events, and as few as will do: most bodies are small, and to take one costs more than what is done with it
  if (Number(length ?? 0) > jsonBytes) return done(tooLarge())
  const pieces: Buffer[] = []
  let bytes = 0
  let isOver = false
  const fail = (error: Error) => {
    if (isOver) return
    isOver = true
    clearTimeout(timer)
    body.off('data', take).pause()
    done(error)
  }
  const take = (piece: Buffer) => {
    timer.refresh()
    Fingerprint.note(body, piece)
    bytes += piece.length
    if (bytes > jsonBytes) return fail(tooLarge())
    pieces.push(piece)
  }
  const end = () => {
    if (isOver) return
    isOver = true
    clearTimeout(timer)
    done(null, (pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)).toString())
  }
  const timer = setTimeout(() => fail(stalled(idleMs)), idleMs)
  // a connection that breaks closes it, too
  body.on('data', take).on('end', end)
  body.on('close', () => isOver || fail(new Error('the connection was closed before the body had come')))
}

const tooLarge = () =>
  new Refusal(
    'too-large',
    'the JSON body is over 64 MiB; send the rows as application/x-ndjson to …/instructions, which has no such limit',
    {
      max_bytes: jsonBytes,
    },
  )

/** Whether a body was handed on as it comes in. */
export const isArriving = (body: unknown): body is AsyncGenerator<Buffer, void, undefined> =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body
