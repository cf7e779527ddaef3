import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { isRangeError } from './is-range-error.js';

/** A file that is no ZIP archive, or a damaged one. */
export class ZipError extends Error {
  override readonly name = 'ZipError';
}

const END_BYTES = 22;
const MAX_COMMENT_BYTES = 65_535;
const LOCATOR_BYTES = 20;
const MAX_DIRECTORY_BYTES = 64 * 1024 * 1024;
/** Of one member. A configuration of a thousand layers takes a megabyte. */
const MAX_MEMBER_BYTES = 64 * 1024 * 1024;

interface Member {
  readonly method: number;
  readonly compressed: number;
  readonly size: number;
  readonly offset: number;
}

/**
 * Members of a ZIP archive, of which only those are read (PKWARE's APPNOTE.TXT 6.3.10, with ZIP64).
 *
 * @returns by name, those that there are
 * @throws ZipError where it is none, or one of them is damaged or larger than 64 MiB
 */
export function readZipMembers(path: string, names: readonly string[]): Map<string, Buffer> {
  const file = openSync(path, 'r');
  try {
    const directory = readDirectory(file, fstatSync(file).size);
    const found = names.flatMap((name) => {
      const member = directory.get(name);
      return member === undefined ? [] : [[name, readMember(file, member)] as const];
    });
    return new Map(found);
  } catch (error) {
    if (isRangeError(error)) throw damaged(error);
    throw error;
  } finally {
    closeSync(file);
  }
}

function readDirectory(file: number, fileSize: number): Map<string, Member> {
  const tailStart = Math.max(0, fileSize - END_BYTES - MAX_COMMENT_BYTES - LOCATOR_BYTES);
  const tail = readAt(file, tailStart, fileSize - tailStart);
  const end = tail.lastIndexOf('PK\u0005\u0006');
  if (end < 0) throw new ZipError('no ZIP archive');
  let size = tail.readUInt32LE(end + 12);
  let offset = tail.readUInt32LE(end + 16);
  const locator = end - LOCATOR_BYTES;
  if (locator >= 0 && tail.toString('latin1', locator, locator + 4) === 'PK\u0006\u0007') {
    const record = readAt(file, Number(tail.readBigUInt64LE(locator + 8)), 56);
    size = Number(record.readBigUInt64LE(40));
    offset = Number(record.readBigUInt64LE(48));
  }
  if (size > MAX_DIRECTORY_BYTES) throw damaged();
  return parseDirectory(readAt(file, offset, size));
}

function parseDirectory(directory: Buffer): Map<string, Member> {
  const members = new Map<string, Member>();
  for (let at = 0; at < directory.length;) {
    if (directory.toString('latin1', at, at + 4) !== 'PK\u0001\u0002') throw damaged();
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
      directory.readUInt16LE(at + field),
    ) as [number, number, number];
    const nameEnd = at + 46 + nameLength;
    members.set(directory.toString('utf8', at + 46, nameEnd), {
      method: directory.readUInt16LE(at + 10),
      compressed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    });
    at = nameEnd + extraLength + commentLength;
  }
  return members;
}

function readMember(file: number, { method, compressed, size, offset }: Member): Buffer {
  if (compressed > MAX_MEMBER_BYTES || size > MAX_MEMBER_BYTES) throw damaged();
  const header = readAt(file, offset, 30);
  const start = offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const content = readAt(file, start, compressed);
  if (method === 0) return content;
  if (method !== 8) throw new ZipError(`unknown compression ${method}`);
  try {
    return inflateRawSync(content, { maxOutputLength: MAX_MEMBER_BYTES });
  } catch (cause) {
    throw damaged(cause);
  }
}

function readAt(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  if (readSync(file, bytes, 0, length, position) < length) throw damaged();
  return bytes;
}

function damaged(cause?: unknown): ZipError {
  return new ZipError('a damaged ZIP archive', { cause });
}
