import type { Readable } from 'node:stream';
import type { DomainError } from '#errors';
import { InvalidRequestError } from '../errors/errors.js';
import type { HeldBytes } from './held-bytes.js';

export interface BodyLimits {
  readonly maxBytes: number;
  /** What a larger body is refused with. */
  readonly tooLarge: (maxBytes: number) => DomainError;
  /** Asked before bytes are kept. */
  readonly held?: HeldBytes | undefined;
}

/** Of the declared length, what has to have come before it is believed. */
const BELIEVED = 1 / 4;

/**
 * A request's body, as it was sent. The stream is left as it is where the body is refused, so that
 * the refusal can still be answered.
 *
 * @param declared its Content-Length, if there is one
 * @throws what the limits refuse it with; InvalidRequestError where it breaks off
 */
export function readBody(
  stream: Readable,
  declared: number | undefined,
  { maxBytes, tooLarge, held }: BodyLimits,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (declared !== undefined && declared > maxBytes) {
      reject(tooLarge(maxBytes));
      return;
    }
    const chunks: Buffer[] = [];
    let whole: Buffer | undefined;
    let length = 0;
    const settle = (): void => {
      stream.off('data', onData).off('end', onEnd).off('error', onError).off('close', onError);
      arrived?.();
    };
    const refuse = (error: DomainError): void => {
      settle();
      chunks.length = 0;
      whole = undefined;
      reject(error);
    };
    const arrived = held?.receiving(refuse);
    const onData = (chunk: Buffer): void => {
      const refusal =
        length + chunk.length > maxBytes ? tooLarge(maxBytes) : held?.take(chunk.length);
      if (refusal !== undefined) {
        refuse(refusal);
        return;
      }
      if (whole === undefined) chunks.push(chunk);
      // Node's parser keeps to the declared length.
      else whole.set(chunk, length);
      length += chunk.length;
      // From then on it is received where it stays. Not before: who declares much and sends little must
      // not make V8 collect its heap for memory that is never used.
      if (
        whole === undefined &&
        declared !== undefined &&
        length >= declared * BELIEVED &&
        length < declared
      ) {
        whole = Buffer.allocUnsafeSlow(declared);
        let offset = 0;
        for (const piece of chunks.splice(0)) {
          whole.set(piece, offset);
          offset += piece.length;
        }
      }
    };
    const onEnd = (): void => {
      settle();
      resolve(
        whole?.subarray(0, length) ??
          (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length)),
      );
    };
    const onError = (cause?: Error): void => {
      refuse(new InvalidRequestError('The request body broke off.', { cause }));
    };
    stream.on('data', onData).on('end', onEnd).on('error', onError).on('close', onError);
    stream.resume();
  });
}
