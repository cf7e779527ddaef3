import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayConfig } from '../config/gateway-config.js';
import { allowedMethods } from '../http/allowed-methods.js';
import { MethodNotAllowedError, RouteNotFoundError } from './errors.js';
import { PROBLEM_TYPE, retryAfterSeconds, toProblem } from './problem.js';
import { toDomainError } from './to-domain-error.js';

/** What callers bring about at will, and metrics count: their lines would bury those of real faults. */
const EVERYDAY = new Set(['OVERLOADED', 'IMAGE_SOURCE_FAILED', 'IMAGE_SOURCE_TIMEOUT']);

/** Answers every failure as problem+json; what must not be shown goes to the log with its cause. */
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
      if (allow.length > 0) error = new MethodNotAllowedError(allow);
    }
    const problem = toProblem(error, request.id);
    const level = problem.status >= 500 && !EVERYDAY.has(error.code) ? 'error' : 'debug';
    request.log[level]({ err: error, code: error.code }, error.message);

    reply.problemCode = problem.code;
    if (error instanceof MethodNotAllowedError) reply.header('allow', error.allow.join(', '));
    if (error.code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer');
    const retryAfter = retryAfterSeconds(error);
    if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
    void reply.status(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
  }
}
