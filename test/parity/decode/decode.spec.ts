import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { DomainError } from '#errors';
import { decode } from '../../../libs/preprocessing/src/decode/index.js';
import { projectPath } from '#project';

/** What Pillow made of a file: see make_vectors.py beside this. */
interface Verdict {
  readonly refused?: string;
  readonly width?: number;
  readonly height?: number;
  readonly sha256?: string;
}

interface Vector extends Verdict {
  readonly file: string;
  readonly kind: string;
}

interface Broken extends Verdict {
  readonly file: string;
  readonly keep?: number;
  readonly set?: readonly (readonly [offset: number, value: number])[];
}

const folder = projectPath('test', 'parity', 'vectors', 'decode');
const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
  files: Vector[];
  broken: Broken[];
};

/** What Pillow reads and this library refuses; each is said in libs/preprocessing/README.md. */
const REFUSED_HERE: readonly RegExp[] = [
  /^png\.(palette-missing|animated-first-smaller)$/,
  /^tiff\.(ycbcr-444|lab)-/,
  /^tiff\.(rgb-16-planar|rgb-planar-reversed|gray-inverted-planar|gray-1-planar)-raw$/,
  /^tiff\.(float|int-16|int-32)-(lzw|deflate|deflate-old|packbits)-big-endian$/,
  /^tiff\.by-pillow-(gray-)?(lzma|zstd)$/,
];

async function outcome(bytes: Uint8Array): Promise<Verdict> {
  try {
    const { width, height, data } = await decode(bytes, { maxPixels: 50_000_000, mode: 'exact' });
    return { width, height, sha256: createHash('sha256').update(data).digest('hex') };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { refused: error.code };
  }
}

function read({ file, keep, set }: Broken): Uint8Array {
  const bytes = new Uint8Array(readFileSync(join(folder, file))).subarray(0, keep);
  for (const [offset, value] of set ?? []) bytes[offset] = value;
  return bytes;
}

describe('decoding, against Pillow', () => {
  it.each(manifest.files)('agrees on $file', async (vector) => {
    const actual = await outcome(read(vector));
    if (vector.refused !== undefined || REFUSED_HERE.some((kind) => kind.test(vector.kind))) {
      expect(actual.refused).toMatch(/^(UNSUPPORTED_IMAGE|IMAGE_UNDECODABLE)$/);
    } else {
      const { width, height, sha256 } = vector;
      expect(actual).toEqual({ width, height, sha256 });
    }
  });

  it.each(manifest.broken.map((broken, number) => ({ ...broken, number })))(
    'never gives other pixels for broken file $number ($file)',
    async (broken) => {
      const actual = await outcome(read(broken));
      if (actual.refused === undefined) {
        const { width, height, sha256 } = broken;
        expect(actual).toEqual({ width, height, sha256 });
      } else {
        expect(actual.refused).toMatch(/^(UNSUPPORTED_IMAGE|IMAGE_UNDECODABLE|IMAGE_TOO_LARGE)$/);
      }
    },
  );

  it('still reads most of the broken files that Pillow reads', async () => {
    const readable = manifest.broken.filter(({ refused }) => refused === undefined);
    const outcomes = await Promise.all(readable.map((broken) => outcome(read(broken))));
    const same = outcomes.filter(({ refused }) => refused === undefined).length;
    expect(same / readable.length).toBeGreaterThan(0.9);
  });
});
