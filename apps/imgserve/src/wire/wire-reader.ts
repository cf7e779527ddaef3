import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Bytes that are no message of the expected kind, or larger than anything that is read here. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/** A field of a message: where its value lies. What is not asked for is never read. */
export interface Field {
  readonly number: number;
  readonly wireType: number;
  readonly start: number;
  readonly end: number;
}

const WINDOW_BYTES = 64 * 1024;
/** Names and keys; longer ones are none. */
const MAX_STRING_BYTES = 1024 * 1024;
/** A graph of a million nodes has fewer. A file of nothing but tags would take for ever. */
const MAX_FIELDS = 20_000_000;
/** Of all that is read of one file. */
const MAX_TEXT_BYTES = 256 * 1024 * 1024;

/**
 * Reads protocol buffers from a file without taking it into memory: of hundreds of megabytes of weights
 * only the lengths are looked at. (https://protobuf.dev/programming-guides/encoding)
 */
export class WireReader {
  private readonly window = Buffer.alloc(WINDOW_BYTES);
  private windowStart = 0;
  private windowEnd = 0;
  private position = 0;
  private fieldsRead = 0;
  private textBytes = 0;

  private constructor(
    private readonly file: number,
    readonly size: number,
  ) {}

  /**
   * @throws WireError where the content is no such message; whatever the file system throws
   */
  static read<T>(path: string, read: (reader: WireReader, whole: Field) => T): T {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const whole = { number: 0, wireType: 2, start: 0, end: size };
      return read(new WireReader(file, size), whole);
    } finally {
      closeSync(file);
    }
  }

  /** Visits the fields of a message, in their order; in `visit` the other methods read them. */
  fields({ start, end, wireType }: Field, visit: (field: Field) => void): void {
    if (wireType !== 2) throw new WireError('expected a message');
    this.position = start;
    while (this.position < end) {
      if (++this.fieldsRead > MAX_FIELDS) throw new WireError('too many fields');
      const tag = this.varint(end);
      const field = this.field(Number(tag >> 3n), Number(tag & 7n), end);
      visit(field);
      this.position = field.end;
    }
  }

  string(field: Field): string {
    return this.bytes(field).toString('utf8');
  }

  /** A signed 64-bit integer, an enum's or a boolean's number; exact below 2⁵³. */
  int({ start, end, wireType }: Field): number {
    if (wireType !== 0) throw new WireError('expected an integer');
    this.position = start;
    return Number(BigInt.asIntN(64, this.varint(end)));
  }

  /** A repeated integer's, packed or not. */
  ints(field: Field): number[] {
    if (field.wireType === 0) return [this.int(field)];
    if (field.end - field.start > MAX_STRING_BYTES) throw new WireError('too many integers');
    const values: number[] = [];
    this.position = field.start;
    while (this.position < field.end) {
      values.push(Number(BigInt.asIntN(64, this.varint(field.end))));
    }
    return values;
  }

  /** A map's entry: its key, and its value where it has one. */
  entry(field: Field): { readonly key: string; readonly value: Field | undefined } {
    let key = '';
    let value: Field | undefined;
    this.fields(field, (part) => {
      if (part.number === 1) key = this.string(part);
      if (part.number === 2) value = part;
    });
    return { key, value };
  }

  private bytes({ start, end, wireType }: Field): Buffer {
    if (wireType !== 2) throw new WireError('expected a string');
    const length = end - start;
    this.textBytes += length;
    if (length > MAX_STRING_BYTES || this.textBytes > MAX_TEXT_BYTES) {
      throw new WireError('too much text');
    }
    if (this.holds(start, end)) {
      return this.window.subarray(start - this.windowStart, end - this.windowStart);
    }
    const bytes = Buffer.alloc(length);
    if (readSync(this.file, bytes, 0, length, start) < length) throw ended();
    return bytes;
  }

  private field(number: number, wireType: number, end: number): Field {
    let start = this.position;
    let fieldEnd: number;
    if (wireType === 0) {
      this.varint(end);
      fieldEnd = this.position;
    } else if (wireType === 1) fieldEnd = start + 8;
    else if (wireType === 5) fieldEnd = start + 4;
    else if (wireType === 2) {
      const length = this.varint(end);
      start = this.position;
      fieldEnd = length > BigInt(end) ? Infinity : start + Number(length);
    } else throw new WireError('unknown kind of field');
    if (number === 0) throw new WireError('a field without a number');
    if (fieldEnd > end) throw ended();
    return { number, wireType, start, end: fieldEnd };
  }

  private varint(end: number): bigint {
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte(end);
      low += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return BigInt(low);
    }
    let value = BigInt(low);
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.byte(end);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new WireError('an integer is too long');
  }

  private byte(end: number): number {
    if (this.position >= end) throw ended();
    if (!this.holds(this.position, this.position + 1)) this.load(this.position);
    return this.window[this.position++ - this.windowStart]!;
  }

  private holds(start: number, end: number): boolean {
    return start >= this.windowStart && end <= this.windowEnd;
  }

  private load(position: number): void {
    const length = readSync(this.file, this.window, 0, WINDOW_BYTES, position);
    if (length === 0) throw ended();
    this.windowStart = position;
    this.windowEnd = position + length;
  }
}

function ended(): WireError {
  return new WireError('a field goes beyond the end');
}
