import { promisify } from 'node:util';
import { inflate } from 'node:zlib';

import { UndecodableImageError } from '../../errors.js';
import { Compression } from './layout.js';
import { expandLzw } from './lzw.js';

const inflateAsync = promisify(inflate);

/**
 * Expands one strip or tile. More than is needed is cut off, less is refused, as in libtiff.
 * @param needed bytes that the rows take
 * @param most bytes that the data may grow to
 */
export async function decompress(
  data: Uint8Array,
  compression: number,
  needed: number,
  most: number,
): Promise<Uint8Array> {
  switch (compression) {
    case Compression.None:
      return whole(data, needed);
    case Compression.PackBits:
      return expandPackBits(data, needed);
    case Compression.Lzw:
      return expandLzw(data, needed);
    default: {
      const expanded = await inflateAsync(data, { maxOutputLength: most }).catch(
        (cause: unknown) => {
          throw new UndecodableImageError(undefined, { cause });
        },
      );
      return whole(expanded, needed);
    }
  }
}

function whole(data: Uint8Array, needed: number): Uint8Array {
  if (data.length < needed) throw new UndecodableImageError();
  return data.subarray(0, needed);
}

/** TIFF 6.0, section 9. */
function expandPackBits(data: Uint8Array, needed: number): Uint8Array {
  const out = new Uint8Array(needed);
  let from = 0;
  let to = 0;
  while (to < needed) {
    if (from + 1 >= data.length) throw new UndecodableImageError();
    const count = (data[from++]! << 24) >> 24;
    if (count === -128) continue;
    if (count < 0) {
      out.fill(data[from++]!, to, to + 1 - count);
      to += 1 - count;
    } else {
      const literal = data.subarray(from, from + Math.min(count + 1, needed - to));
      out.set(literal, to);
      if (from + literal.length > data.length) throw new UndecodableImageError();
      from += count + 1;
      to += literal.length;
      if (literal.length === 0) throw new UndecodableImageError();
    }
  }
  return out;
}
