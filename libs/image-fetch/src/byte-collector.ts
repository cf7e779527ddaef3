import type { BufferPool } from '#buffer-pool';
import type { FetchOptions } from './config.js';
import { LinkedImageTooLargeError } from './errors.js';

const FIRST_SEGMENT = 1024 * 1024;
const FIRST_SEGMENT_UNANNOUNCED = 64 * 1024;
const MAX_SEGMENT = 4 * 1024 * 1024;

/**
 * Gathers a body into one Buffer of at most `maxBytes`. Bytes are copied into segments that grow
 * with what has come: an announced length is believed once the first MiB has come, so that announcing
 * costs the sender something, and a body sent byte by byte does not leave an object per byte. An
 * announced body lands in the returned Buffer itself. All memory is the pool's.
 */
export class ByteCollector {
  readonly #segments: Buffer[] = [];
  #segment: Buffer;
  #used = 0;
  #total = 0;

  constructor(
    private readonly pool: Pick<BufferPool, 'take' | 'join' | 'release'>,
    private readonly maxBytes: number,
    private readonly expectedBytes?: number,
    private readonly take?: FetchOptions['take'],
  ) {
    const first = Math.min(expectedBytes ?? FIRST_SEGMENT_UNANNOUNCED, FIRST_SEGMENT, maxBytes);
    this.#segment = pool.take(first);
  }

  /** @throws LinkedImageTooLargeError, what `take` refuses the bytes with */
  push(chunk: Buffer): void {
    this.#total += chunk.length;
    if (this.#total > this.maxBytes) throw new LinkedImageTooLargeError(this.maxBytes);
    const refusal = this.take?.(chunk.length);
    if (refusal !== undefined) throw refusal;
    for (let copied = 0; copied < chunk.length;) {
      if (this.#used === this.#segment.length) this.#nextSegment();
      const bytes = chunk.copy(this.#segment, this.#used, copied);
      this.#used += bytes;
      copied += bytes;
    }
  }

  /** What has come; nothing may be pushed any more. */
  finish(): Buffer {
    const last = this.#segment.subarray(0, this.#used);
    if (this.#segments.length === 0 && this.#used === this.#segment.length) return last;
    const whole = this.pool.join([...this.#segments, last]);
    this.discard();
    return whole;
  }

  /** Gives the memory back. */
  discard(): void {
    for (const segment of this.#segments) this.pool.release(segment);
    this.pool.release(this.#segment);
    this.#segments.length = 0;
    this.#segment = Buffer.alloc(0);
    this.#used = 0;
  }

  #nextSegment(): void {
    const expected = Math.min(this.expectedBytes ?? 0, this.maxBytes);
    if (this.#segments.length === 0 && expected > this.#segment.length) {
      // The sender has sent enough to be believed.
      this.#growTo(expected);
      return;
    }
    this.#segments.push(this.#segment);
    const size = Math.min(
      Math.max(2 * this.#segment.length, FIRST_SEGMENT_UNANNOUNCED),
      MAX_SEGMENT,
    );
    this.#segment = this.pool.take(size);
    this.#used = 0;
  }

  #growTo(length: number): void {
    const whole = this.pool.take(length);
    whole.set(this.#segment);
    this.pool.release(this.#segment);
    this.#segment = whole;
  }
}
