import { LogController, type FastifyReply, type FastifyRequest } from 'fastify';

/** A line per request is for debugging: at full load it would cost as much as the work itself. */
export class RequestLog extends LogController {
  override incomingRequest(): void {
    // The completed request says it all.
  }

  override requestCompleted(
    _error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const { method, routeOptions } = request;
    request.log.debug(
      { method, route: routeOptions.url, status: reply.statusCode, ms: reply.elapsedTime },
      'request completed',
    );
  }
}
