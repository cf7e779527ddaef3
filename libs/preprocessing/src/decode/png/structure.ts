import { crc32 } from 'node:zlib';

import { ColourType, isValid, type PngHeader } from './header.js';

/** More chunks than any encoder writes; each costs time. */
const MAX_CHUNKS = 1 << 16;

/** libpng bounds what it takes beside the pixels. */
const MAX_ANCILLARY_BYTES = 1 << 20;

/** A chunk that decoders may skip, of the current version of the format. */
const ANCILLARY = /^[a-z][A-Za-z][A-Z][A-Za-z]$/;

/** What a regular file holds for its pixels; nothing of it is copied. */
export interface PngStructure {
  /** RGB triples. */
  readonly palette: Uint8Array | undefined;
  /** What the compressed pixels are cut into. */
  readonly pieces: readonly Uint8Array[];
}

/**
 * The chunks of a file that is what the specification asks for: complete up to `IEND`, in order,
 * with right checksums. Undefined of any other.
 */
export function readStructure(bytes: Uint8Array, header: PngHeader): PngStructure | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pieces: Uint8Array[] = [];
  let palette: Uint8Array | undefined;
  let before: string | undefined;
  for (let count = 0, at = 8; count < MAX_CHUNKS && at + 12 <= file.length; count++) {
    const end = at + 8 + file.readUInt32BE(at);
    if (end + 4 > file.length) return undefined;
    if (crc32(file.subarray(at + 4, end)) !== file.readUInt32BE(end)) return undefined;
    const type = file.toString('latin1', at + 4, at + 8);
    const data = bytes.subarray(at + 8, end);
    if ((type === 'IHDR') !== (before === undefined)) return undefined;
    switch (type) {
      case 'IHDR':
        if (data.length !== 13 || !isValid(header)) return undefined;
        break;
      case 'PLTE':
        if (palette !== undefined || pieces.length > 0) return undefined;
        if (!isPalette(data, header)) return undefined;
        palette = data;
        break;
      case 'IDAT':
        if (pieces.length > 0 && before !== 'IDAT') return undefined;
        if (palette === undefined && header.colourType === ColourType.Palette) return undefined;
        pieces.push(data);
        break;
      case 'IEND':
        return data.length === 0 && pieces.length > 0 ? { palette, pieces } : undefined;
      default:
        if (!ANCILLARY.test(type) || data.length > MAX_ANCILLARY_BYTES) return undefined;
    }
    before = type;
    at = end + 4;
  }
  return undefined;
}

function isPalette({ length }: Uint8Array, { colourType, bitDepth }: PngHeader): boolean {
  if (colourType === ColourType.Gray || colourType === ColourType.GrayAlpha) return false;
  const most = colourType === ColourType.Palette ? 2 ** bitDepth : 256;
  return length > 0 && length % 3 === 0 && length <= most * 3;
}
