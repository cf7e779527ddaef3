import { closeSync, openSync, readSync } from 'node:fs';
import { isRangeError } from './is-range-error.js';

/** A file that is no HDF5, or whose root is kept in a way that Keras does not use. */
export class Hdf5Error extends Error {
  override readonly name = 'Hdf5Error';
}

const SIGNATURE = '\u0089HDF\r\n\u001a\n';
const MAX_TEXT_BYTES = 64 * 1024 * 1024;
const MAX_BLOCK_BYTES = 16 * 1024 * 1024;
const MAX_BLOCKS = 256;

const ATTRIBUTE = 0x0c;
const CONTINUATION = 0x10;
const FIXED_STRING = 3;
const VARIABLE_LENGTH = 9;

/**
 * Texts among the attributes of an HDF5 file's root group ("HDF5 File Format Specification" 3.0).
 *
 * @returns by name, those that there are
 * @throws Hdf5Error
 */
export function readHdf5Attributes(path: string, names: readonly string[]): Map<string, string> {
  const file = openSync(path, 'r');
  try {
    return new Hdf5(file).rootAttributes(names);
  } catch (cause) {
    if (isRangeError(cause)) throw new Hdf5Error('a damaged HDF5 file', { cause });
    throw cause;
  } finally {
    closeSync(file);
  }
}

interface Message {
  readonly type: number;
  readonly data: Buffer;
}

class Hdf5 {
  private offsetBytes = 8;
  private lengthBytes = 8;

  constructor(private readonly file: number) {}

  rootAttributes(names: readonly string[]): Map<string, string> {
    const root = this.rootAddress();
    const texts = new Map<string, string>();
    for (const { type, data } of this.messages(root)) {
      if (type !== ATTRIBUTE) continue;
      const { name, datatype, value } = attributeOf(data);
      if (!names.includes(name)) continue;
      const text = this.textOf(datatype, value);
      if (text !== undefined) texts.set(name, text);
    }
    return texts;
  }

  /** From the superblock, of which there are four versions. */
  private rootAddress(): number {
    const head = this.read(0, 96, 1);
    if (head.toString('latin1', 0, 8) !== SIGNATURE) throw new Hdf5Error('no HDF5 file');
    const version = head.readUInt8(8);
    const isOld = version < 2;
    this.offsetBytes = head.readUInt8(isOld ? 13 : 9);
    this.lengthBytes = head.readUInt8(isOld ? 14 : 10);
    if (![4, 8].includes(this.offsetBytes) || ![4, 8].includes(this.lengthBytes)) {
      throw new Hdf5Error('a damaged HDF5 file');
    }
    // Past the addresses of the base, free space, the end and the driver, and the name of the root.
    const old = (version === 1 ? 28 : 24) + 5 * this.offsetBytes;
    return this.offsetAt(head, isOld ? old : 12 + 3 * this.offsetBytes);
  }

