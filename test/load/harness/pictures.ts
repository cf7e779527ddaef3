import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { projectPath } from '#project';

const FOLDER = projectPath('models', 'clothing-model', 'samples');
const SAMPLES = readdirSync(FOLDER).filter((name) => name.endsWith('.jpg'));

/** Standard deviation of the grain, in levels: a picture without any is too easy to decode. */
const GRAIN = 5;

/** A sample of the clothing model as a photograph of this size, 4:2:0, with grain. */
export async function photograph(width: number, height: number, which = 0): Promise<Buffer> {
  const options = { width, height, channels: 3 } as const;
  const [enlarged, grain] = await Promise.all([
    sharp(join(FOLDER, SAMPLES[which % SAMPLES.length]!))
      .resize(width, height, { fit: 'fill' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer(),
    sharp({
      create: {
        ...options,
        background: 'black',
        noise: { type: 'gaussian', mean: 128, sigma: GRAIN },
      },
    })
      .raw()
      .toBuffer(),
  ]);
  const pixels = Uint8ClampedArray.from(enlarged, (level, at) => level + grain[at]! - 128);
  return sharp(pixels, { raw: options }).jpeg({ quality: 85 }).toBuffer();
}

/** Several, of different samples. */
export function photographs(count: number, width: number, height: number): Promise<Buffer[]> {
  return Promise.all(Array.from({ length: count }, (_, which) => photograph(width, height, which)));
}

/** Those that the benchmarks of kinds are made with: as a web shop has them, as a phone takes them. */
export const KINDS = {
  small: { count: 20, width: 320, height: 400 },
  medium: { count: 6, width: 1280, height: 960 },
  large: { count: 3, width: 3000, height: 4000 },
} as const;

export const KIND_NAMES = Object.keys(KINDS) as (keyof typeof KINDS)[];
