import { readFileSync, statSync } from 'node:fs';
import { isRangeError } from './is-range-error.js';
import type { WeightsInfo } from './model-info.js';

/** Of LevelDB's tables, which TensorFlow's are (tensorflow/core/lib/io/format.h). */
const MAGIC = 0xdb4775248b80fb57n;
const FOOTER_BYTES = 48;
/** One variable takes some 100 bytes. */
const MAX_INDEX_BYTES = 64 * 1024 * 1024;
const DT_STRING = 7;

/** Kept beside a model's own variables: what it was saved with, and how training went on. */
const BOOKKEEPING = /(^|\/)(save_counter|_CHECKPOINTABLE_OBJECT_GRAPH|global_step)(\/|$)/;
/** Keras' export writes each of `variables` a second time. */
const COPIES = /^_all_variables\//;
const OF_OPTIMIZER = /\.OPTIMIZER_SLOT|(^|\/)_?optimizer\//;

/**
 * How many variables a checkpoint's index lists, and how many numbers they hold together
 * (tensorflow/core/protobuf/tensor_bundle.proto).
 *
 * @returns null where there is no index that can be read
 */
export function readWeights(path: string): WeightsInfo | null {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size < FOOTER_BYTES || size > MAX_INDEX_BYTES) return null;
  try {
    const entries = [...entriesOf(readFileSync(path))];
    const isTwice = entries.some(([key]) => key.startsWith('variables/'));
    const shapes = entries
      .filter(([key]) => !(isTwice && COPIES.test(key)))
      .filter(([key]) => key !== '' && !BOOKKEEPING.test(key) && !OF_OPTIMIZER.test(key))
      .map(([, value]) => shapeOf(value))
      .filter((shape) => shape !== undefined);
    const sizes = shapes.map((shape) => shape.reduce((product, length) => product * length, 1));
    return { count: sizes.length, parameters: sizes.reduce((sum, numbers) => sum + numbers, 0) };
  } catch (error) {
    if (isRangeError(error)) return null;
    throw error;
  }
}

/** Every key with its value, in ascending order. Reads beyond the end throw RangeErrors. */
function* entriesOf(table: Buffer): Generator<[key: string, value: Buffer]> {
  const footer = table.subarray(-FOOTER_BYTES);
  if (footer.readBigUInt64LE(FOOTER_BYTES - 8) !== MAGIC) throw new RangeError('no table');
  const at = new Cursor(footer);
  // Of the index of filters, which there is none of.
  at.varint();
  at.varint();
  for (const [, handle] of entriesOfBlock(blockAt(table, new Cursor(footer, at.position)))) {
    yield* entriesOfBlock(blockAt(table, new Cursor(handle)));
  }
}

/** @throws RangeError also for a compressed one, which TensorFlow does not write */
function blockAt(table: Buffer, handle: Cursor): Buffer {
  const offset = handle.varint();
  const size = handle.varint();
  if (table.readUInt8(offset + size) !== 0) throw new RangeError('compressed');
  return table.subarray(offset, offset + size);
}

/** Each key is what it has in common with the one before, and the rest. */
function* entriesOfBlock(block: Buffer): Generator<[key: string, value: Buffer]> {
  const restarts = block.readUInt32LE(block.length - 4);
  const end = block.length - 4 * (restarts + 1);
  const at = new Cursor(block);
  let key = Buffer.alloc(0);
  while (at.position < end) {
    const [shared, rest, valueLength] = [at.varint(), at.varint(), at.varint()];
    key = Buffer.concat([key.subarray(0, shared), at.take(rest)]);
    yield [key.toString('utf8'), at.take(valueLength)];
  }
}

/** Of a BundleEntryProto; undefined for strings. */
function shapeOf(entry: Buffer): number[] | undefined {
  const shape: number[] = [];
  let dtype = 0;
  visit(entry, (field, value) => {
    if (field === 1) dtype = Number(value);
    if (field !== 2 || typeof value === 'number') return;
    // TensorShapeProto, and its dimensions.
    visit(value, (part, dimension) => {
      if (part !== 2 || typeof dimension === 'number') return;
      let length = 0;
      visit(dimension, (detail, size) => {
        if (detail === 1) length = Number(size);
      });
      shape.push(length);
    });
  });
  return dtype === DT_STRING ? undefined : shape;
}

function visit(message: Buffer, tell: (field: number, value: number | Buffer) => void): void {
  const at = new Cursor(message);
  while (at.position < message.length) {
    const tag = at.varint();
    const wireType = tag % 8;
    if (wireType === 0) tell(Math.floor(tag / 8), at.varint());
    else if (wireType === 2) tell(Math.floor(tag / 8), at.take(at.varint()));
    else at.take(wireType === 5 ? 4 : 8);
  }
}

class Cursor {
  constructor(
    private readonly bytes: Buffer,
    public position = 0,
  ) {}

  varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.bytes.readUInt8(this.position++);
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      if (factor > 2 ** 49) throw new RangeError('an integer is too long');
    }
  }

  take(length: number): Buffer {
    const end = this.position + length;
    if (end > this.bytes.length) throw new RangeError('beyond the end');
    const taken = this.bytes.subarray(this.position, end);
    this.position = end;
    return taken;
  }
}
