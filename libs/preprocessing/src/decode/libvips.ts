import type { Sharp, SharpOptions } from 'sharp';

import { NeedsLibvipsError, UndecodableImageError } from '../errors.js';
import type { Pixels } from '../pixels.js';
import type { LibvipsOptions } from './options.js';

/** What a pipeline has to yield. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/**
 * Opens an image in libvips the way Pillow would: ICC profile and EXIF orientation ignored, first
 * frame. `failOn: 'error'` refuses what Pillow refuses (truncation) and passes what it passes
 * (libjpeg's warnings): with it no broken file was seen to give other pixels than Pillow's.
 *
 * @throws NeedsLibvipsError where it is not to be used
 */
export async function open(
  bytes: Uint8Array,
  { maxPixels, withoutLibvips }: LibvipsOptions,
): Promise<Sharp> {
  if (withoutLibvips === true) throw new NeedsLibvipsError();
  const options: SharpOptions = {
    ignoreIcc: true,
    autoOrient: false,
    failOn: 'error',
    limitInputPixels: maxPixels,
    sequentialRead: true,
  };
  const sharp = await loaded();
  return sharp(bytes, options);
}

type Libvips = typeof import('sharp').default;

let library: Promise<Libvips> | undefined;

/** Loaded for the first image that needs it: it takes a tenth of a second and 20 MiB. */
function loaded(): Promise<Libvips> {
  return (library ??= import('sharp').then(({ default: sharp }) => {
    // One thread an image: throughput comes from many images in work, latency from short queues.
    sharp.concurrency(1);
    // Every image is seen once, so libvips' operation cache would only hold memory.
    sharp.cache(false);
    return sharp;
  }));
}

/** Decodes to 8-bit RGB. */
export async function toRgb(image: Sharp, width: number, height: number): Promise<Pixels> {
  const data = await toRaw(image.removeAlpha().toColourspace('srgb').raw(), {
    width,
    height,
    channels: 3,
  });
  return { width, height, data };
}

/** Runs a raw pipeline; anything but a raster of the expected shape is undecodable. */
export async function toRaw(image: Sharp, expected: Raster): Promise<Buffer> {
  const { data, info } = await image
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw new UndecodableImageError(undefined, { cause });
    });
  const { width, height, channels } = expected;
  if (info.width !== width || info.height !== height || info.channels !== channels) {
    throw new UndecodableImageError(undefined, {
      cause: new Error(
        `Expected ${width}x${height}x${channels} but libvips gave ${info.width}x${info.height}x${info.channels}`,
      ),
    });
  }
  return data;
}
