import sharp, { type JpegOptions } from 'sharp';
import { photograph } from '../harness/pictures.js';
import { kerasTensor } from './keras.js';
import type { Picture } from './pictures.js';

const SIZES = [
  [320, 400],
  [401, 299],
  [1280, 960],
  [3000, 4000],
] as const;

const ENCODINGS: Readonly<Record<string, JpegOptions>> = {
  '4:2:0': {},
  '4:4:4': { chromaSubsampling: '4:4:4', quality: 95 },
  progressive: { progressive: true },
  'progressive 4:4:4': { progressive: true, chromaSubsampling: '4:4:4' },
};

/**
 * Photographs as web shops and phones have them, in JPEG of several kinds, gray among them. Their pixels
 * are those of sharp, whose libjpeg-turbo is Pillow's; the gateway decodes them by itself.
 */
export async function drawPictures(): Promise<Picture[]> {
  const drawn: Picture[] = [];
  for (const [which, [width, height]] of SIZES.entries()) {
    const picture = await photograph(width, height, which);
    for (const [encoding, options] of Object.entries(ENCODINGS)) {
      const bytes = await sharp(picture).jpeg(options).toBuffer();
      drawn.push(await pictureOf(`${width}x${height} ${encoding}`, bytes));
    }
    const gray = await sharp(picture).grayscale().jpeg().toBuffer();
    drawn.push(await pictureOf(`${width}x${height} gray`, gray));
  }
  return drawn;
}

async function pictureOf(name: string, bytes: Uint8Array): Promise<Picture> {
  const { data, info } = await sharp(bytes)
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { name, kind: 'drawn', bytes, sha256: kerasTensor(info.width, info.height, data) };
}
