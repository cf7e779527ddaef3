import { crc32, deflateSync } from 'node:zlib';
import { DomainError } from '#errors';
import { drawPng, encodePng, pngChunk, pngFile, type PngKind } from '../../../test/png.js';
import { NeedsLibvipsError } from '../../errors.js';
import type { Pixels } from '../../pixels.js';
import { decodePng, decodeWithLibvips } from './decode.js';
import { readHeader } from './header.js';

const MAX_PIXELS = 10_000_000;
const OWN = { maxPixels: MAX_PIXELS, mode: 'exact', withoutLibvips: true } as const;

const KINDS = [
  ...[1, 2, 4, 8, 16].map((bitDepth) => ({ colour: 'gray', colourType: 0, bitDepth })),
  ...[8, 16].map((bitDepth) => ({ colour: 'RGB', colourType: 2, bitDepth })),
  ...[1, 2, 4, 8].map((bitDepth) => ({ colour: 'palette', colourType: 3, bitDepth })),
  ...[8, 16].map((bitDepth) => ({ colour: 'gray with alpha', colourType: 4, bitDepth })),
  ...[8, 16].map((bitDepth) => ({ colour: 'RGB with alpha', colourType: 6, bitDepth })),
].flatMap((kind) => [
  { ...kind, isInterlaced: false, order: 'row by row' },
  { ...kind, isInterlaced: true, order: 'interlaced' },
]);

const SIZES = [
  [1, 1],
  [1, 9],
  [3, 2],
  [13, 1],
  [33, 21],
  [64, 40],
] as const;