  private *messages(address: number): Generator<Message> {
    const head = this.read(address, 32, 16);
    const isNew = head.toString('latin1', 0, 4) === 'OHDR';
    const flags = isNew ? head.readUInt8(5) : 0;
    const sizeBytes = 2 ** (flags & 3);
    const sizeAt = isNew ? 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0) : 8;
    const size = isNew ? readNumber(head, sizeAt, sizeBytes) : head.readUInt32LE(sizeAt);
    const blocks = [{ start: address + (isNew ? sizeAt + sizeBytes : 16), size }];
    for (let index = 0; index < blocks.length && index < MAX_BLOCKS; index++) {
      const { start, size: length } = blocks[index]!;
      const block = this.read(start, length, length);
      // OCHK before, and a checksum behind.
      const isMarked = isNew && index > 0;
      const content = block.subarray(isMarked ? 4 : 0, isMarked ? -4 : undefined);
      for (const message of isNew ? newMessages(content, flags) : oldMessages(content)) {
        if (message.type === CONTINUATION) {
          blocks.push({
            start: this.offsetAt(message.data, 0),
            size: readNumber(message.data, this.offsetBytes, this.lengthBytes),
          });
        }
        yield message;
      }
    }
  }

  private textOf(datatype: Buffer, value: Buffer): string | undefined {
    const kind = datatype.readUInt8(0) & 15;
    if (kind === FIXED_STRING) {
      return value.toString('utf8', 0, datatype.readUInt32LE(4)).replace(/\0+$/, '');
    }
    if (kind !== VARIABLE_LENGTH) return undefined;
    const length = value.readUInt32LE(0);
    const address = this.offsetAt(value, 4);
    const index = value.readUInt32LE(4 + this.offsetBytes);
    return this.heapObject(address, index).toString('utf8', 0, length);
  }

  /** From a global heap collection. */
  private heapObject(address: number, wanted: number): Buffer {
    const headBytes = 8 + this.lengthBytes;
    const head = this.read(address, headBytes, headBytes);
    if (head.toString('latin1', 0, 4) !== 'GCOL') throw new Hdf5Error('a damaged HDF5 file');
    const end = address + readNumber(head, 8, this.lengthBytes);
    for (let at = address + headBytes; at + headBytes <= end;) {
      const object = this.read(at, headBytes, headBytes);
      const size = readNumber(object, 8, this.lengthBytes);
      const index = object.readUInt16LE(0);
      if (index === wanted) return this.read(at + headBytes, size, size, MAX_TEXT_BYTES);
      // The space that is left.
      if (index === 0) break;
      at += headBytes + Math.ceil(size / 8) * 8;
    }
    throw new Hdf5Error('a damaged HDF5 file');
  }

  private offsetAt(bytes: Buffer, at: number): number {
    return readNumber(bytes, at, this.offsetBytes);
  }

  private read(position: number, length: number, least: number, most = MAX_BLOCK_BYTES): Buffer {
    if (length > most) throw new Hdf5Error('a damaged HDF5 file');
    const bytes = Buffer.alloc(length);
    const got = readSync(this.file, bytes, 0, length, position);
    if (got < least) throw new Hdf5Error(position === 0 ? 'no HDF5 file' : 'a damaged HDF5 file');
    return bytes.subarray(0, got);
  }
}

function* oldMessages(block: Buffer): Generator<Message> {
  for (let at = 0; at + 8 <= block.length;) {
    const size = block.readUInt16LE(at + 2);
    yield { type: block.readUInt16LE(at), data: block.subarray(at + 8, at + 8 + size) };
    at += 8 + size;
  }
}

function* newMessages(block: Buffer, flags: number): Generator<Message> {
  const headBytes = flags & 4 ? 6 : 4;
  for (let at = 0; at + headBytes <= block.length;) {
    const size = block.readUInt16LE(at + 1);
    const start = at + headBytes;
    yield { type: block.readUInt8(at), data: block.subarray(start, start + size) };
    at = start + size;
  }
}

function attributeOf(data: Buffer): { name: string; datatype: Buffer; value: Buffer } {
  const version = data.readUInt8(0);
  const pad = (length: number): number => (version === 1 ? Math.ceil(length / 8) * 8 : length);
  const [nameBytes, typeBytes, spaceBytes] = [2, 4, 6].map((at) => data.readUInt16LE(at)) as [
    number,
    number,
    number,
  ];
  const nameAt = version === 3 ? 9 : 8;
  const typeAt = nameAt + pad(nameBytes);
  const valueAt = typeAt + pad(typeBytes) + pad(spaceBytes);
  return {
    name: data.toString('utf8', nameAt, nameAt + nameBytes).replace(/\0.*$/s, ''),
    datatype: data.subarray(typeAt, typeAt + typeBytes),
    value: data.subarray(valueAt),
  };
}

function readNumber(bytes: Buffer, at: number, length: number): number {
  return length === 8 ? Number(bytes.readBigUInt64LE(at)) : bytes.readUIntLE(at, length);
}
