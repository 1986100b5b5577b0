import { chmodSync, existsSync, lstatSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import type { FastifyInstance } from 'fastify'

/** Bytes that the kernel has for the path of a socket, with the zero at its end. */
const longestPath = 108

/** Where a daemon listens. */
export interface Listening {
  /** As in `http://127.0.0.1:8080`, or `unix:/run/taylord.sock`. */
  readonly at: string
  /** To be called when it does no longer. */
  release(): void
}

/** Listens on an address and port. @throws Error of the system: EADDRINUSE and others. */
export async function listenOnPort(app: FastifyInstance, host: string, port: number, tls: boolean): Promise<Listening> {
  await app.listen({ host, port })
  const address = app.server.address()
  const taken = typeof address === 'object' && address ? address.port : port
  return { at: `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${taken}`, release: () => undefined }
}

/**
 * Listens on a Unix socket that only its owner may use. One that a daemon left behind is replaced.
 * @throws Error that says what to do when there is something else, or somebody listens there.
 */
export async function listenOnSocket(app: FastifyInstance, given: string): Promise<Listening> {
  const path = resolve(given)
  if (existsSync(path)) {
    if (!lstatSync(path).isSocket()) throw new Error(`${path} is there and is no socket; give another path to --socket`)
    if (await isLive(path)) throw new Error(`somebody listens on ${path}; stop that one, or give another path to --socket`)
  }
  // made where nobody else can come, so that it is never there with another mode, and moved over what may be there
  const dir = mkdtempSync(join(dirname(path), '.t'))
  try {
    const made = join(dir, 's')
    if (Buffer.byteLength(made) >= longestPath)
      throw new Error(
        `${path} is too long for a socket: the kernel takes ${longestPath - (made.length - path.length)} bytes; give a shorter one`,
      )
    await app.listen({ path: made })
    chmodSync(made, 0o600)
    renameSync(made, path)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
  const { ino } = lstatSync(path)
  return {
    at: `unix:${path}`,
    release: () => {
      // another daemon may have taken its place
      if (existsSync(path) && lstatSync(path).ino === ino) rmSync(path)
    },
  }
}

function isLive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => resolve(true)).once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EAGAIN'))
    socket.once('connect', () => socket.destroy())
  })
}
