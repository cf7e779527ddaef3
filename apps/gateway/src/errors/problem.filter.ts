import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayConfig } from '../config/gateway-config.js';
import { allowedMethods } from '../http/allowed-methods.js';
import { answerProblem } from './answer-problem.js';
import { MethodNotAllowedError, RouteNotFoundError } from './errors.js';
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
    reportProblem(request, error);
    if (error instanceof MethodNotAllowedError) reply.header('allow', error.allow.join(', '));
    if (error.code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer');
    // Fastify would close it with the rest of the body unread, and the reset cost the caller the answer.
    if (error.code === 'OVERLOADED') reply.removeHeader('connection');
    answerProblem(request, reply, error);
  }
}
