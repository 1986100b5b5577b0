import { Readable } from 'node:stream'
import { constants, createGzip, gzip, gzipSync } from 'node:zlib'
import type { onSendHookHandler } from 'fastify'

/** Below that packing costs more than it saves. */
const fewBytes = 1024
/** Of a text that is no longer it costs less than to have another thread do it. */
const smallLength = 16 * 1024
/** The fastest: most clients are near. */
const level = constants.Z_BEST_SPEED

/** Text that is sent in one go. What programs wrote and arrays are sent as they are, and events flow. */
const isText = (type: unknown): boolean =>
  /^(application\/(problem\+)?json|application\/x-ndjson|application\/yaml|text\/(html|css))\b/.test(String(type))

/** Whether `Accept-Encoding` lets an answer come as gzip; not without being asked. */
export const takesGzip = (header: string | string[] | undefined): boolean =>
  header !== undefined &&
  String(header)
    .split(',')
    .some((coding) => /^\s*(x-)?gzip\s*(;\s*q=(1|0?\.\d*[1-9]\d*|1\.0*)\s*)?$/i.test(coding))

/** Packs an answer for who asks for that. */
export const gzipped: onSendHookHandler = ({ method, headers }, reply, payload, done) => {
  if (!isText(reply.getHeader('content-type')) || method === 'HEAD' || reply.hasHeader('content-encoding')) return done(null, payload)
  reply.header('vary', 'accept-encoding')
  if (!takesGzip(headers['accept-encoding'])) return done(null, payload)
  const text = typeof payload === 'string' || payload instanceof Uint8Array ? payload : undefined
  if (text === undefined && !(payload instanceof Readable)) return done(null, payload)
  if (text !== undefined && text.length < fewBytes) return done(null, payload)
  reply.removeHeader('content-length').header('content-encoding', 'gzip')
  if (text !== undefined && text.length < smallLength) return done(null, gzipSync(text, { level }))
  if (text !== undefined) return gzip(text, { level }, done)
  const source = payload as Readable
  const packed = createGzip({ level })
  source.once('error', (error) => packed.destroy(error))
  packed.once('close', () => source.destroy())
  done(null, source.pipe(packed))
}
