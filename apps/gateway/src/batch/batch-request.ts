import { InvalidRequestError } from '../errors/errors.js';

/**
 * The images of a batch's JSON body, each yet to be looked at: one that is not as expected spoils only
 * its own place.
 *
 * @throws InvalidRequestError that says what was expected
 */
export function parseBatchRequest(body: unknown, maxImages: number): readonly unknown[] {
  const { images, ...others } = (body ?? {}) as Record<string, unknown>;
  if (!Array.isArray(images) || Object.keys(others).length > 0) {
    throw new InvalidRequestError(
      'Expected a JSON object with a list of images in its one field "images".',
    );
  }
  if (images.length === 0 || images.length > maxImages) {
    throw new InvalidRequestError(
      `Expected 1 to ${maxImages} "images" but received ${images.length}.`,
    );
  }
  return images;
}
