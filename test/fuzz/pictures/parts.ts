import { crc32 } from 'node:zlib';

/** How a format is made of parts, so that they can be dropped, repeated, moved and changed as wholes. */
export interface Parts {
  /** What there is behind a fault is the last part. */
  split(bytes: Buffer): Buffer[];
  /** Mends lengths and checksums: what is behind them is reached. */
  join(parts: readonly Buffer[]): Buffer;
}

const PNG_SIGNATURE = 8;
const PNG_AROUND = 12;

const png: Parts = {
  split: (bytes) =>
    cut(bytes, PNG_SIGNATURE, (at) => at + PNG_AROUND + readUInt32BE(bytes, at)).map(
      (part, index) => (index === 0 ? part : part.subarray(4)),
    ),
  join: ([signature = Buffer.alloc(0), ...chunks]) =>
    Buffer.concat([
      signature,
      ...chunks.map((chunk) => {
        const content = chunk.subarray(0, Math.max(4, chunk.length - 4));
        const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
        length.writeUInt32BE(Math.max(0, content.length - 4));
        sum.writeUInt32BE(crc32(content));
        return Buffer.concat([length, content, sum]);
      }),
    ]),
};

/** Up to and with the marker, then each segment, and coded data up to the next marker. */
const jpeg: Parts = {
  split: (bytes) =>
    cut(bytes, 2, (at) => {
      const isSegment = bytes[at] === 0xff && (bytes[at + 1]! & 0xc0) === 0xc0;
      const isAlone = bytes[at + 1]! >= 0xd0 && bytes[at + 1]! <= 0xd9;
      if (isSegment && !isAlone) return at + 2 + readUInt16BE(bytes, at + 2);
      for (let next = at + 2; next + 1 < bytes.length; next++) {
        if (bytes[next] === 0xff && bytes[next + 1]! >= 0xc0) return next;
      }
      return bytes.length;
    }),
  join: (parts) => Buffer.concat(parts),
};

const RIFF_HEADER = 12;

const webp: Parts = {
  split: (bytes) =>
    cut(bytes, RIFF_HEADER, (at) => {
      const length = bytes.length >= at + 8 ? bytes.readUInt32LE(at + 4) : 0;
      return at + 8 + length + (length % 2);
    }),
  join: (parts) => {
    const whole = Buffer.concat(parts);
    if (whole.length >= RIFF_HEADER) whole.writeUInt32LE(whole.length - 8, 4);
    return whole;
  },
};

/** TIFF, GIF and BMP hold offsets, tables and rows: runs of a few entries are as good a part as any. */
const rows: Parts = {
  split: (bytes) => cut(bytes, 8, (at) => at + 12),
  join: (parts) => Buffer.concat(parts),
};

export function partsOf(file: string): Parts {
  if (file.endsWith('.png')) return png;
  if (/\.jpe?g$/.test(file)) return jpeg;
  return file.endsWith('.webp') ? webp : rows;
}

function cut(bytes: Buffer, header: number, endOf: (at: number) => number): Buffer[] {
  const parts = [bytes.subarray(0, header)];
  for (let at = header; at < bytes.length;) {
    const end = Math.max(at + 1, endOf(at));
    parts.push(Buffer.from(bytes.subarray(at, end)));
    at = end;
  }
  return parts;
}

function readUInt32BE(bytes: Buffer, at: number): number {
  return bytes.length >= at + 4 ? bytes.readUInt32BE(at) : 0;
}

function readUInt16BE(bytes: Buffer, at: number): number {
  return bytes.length >= at + 2 ? bytes.readUInt16BE(at) : 0;
}
