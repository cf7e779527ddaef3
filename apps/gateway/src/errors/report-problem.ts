import type { FastifyRequest } from 'fastify';
import type { DomainError } from '#errors';
import { CallerGoneError } from './errors.js';
import { toProblem, type Problem } from './problem.js';

/** What callers bring about at will, and metrics count: their lines would bury those of real faults. */
const EVERYDAY = new Set(['OVERLOADED', 'IMAGE_SOURCE_FAILED', 'IMAGE_SOURCE_TIMEOUT']);

/** A failure as a problem; what must not be shown goes to the log with its cause. */
export function reportProblem(request: FastifyRequest, error: DomainError): Problem {
  const problem = toProblem(error, request.id);
  const isEveryday = EVERYDAY.has(error.code) || error instanceof CallerGoneError;
  const level = problem.status >= 500 && !isEveryday ? 'error' : 'debug';
  request.log[level]({ err: error, code: error.code }, error.message);
  return problem;
}
