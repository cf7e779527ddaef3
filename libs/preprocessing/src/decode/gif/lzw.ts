import { UndecodableImageError } from '../../errors.js';
import { ByteReader } from '../byte-reader.js';

const MAX_CODE_BITS = 12;
const TABLE_SIZE = 1 << MAX_CODE_BITS;

/**
 * GIF's LZW (low bits first, deferred clear codes), pulled row by row so that a row's consumer may
 * pause. Broken codes and a stream that ends early are refused, as in Pillow's `GifDecode.c`.
 */
export class GifLzw {
  readonly #reader: ByteReader;
  readonly #clear: number;
  readonly #prefix = new Uint16Array(TABLE_SIZE);
  readonly #suffix = new Uint8Array(TABLE_SIZE);
  readonly #pending = new Uint8Array(TABLE_SIZE + 1);
  #pendingCount = 0;
  #next = 0;
  #codeBits = 0;
  #lastCode = -1;
  #lastByte = 0;
  #buffer = 0;
  #bufferBits = 0;
  #blockLeft = 0;

  constructor(bytes: Uint8Array, dataOffset: number, codeBits: number) {
    if (codeBits > 8) throw new UndecodableImageError();
    this.#reader = new ByteReader(bytes, true, dataOffset);
    this.#clear = 1 << codeBits;
    this.#reset();
  }

  /** Fills `row` with the next indices. */
  readInto(row: Uint8Array): void {
    let to = 0;
    while (to < row.length) {
      if (this.#pendingCount === 0) this.#decodeNext();
      let count = Math.min(this.#pendingCount, row.length - to);
      while (count-- > 0) row[to++] = this.#pending[--this.#pendingCount]!;
    }
  }

  #reset(): void {
    this.#next = this.#clear + 2;
    this.#codeBits = Math.log2(this.#clear) + 1;
    this.#lastCode = -1;
  }

  /** Decodes one code into `pending`, last byte first. */
  #decodeNext(): void {
    let code = this.#readCode();
    while (code === this.#clear) {
      this.#reset();
      code = this.#readCode();
    }
    if (code === this.#clear + 1 || code > this.#next) throw new UndecodableImageError();
    if (this.#lastCode < 0) {
      if (code > this.#clear) throw new UndecodableImageError();
      this.#lastCode = this.#lastByte = code;
      this.#pending[this.#pendingCount++] = code;
      return;
    }
    let walked = code;
    if (code === this.#next) {
      this.#pending[this.#pendingCount++] = this.#lastByte;
      walked = this.#lastCode;
    }
    while (walked >= this.#clear) {
      if (walked >= TABLE_SIZE || this.#pendingCount >= TABLE_SIZE)
        throw new UndecodableImageError();
      this.#pending[this.#pendingCount++] = this.#suffix[walked]!;
      walked = this.#prefix[walked]!;
    }
    this.#pending[this.#pendingCount++] = walked;
    this.#lastByte = walked;
    if (this.#next < TABLE_SIZE) {
      this.#suffix[this.#next] = walked;
      this.#prefix[this.#next] = this.#lastCode;
      if (this.#next === (1 << this.#codeBits) - 1 && this.#codeBits < MAX_CODE_BITS) {
        this.#codeBits++;
      }
      this.#next++;
    }
    this.#lastCode = code;
  }

  #readCode(): number {
    while (this.#bufferBits < this.#codeBits) {
      if (this.#blockLeft === 0) {
        this.#blockLeft = this.#reader.u8();
        // Pillow decodes no part of a block that is not all there.
        if (this.#blockLeft === 0 || this.#blockLeft > this.#reader.remaining) {
          throw new UndecodableImageError();
        }
      }
      this.#buffer |= this.#reader.u8() << this.#bufferBits;
      this.#bufferBits += 8;
      this.#blockLeft--;
    }
    const code = this.#buffer & ((1 << this.#codeBits) - 1);
    this.#buffer >>>= this.#codeBits;
    this.#bufferBits -= this.#codeBits;
    return code;
  }
}
