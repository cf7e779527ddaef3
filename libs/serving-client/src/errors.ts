import { DomainError } from '#errors';

/** The model server cannot be reached, or says itself that it cannot answer now. */
export class ModelUnavailableError extends DomainError {
  constructor(options?: ErrorOptions) {
    super('MODEL_UNAVAILABLE', 'The model is not available at the moment.', options);
  }
}

/** The call's deadline passed before the model answered. */
export class DeadlineExceededError extends DomainError {
  constructor(options?: ErrorOptions) {
    super('DEADLINE_EXCEEDED', 'The model did not answer in time.', options);
  }
}

/** The model server has more work than it takes. */
export class OverloadedError extends DomainError {
  constructor(options?: ErrorOptions) {
    super('OVERLOADED', 'The model has too much work at the moment.', options);
  }
}

/** The server has no such model, version, label or signature. */
export class ModelNotFoundError extends DomainError {
  constructor(options?: ErrorOptions) {
    super(
      'MODEL_NOT_FOUND',
      'There is no such model, or no such version, label or signature of it.',
      options,
    );
  }
}

/** The model refused the request, broke on it, or gave an answer that cannot be used. */
export class ModelFailedError extends DomainError {
  constructor(options?: ErrorOptions) {
    super('MODEL_FAILED', 'The model failed to answer this request.', options);
  }
}
