import { DomainError } from '#errors';

/** The bytes are no picture of a kind that is decoded here (judged by content). */
export class UnsupportedImageError extends DomainError {
  constructor(
    publicMessage = 'The image is of no supported format: expected JPEG, PNG, WebP, GIF, BMP or TIFF.',
    options?: ErrorOptions,
  ) {
    super('UNSUPPORTED_IMAGE', publicMessage, options);
  }
}

/** The picture is empty, truncated or corrupt. */
export class UndecodableImageError extends DomainError {
  constructor(
    publicMessage = 'The image is broken or truncated and could not be decoded.',
    options?: ErrorOptions,
  ) {
    super('IMAGE_UNDECODABLE', publicMessage, options);
  }
}

/** The header declares more pixels than are allowed; none was decoded. */
export class ImageTooLargeError extends DomainError {
  constructor(width: number, height: number, maxPixels: number, options?: ErrorOptions) {
    super(
      'IMAGE_TOO_LARGE',
      `The image is ${width} x ${height} pixels; at most ${maxPixels} pixels are accepted.`,
      options,
    );
  }
}

/** Only libvips decodes the picture, and it was not to be used here. */
export class NeedsLibvipsError extends Error {}
