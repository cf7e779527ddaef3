/** The stable codes of the public API; clients match on them. */
export type ErrorCode =
  | 'INVALID_REQUEST'
  | 'URL_FORBIDDEN'
  | 'UNAUTHENTICATED'
  | 'MODEL_NOT_FOUND'
  | 'NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'IMAGE_TOO_LARGE'
  | 'UNSUPPORTED_IMAGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'IMAGE_UNDECODABLE'
  | 'RATE_LIMITED'
  | 'IMAGE_SOURCE_FAILED'
  | 'MODEL_FAILED'
  | 'MODEL_UNAVAILABLE'
  | 'OVERLOADED'
  | 'IMAGE_SOURCE_TIMEOUT'
  | 'DEADLINE_EXCEEDED'
  | 'INTERNAL';

/**
 * A failure that has a meaning for the caller. `publicMessage` may be shown to anybody: it never
 * holds an address, a stack or another library's words; those stay in `cause`, for the log.
 * Transports translate `code` to their own status; libs know no status numbers.
 */
export class DomainError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly publicMessage: string,
    options?: ErrorOptions,
  ) {
    super(publicMessage, options);
    this.name = new.target.name;
  }
}
