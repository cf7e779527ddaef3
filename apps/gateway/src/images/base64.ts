import { ImageTooManyBytesError, InvalidRequestError } from '../errors/errors.js';

const DATA_URI = /^data:([^,]*),/i;
const BASE64 = /^[A-Za-z0-9+/_\-\s]*={0,2}\s*$/;

/**
 * The bytes of a base64 text or of a `data:` URI; line breaks and the URL-safe alphabet are fine.
 *
 * @throws InvalidRequestError, ImageTooManyBytesError
 */
export function decodeBase64(text: string, maxBytes: number): Uint8Array {
  let payload = text;
  const uri = DATA_URI.exec(text.slice(0, 1024));
  if (uri !== null) {
    if (!/;base64$/i.test(uri[1]!)) {
      throw new InvalidRequestError('Expected the data: URI to be base64-encoded.');
    }
    payload = text.slice(uri[0].length);
  }
  if (!BASE64.test(payload)) {
    throw new InvalidRequestError('Expected the image to be base64 or a data: URI.');
  }
  const bytes = Buffer.from(payload, 'base64');
  if (bytes.length > maxBytes) throw new ImageTooManyBytesError(maxBytes);
  return bytes;
}
