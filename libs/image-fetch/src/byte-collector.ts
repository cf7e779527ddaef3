import { Writable } from 'node:stream';
import { LinkedImageTooLargeError } from './errors.js';

const FIRST_SEGMENT = 1024 * 1024;
const FIRST_SEGMENT_UNANNOUNCED = 64 * 1024;
const MAX_SEGMENT = 4 * 1024 * 1024;

/**
 * Gathers a stream into one Buffer of at most `maxBytes`. Bytes are copied into segments that grow
 * with what has come: an announced length is believed for the first MiB only, so that announcing
 * costs the sender something, and a body sent byte by byte does not leave an object per byte. An
 * announced body of up to 1 MiB lands in the returned Buffer itself.
 */
export class ByteCollector extends Writable {
  readonly #segments: Buffer[] = [];
  #segment: Buffer;
  #used = 0;
  #total = 0;

  constructor(
    private readonly maxBytes: number,
    expectedBytes?: number,
  ) {
    super({ decodeStrings: false });
    const first = Math.min(expectedBytes ?? FIRST_SEGMENT_UNANNOUNCED, FIRST_SEGMENT, maxBytes);
    this.#segment = Buffer.allocUnsafeSlow(first);
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error) => void): void {
    this.#total += chunk.length;
    if (this.#total > this.maxBytes) {
      done(new LinkedImageTooLargeError(this.maxBytes));
      return;
    }
    for (let copied = 0; copied < chunk.length;) {
      if (this.#used === this.#segment.length) this.#nextSegment();
      const bytes = chunk.copy(this.#segment, this.#used, copied);
      this.#used += bytes;
      copied += bytes;
    }
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (error) {
      this.#segments.length = 0;
      this.#segment = Buffer.alloc(0);
    }
    done(error);
  }

  /** What has come; call it once the stream has finished. */
  bytes(): Buffer {
    const last = this.#segment.subarray(0, this.#used);
    const whole = this.#segments.length === 0 && this.#used === this.#segment.length;
    return whole ? last : Buffer.concat([...this.#segments, last], this.#total);
  }

  #nextSegment(): void {
    this.#segments.push(this.#segment);
    const size = Math.min(
      Math.max(2 * this.#segment.length, FIRST_SEGMENT_UNANNOUNCED),
      MAX_SEGMENT,
    );
    this.#segment = Buffer.allocUnsafeSlow(size);
    this.#used = 0;
  }
}
