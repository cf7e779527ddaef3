import { HttpException } from '@nestjs/common';
import { DomainError } from '#errors';
import {
  ImageTooManyBytesError,
  InternalError,
  InvalidRequestError,
  RouteNotFoundError,
  UnsupportedMediaTypeError,
} from './errors.js';

/** The one place where Nest's and Fastify's own errors become the API's; theirs stay as cause. */
export function toDomainError(exception: unknown, maxBytes: number): DomainError {
  if (exception instanceof DomainError) return exception;
  const options = { cause: exception };
  switch (statusOf(exception)) {
    case 400:
      return new InvalidRequestError(
        'The request body could not be read as its type says.',
        options,
      );
    case 404:
      return new RouteNotFoundError();
    case 406:
    case 415:
      return new UnsupportedMediaTypeError();
    case 413:
      return new ImageTooManyBytesError(maxBytes);
    default:
      return new InternalError(exception);
  }
}

function statusOf(exception: unknown): number | undefined {
  if (exception instanceof HttpException) return exception.getStatus();
  if (exception instanceof Error && 'statusCode' in exception) {
    return typeof exception.statusCode === 'number' ? exception.statusCode : undefined;
  }
  return undefined;
}
