import { UndecodableImageError } from '../../errors.js';

const CLEAR = 256;
const END = 257;
const MAX_CODE_BITS = 12;
const TABLE_SIZE = 1 << MAX_CODE_BITS;

/**
 * TIFF's LZW (6.0, section 13): high bits first, codes widened one early. The old variant with
 * low bits first, as broken codes, is refused.
 */
export function expandLzw(data: Uint8Array, needed: number): Uint8Array {
  const out = new Uint8Array(needed);
  // A string is where it was last written, one byte longer each time it is extended.
  const starts = new Uint32Array(TABLE_SIZE);
  const lengths = new Uint32Array(TABLE_SIZE);
  let from = 0;
  let to = 0;
  let buffer = 0;
  let bufferBits = 0;
  let codeBits = 9;
  let next = END + 1;
  let lastStart = 0;
  let lastLength = -1;
  while (to < needed) {
    while (bufferBits < codeBits) {
      const byte = data[from++];
      if (byte === undefined) throw new UndecodableImageError();
      buffer = ((buffer << 8) | byte) & 0xfffff;
      bufferBits += 8;
    }
    bufferBits -= codeBits;
    const code = (buffer >> bufferBits) & ((1 << codeBits) - 1);
    if (code === CLEAR) {
      codeBits = 9;
      next = END + 1;
      lastLength = 0;
      continue;
    }
    // No clear code has come yet, or data end too early.
    if (lastLength < 0 || code === END) throw new UndecodableImageError();
    if (lastLength > 0) {
      if (next >= TABLE_SIZE) throw new UndecodableImageError();
      starts[next] = lastStart;
      lengths[next] = lastLength + 1;
      next++;
    }
    const start = to;
    if (code < CLEAR) {
      out[to++] = code;
    } else {
      if (code >= next) throw new UndecodableImageError();
      const source = starts[code]!;
      const length = Math.min(lengths[code]!, needed - to);
      // Byte by byte: a string may reach into what is being written.
      for (let i = 0; i < length; i++) out[to++] = out[source + i]!;
    }
    lastStart = start;
    lastLength = to - start;
    if (next + 1 >= 1 << codeBits && codeBits < MAX_CODE_BITS) codeBits++;
  }
  return out;
}
