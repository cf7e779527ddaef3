import type { FastifyRequest } from 'fastify';
import { DomainError } from '#errors';
import { ImageTooManyBytesError, InvalidRequestError } from '../errors/errors.js';

/**
 * The one file of a multipart form, in its field `image`.
 *
 * @throws InvalidRequestError, ImageTooManyBytesError
 */
export async function readUpload(request: FastifyRequest, maxBytes: number): Promise<Uint8Array> {
  try {
    return await readParts(request, maxBytes);
  } catch (error) {
    if (error instanceof DomainError) throw error;
    // The parser's own errors have no codes: a missing boundary, a form that ends too soon.
    throw new InvalidRequestError('The form could not be read.', { cause: error });
  }
}

async function readParts(request: FastifyRequest, maxBytes: number): Promise<Uint8Array> {
  let image: Uint8Array | undefined;
  for await (const part of request.parts({ limits: { fileSize: maxBytes } })) {
    if (part.type !== 'file' || part.fieldname !== 'image' || image !== undefined) {
      throw new InvalidRequestError(
        'Expected one file in the form field "image" and nothing else.',
      );
    }
    image = await part.toBuffer().catch((error: unknown) => {
      if (part.file.truncated) throw new ImageTooManyBytesError(maxBytes);
      throw error;
    });
  }
  if (image === undefined) {
    throw new InvalidRequestError('Expected a file in the form field "image".');
  }
  return image;
}
