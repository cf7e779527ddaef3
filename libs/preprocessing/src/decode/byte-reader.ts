import { UndecodableImageError } from '../errors.js';

/** Reads numbers from bytes; past the end it throws {@link UndecodableImageError}. */
export class ByteReader {
  readonly #view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    readonly littleEndian: boolean,
    public position = 0,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.bytes.length - this.position;
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), this.littleEndian);
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), this.littleEndian);
  }

  /** A 64-bit offset or count; one past 2^53 is past any file. */
  u64(): number {
    const value = this.#view.getBigUint64(this.#advance(8), this.littleEndian);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new UndecodableImageError();
    return Number(value);
  }

  /** The next `length` bytes, not copied. */
  take(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.bytes.subarray(start, start + length);
  }

  skip(length: number): void {
    this.#advance(length);
  }

  #advance(length: number): number {
    const start = this.position;
    if (start < 0 || length > this.bytes.length - start) throw new UndecodableImageError();
    this.position = start + length;
    return start;
  }
}
