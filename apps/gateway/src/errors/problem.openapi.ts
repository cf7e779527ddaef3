import { ApiResponse } from '@nestjs/swagger';
import type { DomainError, ErrorCode } from '#errors';
import { ForbiddenLinkError, ImageSourceFailedError, ImageSourceTimeoutError } from '#image-fetch';
import { UndecodableImageError, UnsupportedImageError } from '#preprocessing';
import { ModelFailedError, ModelNotFoundError, ModelUnavailableError } from '#serving-client';
import { objectOf, ref, type Schemas } from '../openapi/schema.js';
import {
  DeadlinePassedError,
  ImageTooManyBytesError,
  InternalError,
  InvalidRequestError,
  MethodNotAllowedError,
  RateLimitedError,
  RouteNotFoundError,
  TooManyRequestsInWorkError,
  UnauthenticatedError,
  UnsupportedMediaTypeError,
} from './errors.js';
import { retryAfterSeconds, toProblem } from './problem.js';

const REQUEST_ID = '5f0c1d1e-8a52-4f0e-9d5b-0f6f2f9f2c55';

/** Of each code a failure that has it. */
const FAILURES: readonly DomainError[] = [
  new InvalidRequestError('Expected exactly one field, either "url" or "image".'),
  new ForbiddenLinkError(),
  new UnauthenticatedError(),
  new ModelNotFoundError(),
  new RouteNotFoundError(),
  new MethodNotAllowedError(['POST']),
  new ImageTooManyBytesError(20 * 1024 * 1024),
  new UnsupportedImageError(),
  new UnsupportedMediaTypeError(),
  new UndecodableImageError(),
  new RateLimitedError(12),
  new InternalError(undefined),
  new ImageSourceFailedError('The image source answered with status 404.', { status: 404 }),
  new ModelFailedError(),
  new ModelUnavailableError(),
  new TooManyRequestsInWorkError(),
  new ImageSourceTimeoutError(),
  new DeadlinePassedError(),
];

const EXAMPLES = new Map(
  FAILURES.map((error) => [
    error.code,
    { problem: toProblem(error, REQUEST_ID), retries: retryAfterSeconds(error) !== undefined },
  ]),
);

export const PROBLEM_SCHEMAS: Schemas = {
  ErrorCode: {
    type: 'string',
    enum: [...EXAMPLES.keys()],
    description: 'What went wrong, for programs; stable.',
  },
  Problem: objectOf(
    {
      type: { type: 'string', enum: ['about:blank'] },
      title: { type: 'string', description: 'What the status is called.' },
      status: { type: 'integer', minimum: 400, maximum: 599 },
      detail: { type: 'string', description: 'What went wrong, for people.' },
      code: ref('ErrorCode'),
      requestId: { type: 'string', description: 'As in X-Request-Id; the log has it too.' },
      error: { type: 'string', description: 'The detail again; on /v1 and /v2 alone.' },
    },
    { optional: ['error'], description: 'What a request failed of (RFC 9457).' },
  ),
};

/** The codes that an answer of this status can have. */
export function codesOf(status: number): ErrorCode[] {
  return [...EXAMPLES].filter(([, { problem }]) => problem.status === status).map(([code]) => code);
}

/**
 * An RFC 9457 answer.
 *
 * @param codes those of the status that this operation has; all of them where none are named
 */
export function ApiProblem(
  status: number,
  description: string,
  ...codes: ErrorCode[]
): MethodDecorator {
  return ApiResponse({ status, ...problemAnswer(status, description, codes) });
}

export function problemAnswer(status: number, description: string, codes: ErrorCode[]) {
  const possible = codes.length > 0 ? codes : codesOf(status);
  const examples = possible.map(
    (code) => [code, { value: { ...EXAMPLES.get(code)!.problem } }] as const,
  );
  const narrowed = {
    properties: {
      status: { type: 'integer', enum: [status] },
      code: { type: 'string', enum: possible },
    },
  };
  return {
    description,
    headers: headersOf(possible),
    content: {
      'application/problem+json': {
        schema: { allOf: [ref('Problem'), narrowed] },
        examples: Object.fromEntries(examples),
      },
    },
  };
}

function headersOf(codes: readonly ErrorCode[]) {
  return {
    ...(codes.some((code) => EXAMPLES.get(code)!.retries) && {
      'Retry-After': {
        description: 'Seconds after which to ask again.',
        required: true,
        schema: { type: 'string', pattern: '^[0-9]+$' },
      },
    }),
    ...(codes.includes('UNAUTHENTICATED') && {
      'WWW-Authenticate': { required: true, schema: { type: 'string', enum: ['Bearer'] } },
    }),
  };
}