/** Mulberry32: the same numbers in every run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function byLibvips(file: Buffer): Promise<Pixels> {
  return decodeWithLibvips(file, readHeader(file, MAX_PIXELS), { maxPixels: MAX_PIXELS });
}

function expectSame(actual: Pixels | undefined, expected: Pixels): void {
  expect([actual?.width, actual?.height]).toEqual([expected.width, expected.height]);
  expect(Buffer.compare(actual!.data, expected.data)).toBe(0);
}

describe.each(KINDS)('a PNG of $colour, $bitDepth bits, $order', (kind) => {
  it('has the pixels that libpng gives', async () => {
    for (const [index, [width, height]] of SIZES.entries()) {
      const parts = drawPng({ ...kind, width, height }, randomOf(index));
      const file = encodePng(parts, index % 2 === 0 ? Infinity : 7);
      expectSame(await decodePng(file, OWN), await byLibvips(file));
    }
  });

  it('has some of them in their places, as bytes or scaled', async () => {
    const file = encodePng(drawPng({ ...kind, width: 29, height: 31 }, randomOf(1)));
    const { data } = await byLibvips(file);
    const columns = Int32Array.of(0, 3, 3, 4, 5, 17, 28);
    const rows = Int32Array.of(1, 1, 1, 2, 8, 30);
    const tables = [0, 1, 2].map((element) =>
      Float32Array.from({ length: 256 }, (_, byte) => byte / 2 + element),
    ) as unknown as [Float32Array, Float32Array, Float32Array];
    for (const isBgr of [false, true]) {
      for (const out of [new Uint8Array(7 * 6 * 3), new Float32Array(7 * 6 * 3)]) {
        const sample = { positions: () => ({ columns, rows }), scale: { tables, isBgr }, out };
        expect(await decodePng(file, { ...OWN, sample })).toBeUndefined();
        const at = (row: number, column: number, element: number) => {
          const isFloat = out instanceof Float32Array;
          const byte = data[(row * 29 + column) * 3 + (isFloat && isBgr ? 2 - element : element)]!;
          return isFloat ? tables[element]![byte]! : byte;
        };
        const expected = [...rows].flatMap((row) =>
          [...columns].flatMap((column) => [0, 1, 2].map((element) => at(row, column, element))),
        );
        expect([...out]).toEqual(expected);
      }
    }
  });
});

const RGB: PngKind = { width: 20, height: 10, colourType: 2, bitDepth: 8 };

describe('a PNG', () => {
  it.each([
    { name: 'row by row', kind: { ...RGB, width: 900, height: 1700 } },
    { name: 'interlaced', kind: { ...RGB, width: 500, height: 2900, isInterlaced: true } },
    { name: 'of a few long rows', kind: { ...RGB, width: 100_000, height: 15 } },
  ])('that is inflated piece by piece, $name, has the pixels that libpng gives', async (row) => {
    const file = encodePng(drawPng(row.kind, randomOf(1)), 8192);
    expectSame(await decodePng(file, OWN), await byLibvips(file));
  });

  it('is decoded beside others at the same time', async () => {
    const files = [1, 2, 3].map((seed) =>
      encodePng(drawPng({ ...RGB, width: 1500, height: 1000 }, randomOf(seed))),
    );
    const decoded = await Promise.all(files.map((file) => decodePng(file, OWN)));
    for (const [index, file] of files.entries()) expectSame(decoded[index], await byLibvips(file));
  });

  it.each(['tRNS', 'gAMA', 'iCCP', 'tEXt', 'acTL', 'abCd'])(
    'keeps its pixels whatever %s holds',
    async (type) => {
      const { header, rows } = drawPng(RGB, randomOf(2));
      const pixels = pngChunk('IDAT', deflateSync(rows));
      const plain = await decodePng(pngFile(header, pixels), OWN);
      const chunk = pngChunk(type, Buffer.from([0, 1, 0, 2, 0, 3]));
      expectSame(await decodePng(pngFile(header, chunk, pixels, chunk), OWN), plain!);
    },
  );
});

describe('what is irregular in a PNG is left to libvips:', () => {
  const { header, rows } = drawPng(RGB, randomOf(3));
  const stream = deflateSync(rows);
  const pixels = pngChunk('IDAT', stream);
  const palette = pngChunk('PLTE', Buffer.alloc(9));
  const noSuchFilter = Buffer.from(rows).fill(5, 0, 1);
  const late = Buffer.from(rows);
  late[rows.length - 1 - 20 * 3] = 9;
  const wrongSum = Buffer.from(stream);
  wrongSum[stream.length - 1]! ^= 1;
  const wrongCrc = Buffer.from(pixels);
  wrongCrc[pixels.length - 1]! ^= 1;
  const indexed = Buffer.from(header).fill(3, 9, 10);

  it.each([
    { name: 'a checksum', file: pngFile(header, wrongCrc) },
    { name: 'the sum of its pixels', file: pngFile(header, pngChunk('IDAT', wrongSum)) },
    { name: 'no end', file: pngFile(header, pixels).subarray(0, -12) },
    { name: 'a cut end', file: pngFile(header, pixels).subarray(0, -1) },
    {
      name: 'pixels that end early',
      file: pngFile(header, pngChunk('IDAT', stream.subarray(0, -9))),
    },
    {
      name: 'a row too few',
      file: pngFile(header, pngChunk('IDAT', deflateSync(rows.subarray(61)))),
    },
    {
      name: 'a byte too many',
      file: pngFile(
        header,
        pngChunk('IDAT', deflateSync(Buffer.concat([rows, rows.subarray(0, 1)]))),
      ),
    },
    {
      name: 'bytes behind the pixels',
      file: pngFile(header, pngChunk('IDAT', Buffer.concat([stream, stream]))),
    },
    {
      name: 'a filter that does not exist',
      file: pngFile(header, pngChunk('IDAT', deflateSync(noSuchFilter))),
    },
    { name: 'one in the last row', file: pngFile(header, pngChunk('IDAT', deflateSync(late))) },
    {
      name: 'pixels in two places',
      file: pngFile(
        header,
        pngChunk('IDAT', stream.subarray(0, 50)),
        pngChunk('tEXt', Buffer.from('a\0')),
        pngChunk('IDAT', stream.subarray(50)),
      ),
    },
    { name: 'two headers', file: pngFile(header, pngChunk('IHDR', header), pixels) },
    { name: 'two palettes', file: pngFile(header, palette, palette, pixels) },
    { name: 'half a colour', file: pngFile(header, pngChunk('PLTE', Buffer.alloc(8)), pixels) },
    { name: 'a palette behind the pixels', file: pngFile(header, pixels, palette) },
    { name: 'no palette', file: pngFile(indexed, pixels) },
    { name: 'a needed chunk that nobody knows', file: pngFile(header, pngChunk('ABCD'), pixels) },
    {
      name: 'an interlace that does not exist',
      file: pngFile(Buffer.from(header).fill(2, 12), pixels),
    },
    {
      name: 'a depth that does not exist',
      file: pngFile(Buffer.from(header).fill(3, 8, 9), pixels),
    },
  ])('$name', async ({ file }) => {
    await expect(decodePng(file, OWN)).rejects.toThrow(NeedsLibvipsError);
  });

  it.each([
    { name: 'at once', side: 20 },
    { name: 'piece by piece', side: 1300 },
  ])(
    'pixels that grow without end, of which no more is inflated than the header says: $name',
    async ({ side }) => {
      const small = Buffer.from(header);
      small.writeUInt32BE(side, 0);
      small.writeUInt32BE(side, 4);
      const bomb = pngFile(small, pngChunk('IDAT', deflateSync(Buffer.alloc(100_000_000))));
      const before = process.memoryUsage().arrayBuffers;
      await expect(decodePng(bomb, OWN)).rejects.toThrow(NeedsLibvipsError);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
    },
  );

  it('or else it has the pixels that libpng gives, wherever it was changed', async () => {
    const random = randomOf(4);
    const counts = { same: 0, left: 0, refused: 0 };
    for (let round = 0; round < 400; round++) {
      const kind = KINDS[round % KINDS.length]!;
      const file = changed(encodePng(drawPng({ ...kind, width: 11, height: 6 }, random)), random);
      try {
        const pixels = await decodePng(file, OWN);
        expectSame(pixels, await byLibvips(file));
        counts.same++;
      } catch (error) {
        if (error instanceof NeedsLibvipsError) counts.left++;
        else if (error instanceof DomainError) counts.refused++;
        else throw error;
      }
    }
    expect(Math.min(counts.same, counts.left, counts.refused)).toBeGreaterThan(9);
  });
});

/** With a byte of one chunk changed and, mostly, its checksum put right again. */
function changed(file: Buffer, random: () => number): Buffer {
  const below = (end: number) => Math.floor(random() * end);
  const starts: number[] = [];
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) starts.push(at);
  const start = starts[below(starts.length)]!;
  const end = start + 8 + file.readUInt32BE(start);
  file[start + 4 + below(end - start - 4)] = below(256);
  if (random() < 0.9) file.writeUInt32BE(crc32(file.subarray(start + 4, end)), end);
  return file;
}
