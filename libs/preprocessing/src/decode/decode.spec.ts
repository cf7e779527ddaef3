import { deflateSync } from 'node:zlib';
import { crc32 } from 'node:zlib';

import sharp from 'sharp';

import { ImageTooLargeError, UndecodableImageError, UnsupportedImageError } from '../errors.js';
import { decode } from './decode.js';
import type { DecodeOptions } from './options.js';

const exact: DecodeOptions = { maxPixels: 1_000_000, mode: 'exact' };

/** A header that claims 60000 x 60000 pixels, with next to nothing behind it. */
const bombs = [
  { name: 'JPEG', hex: 'ffd8ffc0000b08ea60ea6001011100ffda0008010100003f00ffd9' },
  {
    name: 'PNG',
    hex: `89504e470d0a1a0a${chunk('IHDR', '0000ea600000ea600800000000')}${chunk('IDAT', deflateSync(Buffer.alloc(9)).toString('hex'))}${chunk('IEND', '')}`,
  },
  { name: 'GIF, by its screen', hex: '47494638396160ea60ea0000002c00000000010001000002024401003b' },
  { name: 'GIF, by its frame', hex: '4749463839610100010000000 02c0000000060ea60ea0002024401003b' },
  {
    name: 'BMP',
    hex: '424d00000000000000003600000028000000 60ea0000 60ea0000 0100 1800 00000000000000000000000000000000000000000000 0000',
  },
  {
    name: 'TIFF',
    hex: '49492a0008000000 0200 0001 0400 01000000 60ea0000 0101 0400 01000000 60ea0000 00000000',
  },
  { name: 'WebP, extended', hex: '524946461600000057454250565038580a000000000000005fea005fea00' },
  { name: 'WebP, lossy', hex: '52494646160000005745425056503820 0a000000 000000 9d012a ff3fff3f' },
  { name: 'WebP, lossless', hex: '524946461200000057454250565038 4c 05000000 2f ffffff0f' },
].map(({ name, hex }) => ({ name, bytes: Buffer.from(hex.replaceAll(' ', ''), 'hex') }));

function chunk(type: string, hex: string): string {
  const body = Buffer.concat([Buffer.from(type), Buffer.from(hex, 'hex')]);
  const number = (value: number) => value.toString(16).padStart(8, '0');
  return number(body.length - 4) + body.toString('hex') + number(crc32(body));
}

async function jpeg(width: number, height: number): Promise<Buffer> {
  const data = Buffer.alloc(width * height * 3, 200);
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer();
}

describe('decode', () => {
  it.each(bombs)('refuses a large $name by its header alone', async ({ bytes }) => {
    await expect(decode(bytes, exact)).rejects.toThrow(ImageTooLargeError);
  });

  it('takes as many pixels as are allowed and no more', async () => {
    const bytes = await jpeg(20, 10);
    await expect(decode(bytes, { ...exact, maxPixels: 200 })).resolves.toMatchObject({
      width: 20,
      height: 10,
    });
    await expect(decode(bytes, { ...exact, maxPixels: 199 })).rejects.toThrow(
      'The image is 20 x 10 pixels; at most 199 pixels are accepted.',
    );
  });

  it('refuses an empty image', async () => {
    await expect(decode(new Uint8Array(), exact)).rejects.toThrow(UndecodableImageError);
  });

  it('refuses SVG although libvips could draw it', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    await expect(decode(svg, exact)).rejects.toThrow(UnsupportedImageError);
  });

  it('says nothing of the library in a public message', async () => {
    const cut = (await jpeg(64, 64)).subarray(0, -30);
    const error: unknown = await decode(cut, exact).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UndecodableImageError);
    expect((error as UndecodableImageError).publicMessage).toBe(
      'The image is broken or truncated and could not be decoded.',
    );
  });

  it('decodes bytes that lie within a larger buffer and leaves them as they were', async () => {
    const bytes = await jpeg(17, 9);
    const outer = Buffer.concat([Buffer.alloc(5, 7), bytes, Buffer.alloc(5, 7)]);
    const before = Buffer.from(outer);
    const pixels = await decode(outer.subarray(5, 5 + bytes.length), exact);
    expect(pixels.data).toEqual((await decode(bytes, exact)).data);
    expect(outer.equals(before)).toBe(true);
  });

  it('refuses a JPEG of more scans than any encoder writes', async () => {
    const bytes = await jpeg(16, 16);
    const scan = Buffer.from('ffda0008010100003f00', 'hex');
    const many = Buffer.concat([
      bytes.subarray(0, -2),
      ...Array<Buffer>(100).fill(scan),
      bytes.subarray(-2),
    ]);
    await expect(decode(many, exact)).rejects.toThrow(UndecodableImageError);
  });

  it('refuses a PNG whose texts grow past a megabyte', async () => {
    const text = Buffer.concat([Buffer.from('a\0\0'), deflateSync(Buffer.alloc(2 ** 21))]);
    const hex =
      '89504e470d0a1a0a' +
      chunk('IHDR', '00000001000000010800000000') +
      chunk('zTXt', text.toString('hex')) +
      chunk('IDAT', deflateSync(Buffer.alloc(2)).toString('hex')) +
      chunk('IEND', '');
    await expect(decode(Buffer.from(hex, 'hex'), exact)).rejects.toThrow(UndecodableImageError);
  });
});

describe('decode in fast mode', () => {
  it.each([
    { name: 'ninefold', size: [900, 1000], target: [100, 100], decoded: [113, 125] },
    { name: 'just eightfold', size: [800, 803], target: [100, 100], decoded: [100, 101] },
    { name: 'less than eightfold', size: [799, 900], target: [100, 100], decoded: [799, 900] },
    { name: 'smaller than the target', size: [50, 40], target: [100, 100], decoded: [50, 40] },
  ] as const)('of a JPEG $name keeps both sides at least the target', async (row) => {
    const { size, target, decoded } = row;
    const options: DecodeOptions = { ...exact, mode: 'fast', target };
    const pixels = await decode(await jpeg(size[1], size[0]), options);
    expect([pixels.height, pixels.width]).toEqual(decoded);
    expect(pixels.data).toHaveLength(decoded[0] * decoded[1] * 3);
  });

  it('leaves other formats exact', async () => {
    const png = await sharp(await jpeg(400, 400))
      .png()
      .toBuffer();
    const fast = await decode(png, { ...exact, mode: 'fast', target: [10, 10] });
    expect(fast).toMatchObject({ width: 400, height: 400 });
  });
});
