import { ChunkedFraming } from './chunked-framing.js';
import { invalidAnswer, type ResponseHead } from './response-head.js';

/** Where a body ends, as its bytes come. */
export interface BodyFraming {
  /**
   * Takes what has come next, and hands on what of it is the body's.
   *
   * @returns how many bytes were the answer's, fewer than there are where the answer has ended
   * @throws ImageSourceFailedError where they are not as announced
   */
  push(bytes: Buffer, take: (piece: Buffer) => void): number;
  /** Whether the body is whole. */
  readonly isOver: boolean;
  /** Whether it is whole when the connection ends. */
  readonly endsWithConnection: boolean;
  /** Bytes of the body, where they were announced. */
  readonly length: number | undefined;
}

/**
 * How the body of an answer is framed (RFC 9112, section 6.3). Both a length and chunks, or more than
 * one length, are refused: they are how answers are split.
 *
 * @throws ImageSourceFailedError
 */
export function framingOf({ status, headers }: ResponseHead): BodyFraming {
  const encoding = headers.get('transfer-encoding');
  const length = headers.get('content-length');
  if (encoding !== undefined) {
    if (length !== undefined || encoding.toLowerCase() !== 'chunked') throw invalidAnswer();
    return new ChunkedFraming();
  }
  if (status === 204 || status === 304) return new FixedFraming(0);
  if (length === undefined) return new OpenFraming();
  if (!/^\d{1,15}$/.test(length)) throw invalidAnswer();
  return new FixedFraming(Number(length));
}

class FixedFraming implements BodyFraming {
  readonly endsWithConnection = false;
  private left: number;

  constructor(readonly length: number) {
    this.left = length;
  }

  get isOver(): boolean {
    return this.left === 0;
  }

  push(bytes: Buffer, take: (piece: Buffer) => void): number {
    const taken = Math.min(bytes.length, this.left);
    this.left -= taken;
    if (taken > 0) take(taken === bytes.length ? bytes : bytes.subarray(0, taken));
    return taken;
  }
}

class OpenFraming implements BodyFraming {
  readonly endsWithConnection = true;
  readonly isOver = false;
  readonly length = undefined;

  push(bytes: Buffer, take: (piece: Buffer) => void): number {
    take(bytes);
    return bytes.length;
  }
}
