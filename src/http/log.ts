import { LogController, type FastifyReply, type FastifyRequest } from 'fastify'

/** One line a request at debug, with the Boss its path names; what went wrong is logged where it is answered. */
export class RequestLog extends LogController {
  override incomingRequest(): void {}

  override routeNotFound(): void {}

  override requestCompleted(error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    const { boss } = (request.params ?? {}) as { boss?: string }
    const { method, url } = request
    request.log.debug(
      { method, url, status: reply.statusCode, ms: reply.elapsedTime, ...(boss && { boss }), ...(error && { err: error }) },
      'request',
    )
  }
}
