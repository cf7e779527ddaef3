import { inflateSync } from 'node:zlib';

import { UndecodableImageError } from '../../errors.js';

/** What one compressed text or profile may grow to: Pillow's MAX_TEXT_CHUNK. */
const MAX_CHUNK = 2 ** 20;

/**
 * The bytes that a compressed text or profile grows to, 0 for other chunks. libpng expands them
 * whether needed or not, up to gigabytes from a small file, so they are bounded as in Pillow.
 * One that is broken counts nothing: neither minds it.
 */
export function expandedSize(type: string, chunk: Uint8Array): number {
  const compressed = compressedPart(type, chunk);
  if (!compressed) return 0;
  try {
    return inflateSync(compressed, { maxOutputLength: MAX_CHUNK }).length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new UndecodableImageError(undefined, { cause: error });
    }
    return 0;
  }
}

function compressedPart(type: string, chunk: Uint8Array): Uint8Array | undefined {
  const keywordEnd = chunk.indexOf(0);
  if (keywordEnd < 0) return undefined;
  switch (type) {
    case 'zTXt':
    case 'iCCP':
      return chunk.subarray(keywordEnd + 2);
    case 'iTXt': {
      if (chunk[keywordEnd + 1] === 0) return undefined;
      const languageEnd = chunk.indexOf(0, keywordEnd + 3);
      const translatedEnd = languageEnd < 0 ? -1 : chunk.indexOf(0, languageEnd + 1);
      return translatedEnd < 0 ? undefined : chunk.subarray(translatedEnd + 1);
    }
    default:
      return undefined;
  }
}
