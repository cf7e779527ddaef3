import { crc32, deflateSync } from 'node:zlib';
import { layoutOf } from '../src/decode/png/layout.js';
import { passesOf } from '../src/decode/png/passes.js';
import { rowBytes } from '../src/decode/png/rows.js';

/** What is drawn, and how its file is made up. */
export interface PngKind {
  readonly width: number;
  readonly height: number;
  readonly colourType: number;
  readonly bitDepth: number;
  readonly isInterlaced?: boolean;
}

export interface PngParts {
  readonly header: Buffer;
  /** Rows with their filters, of every pass. */
  readonly rows: Buffer;
  /** Of a palette picture: of half the colours that there could be. */
  readonly palette: Uint8Array | undefined;
}

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

/** A PNG of noise in which every filter is used. */
export function drawPng(kind: PngKind, random: () => number): PngParts {
  const { width, height, colourType, bitDepth, isInterlaced = false } = kind;
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, bitDepth, colourType, 0, 0, +isInterlaced]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const rest = { compression: 0, filter: 0, interlace: +isInterlaced };
  const known = { width, height, bitDepth, colourType, ...rest };
  const layout = layoutOf(known, Buffer.alloc(3));
  const rows = passesOf(known).flatMap((pass) =>
    Array.from({ length: pass.height }, (_, index) => {
      const row = Buffer.alloc(rowBytes(pass, layout)).map(() => random() * 256);
      row[0] = index % 5;
      return row;
    }),
  );
  const palette =
    colourType === 3
      ? Buffer.alloc(3 * Math.ceil(2 ** bitDepth / 2)).map(() => random() * 256)
      : undefined;
  return { header, rows: Buffer.concat(rows), palette };
}

/** The file in one piece, or with its pixels cut into pieces of so many bytes. */
export function encodePng({ header, rows, palette }: PngParts, pieceBytes = Infinity): Buffer {
  const pixels = deflateSync(rows);
  const pieces: Buffer[] = [];
  for (let at = 0; at < pixels.length; at += pieceBytes) {
    pieces.push(pngChunk('IDAT', pixels.subarray(at, at + pieceBytes)));
  }
  return pngFile(header, ...(palette ? [pngChunk('PLTE', palette)] : []), ...pieces);
}

/** With signature, header and end around the chunks. */
export function pngFile(header: Uint8Array, ...chunks: Buffer[]): Buffer {
  return Buffer.concat([SIGNATURE, pngChunk('IHDR', header), ...chunks, pngChunk('IEND')]);
}

export function pngChunk(type: string, data: Uint8Array = new Uint8Array(0)): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), 8 + data.length);
  return chunk;
}
