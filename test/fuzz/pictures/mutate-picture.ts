import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectPath } from '#project';
import { mutateBytes } from '../bytes.js';
import type { Random } from '../random.js';
import { changeDimensions } from './dimensions.js';
import { partsOf } from './parts.js';

export interface Picture {
  readonly file: string;
  readonly bytes: Buffer;
}

/** Larger ones are slow to mutate, and have no kinds that small ones lack. */
const MAX_BYTES = 64 * 1024;

/** Every kind that the decoders are held against Pillow with, and photographs. */
const PICTURES = [
  ...picturesIn(projectPath('test', 'parity', 'vectors', 'decode')),
  ...picturesIn(projectPath('models', 'clothing-model', 'golden')),
];

/** Most kinds are TIFF's: each format gets its turn as often. */
const BY_FORMAT = ['jpeg', 'jpg', 'png', 'webp', 'gif', 'bmp', 'tiff'].map((format) =>
  PICTURES.filter(({ file }) => file.endsWith(`.${format}`)),
);

/** A picture that is broken in one of the ways in which files are, or are made to be. */
export function mutatedPicture(random: Random): Buffer {
  const pictures = random.pick(BY_FORMAT);
  const { file, bytes } = random.pick(pictures);
  switch (random.below(8)) {
    case 0:
      return changeDimensions(file, bytes, random);
    case 1:
      return Buffer.concat([bytes, random.pick(random.pick(BY_FORMAT)).bytes]);
    case 2:
      return splice(bytes, random.pick(pictures).bytes, random);
    case 3:
    case 4:
      return mutateBytes(bytes, random);
    default:
      return mutateParts(file, bytes, random, random.pick(pictures).bytes);
  }
}

function mutateParts(file: string, bytes: Buffer, random: Random, other: Buffer): Buffer {
  const format = partsOf(file);
  const parts = format.split(bytes);
  for (let count = random.between(1, 3); count > 0 && parts.length > 1; count--) {
    const at = random.below(parts.length);
    const [part] = parts.splice(at, 1) as [Buffer];
    switch (random.below(5)) {
      case 0:
        break;
      case 1:
        parts.splice(at, 0, ...new Array<Buffer>(random.between(2, 8)).fill(part));
        break;
      case 2:
        parts.splice(random.below(parts.length + 1), 0, part);
        break;
      case 3:
        parts.splice(at, 0, random.pick(format.split(other)));
        break;
      default:
        parts.splice(at, 0, mutateBytes(part, random));
    }
  }
  return format.join(parts);
}

function splice(one: Buffer, other: Buffer, random: Random): Buffer {
  return Buffer.concat([
    one.subarray(0, random.below(one.length)),
    other.subarray(random.below(other.length)),
  ]);
}

function picturesIn(folder: string): Picture[] {
  return readdirSync(folder)
    .filter((file) => /\.(jpe?g|png|webp|gif|bmp|tiff)$/.test(file))
    .sort()
    .map((file) => ({ file, bytes: readFileSync(join(folder, file)) }))
    .filter(({ bytes }) => bytes.length <= MAX_BYTES);
}
