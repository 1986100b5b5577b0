import type { Server } from 'node:http'
import type { FastifyBaseLogger } from 'fastify'

/** Of the files that may be open, those that connections may have; the database, hosts and their pipes need the others. */
const share = 3 / 4
const fewFiles = 4_096
const tellMs = 60_000

/**
 * Leaves the daemon the files that it needs itself, however many connect: those who come beyond that are closed at once, and the log says so.
 * @param openFiles how many this process may have open.
 */
export function boundConnections(server: Server, openFiles: number, log: FastifyBaseLogger): void {
  const most = Math.floor(openFiles * share)
  const advice = 'raise the limit of open files (ulimit -n, LimitNOFILE of systemd, ulimits of a container)'
  if (openFiles < fewFiles) log.warn({ open_files: openFiles, connections: most }, `few files may be open; ${advice}`)
  let toldAt = -Infinity
  server.maxConnections = most
  server.on('drop', () => {
    if (performance.now() - toldAt < tellMs) return
    toldAt = performance.now()
    log.warn({ connections: most, open_files: openFiles }, `${most} connections are open, further ones are closed; ${advice}`)
  })
}
