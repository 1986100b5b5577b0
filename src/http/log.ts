import { LogController, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'

/** One line a request at debug, with the Boss its path names; what went wrong is logged where it is answered. */
export class RequestLog extends LogController {
  override incomingRequest(): void {}

  override routeNotFound(): void {}

  override requestCompleted(error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    // nearly always: then nothing is gathered
    if (!(request.log as Logger).isLevelEnabled('debug')) return
    const { boss } = (request.params ?? {}) as { boss?: string }
    const { method, url } = request
    request.log.debug(
      {
        reqId: request.id,
        method,
        url,
        status: reply.statusCode,
        ms: reply.elapsedTime,
        ...(boss && { boss }),
        ...(error && { err: error }),
      },
      'request',
    )
  }
}
