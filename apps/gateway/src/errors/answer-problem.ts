import type { FastifyReply, FastifyRequest } from 'fastify';
import type { DomainError } from '#errors';
import { forProtocolOf, PROBLEM_TYPE, retryAfterSeconds, toProblem } from './problem.js';

/** Answers a failure as problem+json. */
export function answerProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  error: DomainError,
): void {
  const problem = forProtocolOf(request.url, toProblem(error, request.id));
  reply.problemCode = problem.code;
  const retryAfter = retryAfterSeconds(error);
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  void reply.status(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
}
