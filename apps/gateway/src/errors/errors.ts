import { DomainError } from '#errors';

export class InvalidRequestError extends DomainError {
  constructor(message: string, options?: ErrorOptions) {
    super('INVALID_REQUEST', message, options);
  }
}

export class UnauthenticatedError extends DomainError {
  constructor() {
    super(
      'UNAUTHENTICATED',
      'Expected a valid API key, as "Authorization: Bearer KEY" or as "X-API-Key: KEY".',
    );
  }
}

export class RateLimitedError extends DomainError {
  constructor(readonly retryAfterSeconds: number) {
    super('RATE_LIMITED', `Too many requests; try again in ${retryAfterSeconds} s.`);
  }
}

export class UnsupportedMediaTypeError extends DomainError {
  constructor(expected = 'application/json, multipart/form-data or image/*') {
    super('UNSUPPORTED_MEDIA_TYPE', `Expected a body of type ${expected}.`);
  }
}

export class ImageTooManyBytesError extends DomainError {
  constructor(maxBytes: number) {
    super('IMAGE_TOO_LARGE', `The image is larger than ${maxBytes} bytes.`);
  }
}

/** A request of several images is larger than it may be. */
export class BodyTooLargeError extends DomainError {
  constructor(maxBytes: number) {
    super(
      'IMAGE_TOO_LARGE',
      `The request is larger than ${maxBytes} bytes; links, or fewer images, take less.`,
    );
  }
}

export class UnknownModelError extends DomainError {
  constructor() {
    super('MODEL_NOT_FOUND', 'There is no model of that name.');
  }
}

/** The model is not served yet, or what is served does not fit its spec. */
export class ModelNotReadyError extends DomainError {
  constructor(options?: ErrorOptions) {
    super('MODEL_UNAVAILABLE', 'The model is not available at the moment.', options);
  }
}

export class TooManyRequestsInWorkError extends DomainError {
  constructor() {
    super('OVERLOADED', 'The service has as much work as it can do; try again shortly.');
  }
}

export class DeadlinePassedError extends DomainError {
  constructor() {
    super('DEADLINE_EXCEEDED', 'The request took longer than it may.');
  }
}

/** Nobody waits for the answer any more: the work ends as if its time were over. */
export class CallerGoneError extends DeadlinePassedError {}

export class RouteNotFoundError extends DomainError {
  constructor() {
    super('NOT_FOUND', 'There is nothing at this address; /docs lists what there is.');
  }
}

export class MethodNotAllowedError extends DomainError {
  constructor(readonly allow: readonly string[]) {
    super('METHOD_NOT_ALLOWED', `Expected ${allow.join(' or ')}.`);
  }
}

/** A fault of our own; what it is only the log tells. */
export class InternalError extends DomainError {
  constructor(cause: unknown) {
    super('INTERNAL', 'Something went wrong on our side.', { cause });
  }
}
