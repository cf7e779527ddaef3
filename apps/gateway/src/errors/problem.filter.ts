import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayConfig } from '../config/gateway-config.js';
import { allowedMethods } from '../http/allowed-methods.js';
import { MethodNotAllowedError, RouteNotFoundError } from './errors.js';
import { forProtocolOf, PROBLEM_TYPE, retryAfterSeconds } from './problem.js';
import { reportProblem } from './report-problem.js';
import { toDomainError } from './to-domain-error.js';

/** Answers every failure as problem+json. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly config: GatewayConfig) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent) return;

    let error = toDomainError(exception, this.config.IMAGE_MAX_BYTES);
    if (error instanceof RouteNotFoundError) {
      const allow = allowedMethods(request.server, request.url);
      if (allow.length > 0 && !allow.includes(request.method))
        error = new MethodNotAllowedError(allow);
    }
    const problem = forProtocolOf(request.url, reportProblem(request, error));

    reply.problemCode = problem.code;
    // The router refuses the target `*` before the hook that sets this header.
    reply.header('x-request-id', request.id);
    if (error instanceof MethodNotAllowedError) reply.header('allow', error.allow.join(', '));
    if (error.code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer');
    const retryAfter = retryAfterSeconds(error);
    if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
    void reply.status(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
  }
}
