import sharp, { type JpegOptions } from 'sharp';
import { decodeJpeg, decodeJpegScaled, type Positions, type Size } from './index.js';

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels?: 1 | 3;
  readonly options?: JpegOptions;
}

/** A repeatable picture of waves and grain. */
async function jpeg({ width, height, channels = 3, options }: Picture): Promise<Buffer> {
  const data = Buffer.alloc(width * height * channels);
  let seed = width * 7919 + height;
  for (let i = 0; i < data.length; i++) {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    const x = Math.floor(i / channels) % width;
    const y = Math.floor(i / channels / width);
    const wave = Math.sin(x / 9 + (i % channels)) + Math.cos(y / 5);
    data[i] = Math.max(0, Math.min(255, 128 + wave * 60 + (seed >>> 26) - 32));
  }
  return sharp(data, { raw: { width, height, channels } }).jpeg(options).toBuffer();
}

const all = (length: number): Int32Array => Int32Array.from({ length }, (_, index) => index);
const whole = ({ width, height }: Size): Positions => ({ columns: all(width), rows: all(height) });

function decoded(bytes: Uint8Array, positions = whole, isReduced = false): Buffer | undefined {
  let pixels: Buffer | undefined;
  const take = (data: Uint8Array): void => {
    pixels = Buffer.from(data);
  };
  decodeJpeg(bytes, { positions, isReduced, take });
  return pixels;
}

/** What libjpeg-turbo makes of it. */
function expected(bytes: Buffer): Promise<Buffer> {
  return sharp(bytes, { failOn: 'error' }).toColourspace('srgb').removeAlpha().raw().toBuffer();
}

const KINDS: Record<string, Omit<Picture, 'width' | 'height'>> = {
  '4:2:0': { options: { chromaSubsampling: '4:2:0' } },
  '4:4:4': { options: { chromaSubsampling: '4:4:4', quality: 95 } },
  'progressive 4:2:0': { options: { progressive: true } },
  'progressive 4:4:4': { options: { progressive: true, chromaSubsampling: '4:4:4', quality: 30 } },
  'optimized, of quality 100': { options: { optimiseCoding: true, quality: 100 } },
  'of quality 1': { options: { quality: 1 } },
  gray: { channels: 1 },
};
const SIZES = [
  [5, 1],
  [8, 8],
  [16, 17],
  [33, 15],
  [64, 100],
  [301, 203],
] as const;

describe.each(Object.entries(KINDS))('a JPEG, %s', (_name, kind) => {
  it.each(SIZES)('of %d × %d has the pixels that libjpeg-turbo gives', async (width, height) => {
    const bytes = await jpeg({ ...kind, width, height });
    expect(decoded(bytes)?.equals(await expected(bytes))).toBe(true);
  });

  it('has the same pixels when only some are asked for', async () => {
    const bytes = await jpeg({ ...kind, width: 213, height: 157 });
    const columns = Int32Array.of(0, 0, 1, 17, 50, 50, 111, 212);
    const rows = Int32Array.of(0, 15, 16, 16, 17, 31, 99, 156);
    const pixels = await expected(bytes);
    const some = [...rows].flatMap((y) =>
      [...columns].map((x) => pixels.subarray((y * 213 + x) * 3, (y * 213 + x + 1) * 3)),
    );
    expect(decoded(bytes, () => ({ columns, rows }))).toEqual(Buffer.concat(some));
  });
});

describe('floats', () => {
  const { fround } = Math;
  const divisors = [127.5, 255, 3] as const;
  const means = [1, 0, fround(103.939)] as const;
  const tableOf = (channel: 0 | 1 | 2): Float32Array =>
    Float32Array.from({ length: 256 }, (_, byte) =>
      fround(fround(byte / divisors[channel]) - means[channel]),
    );
  const tables = [tableOf(0), tableOf(1), tableOf(2)] as const;

  it.each([
    ['by table', false, undefined],
    ['by table', true, undefined],
    ['as quotients', false, { divisors, means }],
    ['as quotients', true, { divisors, means }],
  ])('are given for bytes, %s, by channel, blue first: %s', async (_name, isBgr, quotients) => {
    const bytes = await jpeg({ width: 170, height: 90, options: { quality: 100 } });
    const pixels = await expected(bytes);
    expect(new Set(pixels).size).toBe(256);
    const columns = Int32Array.from({ length: 500 }, (_, x) => Math.floor((x * 170) / 500));
    const rows = Int32Array.from({ length: 50 }, (_, y) => Math.floor((y * 90) / 50));
    let floats: Float32Array | undefined;
    decodeJpegScaled(bytes, {
      positions: () => ({ columns, rows }),
      scale: { tables, isBgr, quotients },
      take: (data) => {
        floats = data.slice();
      },
    });
    const wanted = [...rows].flatMap((y) =>
      [...columns].flatMap((x) =>
        tables.map((table, c) => table[pixels[(y * 170 + x) * 3 + (isBgr ? 2 - c : c)]!]),
      ),
    );
    expect(floats).toEqual(Float32Array.from(wanted as number[]));
  });
});

