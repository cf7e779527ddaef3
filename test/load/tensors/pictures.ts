import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { decode } from '#preprocessing';
import { projectPath } from '#project';
import { drawPictures } from './draw.js';
import { kerasTensor } from './keras.js';

export interface Picture {
  readonly name: string;
  /** File name's ending, or `drawn`: the table has a row for each. */
  readonly kind: string;
  readonly bytes: Uint8Array;
  /** Of the float32 tensor that Keras makes of it. */
  readonly sha256: string;
}

interface Vector {
  readonly file: string;
  readonly width?: number;
  readonly height?: number;
  readonly sha256?: string;
}

const VECTORS = projectPath('test', 'parity', 'vectors');
const DECODE = join(VECTORS, 'decode');
const GOLDEN = projectPath('models', 'clothing-model', 'golden');
const WHOLE_WAY = '299x299 nearest stretch tf';

/**
 * The pictures of the repository and some drawn ones, each with the hash of Keras's tensor. Keras has
 * said so itself of the golden images and of some of the parity vectors. Of the other vectors Pillow
 * has said the pixels' hash: they are decoded here, must be Pillow's, and go on by Keras's formulas.
 *
 * @throws Error where pixels are not Pillow's, or where the formulas give another tensor than Keras has
 */
export async function readPictures(): Promise<Picture[]> {
  const known = keras();
  const fromPillow = await Promise.all(pillow().map(fromVector));
  const pictures: Picture[] = golden();
  for (const picture of fromPillow) {
    if (!picture) continue;
    const expected = known.get(picture.name);
    if (expected !== undefined && expected !== picture.sha256)
      throw new Error(`${picture.name}: not the tensor that Keras has`);
    pictures.push(picture);
  }
  return [...pictures, ...(await drawPictures())];
}

function keras(): Map<string, string> {
  const { files } = json(join(VECTORS, 'resize.json')) as {
    files: Record<string, Record<string, string>>;
  };
  return new Map(Object.entries(files).map(([name, hashes]) => [name, hashes[WHOLE_WAY]!]));
}

function pillow(): Vector[] {
  return (json(join(DECODE, 'manifest.json')) as { files: Vector[] }).files;
}

function golden(): Picture[] {
  const { images } = json(join(GOLDEN, 'golden.json')) as {
    images: { file: string; tensor: { sha256: string } }[];
  };
  return images.map(({ file, tensor }) => pictureOf(GOLDEN, file, tensor.sha256));
}

/** Nothing where Pillow refuses the file, or where the gateway does, which `test/parity` is about. */
async function fromVector({ file, width, height, sha256 }: Vector): Promise<Picture | undefined> {
  if (width === undefined || height === undefined) return undefined;
  const bytes = readFileSync(join(DECODE, file));
  const pixels = await decode(bytes, { maxPixels: 50_000_000, mode: 'exact' }).catch(
    () => undefined,
  );
  if (!pixels) return undefined;
  const hash = createHash('sha256').update(pixels.data).digest('hex');
  if (hash !== sha256) throw new Error(`${file}: not the pixels that Pillow has`);
  return pictureOf(DECODE, file, kerasTensor(width, height, pixels.data));
}

function pictureOf(folder: string, name: string, sha256: string): Picture {
  return { name, kind: extname(name).slice(1), bytes: readFileSync(join(folder, name)), sha256 };
}

function json(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
