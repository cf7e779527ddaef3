/**
 * How much memory a request may take to read. Decoding turns each element of a `*_val` field into
 * a number and each message into an object with all of its fields, which is up to a thousand times
 * what a hostile sender spends on it; the limit on a message's bytes does not bound that.
 *
 * Fields follow tensor.proto, predict.proto and their imports.
 */

/** About 8 bytes each once decoded: 64 MiB of float32 sent element by element still pass. */
const MAX_UNITS = 16 * 1024 * 1024;

/** What a field costs once decoded, in units, or the fields of the message in it. */
interface FieldCost {
  /** Of each occurrence. */
  each?: number;
  /** Of each element of a packed field; `bytes` is the least that one takes on the wire. */
  packed?: { each: number; bytes: number };
  message?: MessageCost;
}
type MessageCost = Partial<Record<number, FieldCost>>;

/** Clients pack them; one that does not gains nothing by it but our time. */
const number = (bytes: number): FieldCost => ({ each: 8, packed: { each: 1, bytes } });
/** Becomes a decimal string. */
const wide: FieldCost = { each: 8, packed: { each: 8, bytes: 1 } };
const text: FieldCost = { each: 32 };
const UNKNOWN: FieldCost = {};

const TENSOR_SHAPE: MessageCost = { 2: { each: 64 } };
const TENSOR: MessageCost = {
  2: { each: 64, message: TENSOR_SHAPE },
  5: number(4),
  6: number(8),
  7: number(1),
  8: text,
  10: wide,
  11: number(1),
  13: number(1),
  16: number(1),
  17: wide,
};
const INPUTS_ENTRY: MessageCost = { 1: text, 2: { each: 512, message: TENSOR } };

export const PREDICT_REQUEST: MessageCost = {
  1: { each: 64 },
  2: { each: 64, message: INPUTS_ENTRY },
  3: text,
};
export const METADATA_REQUEST: MessageCost = { 1: { each: 64 }, 2: text };

/** Whether a message can be decoded within the budget; one that is malformed is left to the decoder. */
export function isAffordable(message: Uint8Array, cost: MessageCost): boolean {
  try {
    return new Scanner(message).cost(cost, 0, message.length) <= MAX_UNITS;
  } catch (error) {
    if (error instanceof MalformedError) return true;
    throw error;
  }
}

class MalformedError extends Error {}

/** Walks the wire format without building anything. */
class Scanner {
  private position = 0;

  constructor(private readonly bytes: Uint8Array) {}

  cost(fields: MessageCost, from: number, to: number): number {
    let units = 0;
    this.position = from;
    while (this.position < to && units <= MAX_UNITS) {
      const tag = this.varint();
      const field = fields[tag >>> 3] ?? UNKNOWN;
      const wireType = tag & 7;
      if (wireType === 2) {
        units += this.delimited(field, to);
        continue;
      }
      units += field.each ?? 0;
      switch (wireType) {
        case 0:
          this.varint();
          break;
        case 1:
          this.position += 8;
          break;
        case 5:
          this.position += 4;
          break;
        default:
          throw new MalformedError();
      }
    }
    return units;
  }

  private delimited(field: FieldCost, to: number): number {
    const length = this.varint();
    const from = this.position;
    const end = from + length;
    if (end > to) throw new MalformedError();
    let units = field.packed === undefined ? (field.each ?? 0) : 0;
    if (field.message !== undefined) {
      units += this.cost(field.message, from, end);
    } else if (field.packed !== undefined) {
      units = (length / field.packed.bytes) * field.packed.each;
      // Each byte could be an element; whether they are only counting tells.
      if (field.packed.bytes === 1 && units > MAX_UNITS) {
        units = this.countVarints(from, end) * field.packed.each;
      }
    }
    this.position = end;
    return units;
  }

  private countVarints(from: number, to: number): number {
    let count = 0;
    for (let index = from; index < to; index++) if (this.bytes[index]! < 0x80) count++;
    return count;
  }

  /** Exact to 2^53; more is malformed in every place where the value matters. */
  private varint(): number {
    const { bytes } = this;
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10 && this.position < bytes.length; count++) {
      const byte = bytes[this.position++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new MalformedError();
  }
}