describe('a reduced picture', () => {
  it.each(Object.entries(KINDS))("of a JPEG, %s, is of its blocks' means", async (_name, kind) => {
    const bytes = await jpeg({ ...kind, width: 100, height: 60 });
    const reduced = decoded(bytes, whole, true)!;
    expect(reduced).toHaveLength(13 * 8 * 3);
    if (kind.options?.quality === 1) return;
    const means = await blockMeans(bytes);
    for (let y = 0; y < 7; y++) {
      for (let x = 0; x < 12; x++) {
        const mean = means[y * 12 + x]!;
        const at = (y * 13 + x) * 3;
        const luma = 0.299 * reduced[at]! + 0.587 * reduced[at + 1]! + 0.114 * reduced[at + 2]!;
        expect(Math.abs(luma - mean)).toBeLessThan(4);
      }
    }
  });
});

/** Mean luma of each whole block of a picture of 100 × 60. */
async function blockMeans(bytes: Buffer): Promise<number[]> {
  const pixels = await expected(bytes);
  const means = new Array<number>(12 * 7).fill(0);
  for (let y = 0; y < 56; y++) {
    for (let x = 0; x < 96; x++) {
      const at = (y * 100 + x) * 3;
      const luma = 0.299 * pixels[at]! + 0.587 * pixels[at + 1]! + 0.114 * pixels[at + 2]!;
      means[(y >> 3) * 12 + (x >> 3)]! += luma / 64;
    }
  }
  return means;
}

describe('what is left to others', () => {
  it.each([
    ['nothing', () => Promise.resolve(Buffer.alloc(0))],
    ['another format', () => Promise.resolve(Buffer.from('GIF89a'))],
    ['a head alone', async () => (await jpeg({ width: 50, height: 50 })).subarray(0, 400)],
    ['a truncated scan', async () => (await jpeg({ width: 50, height: 50 })).subarray(0, -60)],
    [
      'inks',
      async () => {
        const rgb = await jpeg({ width: 20, height: 20 });
        return sharp(rgb).toColourspace('cmyk').jpeg().toBuffer();
      },
    ],
    ['so narrow a picture that libjpeg does not interpolate', () => jpeg({ width: 3, height: 40 })],
  ])('%s', async (_name, make) => {
    expect(decoded(await make())).toBeUndefined();
  });

  it('does not spoil the picture after it', async () => {
    const good = await jpeg({ width: 90, height: 70 });
    const pixels = await expected(good);
    for (let cut = 10; cut < good.length; cut += 97) {
      expect(decoded(good.subarray(0, cut))).toBeUndefined();
    }
    expect(decoded(good)?.equals(pixels)).toBe(true);
  });
});

it('takes what is changed at random as libjpeg-turbo does, or not at all', async () => {
  let seed = 1;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return Math.floor((seed / 0x80000000) * below);
  };
  const originals = await Promise.all(
    Object.values(KINDS).map((kind) => jpeg({ ...kind, width: 60, height: 44 })),
  );
  let taken = 0;
  for (let turn = 0; turn < 700; turn++) {
    const bytes = Buffer.from(originals[turn % originals.length]!);
    const changes = 1 + random(3);
    for (let i = 0; i < changes; i++) bytes[random(bytes.length)]! ^= 1 << random(8);
    const pixels = decoded(bytes, (size) =>
      size.width * size.height > 1e5 ? { columns: all(1), rows: all(1) } : whole(size),
    );
    if (pixels === undefined || pixels.length === 3) continue;
    taken++;
    expect(pixels.equals(await expected(bytes))).toBe(true);
  }
  expect(taken).toBeGreaterThan(50);
});

it('refuses positions outside of the picture', async () => {
  const bytes = await jpeg({ width: 20, height: 10 });
  for (const rows of [Int32Array.of(-1), Int32Array.of(10), new Int32Array(0)]) {
    expect(() => decoded(bytes, () => ({ columns: all(20), rows }))).toThrow(RangeError);
  }
});
