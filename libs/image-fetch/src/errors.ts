import { DomainError } from '#errors';

/** The text that was given is not a link that can be fetched at all: the caller's mistake. */
export class InvalidLinkError extends DomainError {
  constructor(publicMessage: string, options?: ErrorOptions) {
    super('INVALID_REQUEST', publicMessage, options);
  }
}

/**
 * The link, or one it redirects to, has another scheme than http and https or leads to an address
 * that is not public. The text is constant: it tells nothing about what is at that address.
 */
export class ForbiddenLinkError extends DomainError {
  constructor() {
    super(
      'URL_FORBIDDEN',
      'The image link is not allowed: only http and https links to public addresses are fetched.',
    );
  }
}

/** The origin could not be reached, or did not answer with a whole image. */
export class ImageSourceFailedError extends DomainError {
  /** The HTTP status of the origin, where it answered with one. */
  readonly status: number | undefined;

  constructor(publicMessage: string, options: ErrorOptions & { status?: number } = {}) {
    super('IMAGE_SOURCE_FAILED', publicMessage, options);
    this.status = options.status;
  }
}

/** The budget ran out before the last byte: name lookup, connections, redirects and body together. */
export class ImageSourceTimeoutError extends DomainError {
  constructor() {
    super('IMAGE_SOURCE_TIMEOUT', 'The image source did not deliver the image in time.');
  }
}

/** The body, as sent or as decoded, exceeds `maxBytes`. */
export class LinkedImageTooLargeError extends DomainError {
  constructor(readonly maxBytes: number) {
    super('IMAGE_TOO_LARGE', `The linked image is larger than ${maxBytes} bytes.`);
  }
}

/** The origin answered with success and not one byte. */
export class EmptyLinkedImageError extends DomainError {
  constructor() {
    super('INVALID_REQUEST', 'The linked image is empty.');
  }
}
