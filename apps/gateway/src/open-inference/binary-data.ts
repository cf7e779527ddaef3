import type { IncomingHttpHeaders } from 'node:http';
import { InvalidRequestError } from '../errors/errors.js';
import { parseJson } from '../http/json-body.js';

/** Length in bytes of the JSON in a body that goes on with binary data. */
export const JSON_LENGTH_HEADER = 'inference-header-content-length';

export interface InferBody {
  readonly json: unknown;
  /** Undefined where the body is JSON alone. */
  readonly binary: Uint8Array | undefined;
}

/**
 * A body's JSON, and what follows it (the protocol's binary tensor data extension).
 *
 * @param body JSON that has been parsed, or bytes where the header is there
 * @throws InvalidRequestError
 */
export function splitBody(body: unknown, headers: IncomingHttpHeaders): InferBody {
  if (!Buffer.isBuffer(body)) return { json: body, binary: undefined };
  const header = String(headers[JSON_LENGTH_HEADER]);
  const length = /^\d{1,10}$/.test(header) ? Number(header) : NaN;
  if (!(length <= body.length)) {
    throw new InvalidRequestError(
      `Expected Inference-Header-Content-Length to be at most ${body.length}, the length of the body.`,
    );
  }
  return { json: parseJson(body.subarray(0, length)), binary: body.subarray(length) };
}

/**
 * Elements of a BYTES tensor: of each its length, 4 bytes little-endian, and its bytes; views.
 *
 * @throws InvalidRequestError where the lengths do not add up to so many elements
 */
export function binaryElements(data: Uint8Array, count: number): Uint8Array[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const elements: Uint8Array[] = [];
  let position = 0;
  while (elements.length < count && position + 4 <= data.length) {
    const length = view.getUint32(position, true);
    const end = position + 4 + length;
    if (end > data.length) break;
    elements.push(data.subarray(position + 4, end));
    position = end;
  }
  if (elements.length !== count || position !== data.length) {
    throw new InvalidRequestError(
      `Expected binary data to be ${count} elements, each behind its length of 4 bytes.`,
    );
  }
  return elements;
}

/** The elements of a BYTES tensor as binary data. */
export function toBinary(elements: readonly string[]): Buffer {
  return Buffer.concat(
    elements.flatMap((element) => {
      const bytes = Buffer.from(element);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(bytes.length);
      return [length, bytes];
    }),
  );
}
