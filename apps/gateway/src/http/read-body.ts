import type { Readable } from 'node:stream';
import type { DomainError } from '#errors';
import { InvalidRequestError } from '../errors/errors.js';

export interface BodyLimits {
  readonly maxBytes: number;
  /** What a larger body is refused with. */
  readonly tooLarge: (maxBytes: number) => DomainError;
  /** Asked before bytes are kept; says why they may not be. */
  readonly take?: (bytes: number) => DomainError | undefined;
}

/**
 * A request's body, as it was sent. The stream is left as it is where the body is refused, so that
 * the refusal can still be answered.
 *
 * @param declared its Content-Length, if there is one: then it is received where it stays
 * @throws what the limits refuse it with; InvalidRequestError where it breaks off
 */
export function readBody(
  stream: Readable,
  declared: number | undefined,
  { maxBytes, tooLarge, take }: BodyLimits,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (declared !== undefined && declared > maxBytes) {
      reject(tooLarge(maxBytes));
      return;
    }
    const whole = declared === undefined ? undefined : Buffer.allocUnsafeSlow(declared);
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (): void => {
      stream.off('data', onData).off('end', onEnd).off('error', onError).off('close', onError);
    };
    const onData = (chunk: Buffer): void => {
      const refusal = length + chunk.length > maxBytes ? tooLarge(maxBytes) : take?.(chunk.length);
      if (refusal !== undefined) {
        settle();
        reject(refusal);
        return;
      }
      // Node's parser keeps to the declared length.
      if (whole === undefined) chunks.push(chunk);
      else whole.set(chunk, length);
      length += chunk.length;
    };
    const onEnd = (): void => {
      settle();
      resolve(whole?.subarray(0, length) ?? Buffer.concat(chunks, length));
    };
    const onError = (cause?: Error): void => {
      settle();
      reject(new InvalidRequestError('The request body broke off.', { cause }));
    };
    stream.on('data', onData).on('end', onEnd).on('error', onError).on('close', onError);
    stream.resume();
  });
}
