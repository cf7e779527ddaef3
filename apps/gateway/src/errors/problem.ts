import { STATUS_CODES } from 'node:http';
import type { DomainError, ErrorCode } from '#errors';
import { RateLimitedError } from './errors.js';

/** Media type of RFC 9457. */
export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** An RFC 9457 problem; `code` is what clients match on. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  requestId: string;
  /** The detail again, where clients look for it. */
  error?: string;
}

const STATUS: Readonly<Record<ErrorCode, number>> = {
  INVALID_REQUEST: 400,
  URL_FORBIDDEN: 400,
  UNAUTHENTICATED: 401,
  MODEL_NOT_FOUND: 404,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  IMAGE_TOO_LARGE: 413,
  UNSUPPORTED_IMAGE: 415,
  UNSUPPORTED_MEDIA_TYPE: 415,
  IMAGE_UNDECODABLE: 422,
  RATE_LIMITED: 429,
  INTERNAL: 500,
  IMAGE_SOURCE_FAILED: 502,
  MODEL_FAILED: 502,
  MODEL_UNAVAILABLE: 503,
  OVERLOADED: 503,
  IMAGE_SOURCE_TIMEOUT: 504,
  DEADLINE_EXCEEDED: 504,
};

/** Codes whose cause passes by itself, so that the answer says when to come back. */
const RETRY_AFTER_SECONDS: Partial<Record<ErrorCode, number>> = {
  MODEL_UNAVAILABLE: 1,
  OVERLOADED: 1,
};

export function toProblem(error: DomainError, requestId: string): Problem {
  const status = STATUS[error.code];
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: error.publicMessage,
    code: error.code,
    requestId,
  };
}

/** On the paths of TensorFlow Serving's REST API and of the Open Inference Protocol: theirs have `error`. */
export function forProtocolOf(url: string, problem: Problem): Problem {
  return /^\/v[12](?![^/?])/.test(url) ? { ...problem, error: problem.detail } : problem;
}

export function retryAfterSeconds(error: DomainError): number | undefined {
  if (error instanceof RateLimitedError) return error.retryAfterSeconds;
  return RETRY_AFTER_SECONDS[error.code];
}
