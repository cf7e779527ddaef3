import { DomainError } from '#errors';

/** The model answered, but not with one finite score per label. */
export class UnusableScoresError extends DomainError {
  constructor(reason: string) {
    super('MODEL_FAILED', 'The model could not answer this request.', { cause: reason });
  }
}
