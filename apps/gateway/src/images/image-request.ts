import { InvalidRequestError } from '../errors/errors.js';

/** The JSON body of a prediction: a link, or the image itself in base64. */
export type ImageRequest = { readonly url: string } | { readonly image: string };

/**
 * Checked by hand: a reflective validator would cost more than the rest of the parsing.
 *
 * @throws InvalidRequestError that names the field
 */
export function parseImageRequest(body: unknown): ImageRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new InvalidRequestError('Expected a JSON object with either "url" or "image".');
  }
  const fields = Object.entries(body);
  const [field] = fields;
  if (field === undefined || fields.length > 1) {
    throw new InvalidRequestError('Expected exactly one field, either "url" or "image".');
  }
  const [name, value] = field as [string, unknown];
  if (name !== 'url' && name !== 'image') {
    throw new InvalidRequestError('Expected the field "url" or "image".');
  }
  if (typeof value !== 'string')
    throw new InvalidRequestError(`Expected "${name}" to be a string.`);
  return name === 'url' ? { url: value } : { image: value };
}
