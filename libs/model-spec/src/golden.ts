import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tensor } from '#tensor';
import { faultOf } from './golden-faults.js';

/** `golden/golden.json`: images with the tensor and the scores that Keras gives for them. */
export interface Golden {
  readonly made_with: Readonly<Record<string, string>>;
  /** The version that gave the scores, where it is known. */
  readonly model_version?: number;
  /** Greatest accepted difference of a probability. */
  readonly scores_tolerance: number;
  readonly images: readonly GoldenImage[];
}

export interface GoldenImage {
  /** Path beside `golden.json`, as are those of references. */
  readonly file: string;
  /** What the model was given: its elements' SHA-256, little-endian, row-major. */
  readonly tensor: {
    readonly dtype: string;
    readonly shape: readonly number[];
    readonly sha256: string;
    /** The float32 elements themselves, compressed by gzip. */
    readonly reference?: string;
  };
  /** What the image was on its way, so that the stage can be named at which another way parts. */
  readonly stages?: GoldenStages;
  readonly scores: Readonly<Record<string, number>>;
}

export interface GoldenStages {
  /** RGB bytes. */
  readonly decoded?: { readonly width: number; readonly height: number; readonly sha256: string };
  /** RGB bytes, or float32 where the resampling gives that; the reference is a PNG of the bytes. */
  readonly resized?: { readonly sha256: string; readonly reference?: string };
}

/** A golden image whose tensor or scores are not the expected ones. */
export class GoldenMismatchError extends Error {
  override readonly name = 'GoldenMismatchError';
}

/**
 * The golden vectors beside a spec; undefined where there are none.
 *
 * @throws Error where there are some that cannot be used
 */
export function loadGolden(folder: string): Golden | undefined {
  const file = join(folder, 'golden', 'golden.json');
  if (!existsSync(file)) return undefined;
  return readGolden(file);
}

/** @throws Error in our own words, where the file does not hold golden images */
export function readGolden(file: string): Golden {
  const expected = 'expected golden images in golden/golden.json beside it';
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(expected, { cause });
  }
  const fault = faultOf(document);
  if (fault !== undefined) throw new Error(`${expected}, but ${fault}`);
  return document as Golden;
}

export function readGoldenImage(folder: string, image: GoldenImage): Uint8Array {
  return readFileSync(join(folder, 'golden', image.file));
}

/**
 * The one to ask a new version with: a JPEG, as most callers will send, else the first.
 *
 * @param isPreferred says which of the JPEGs, where one of them fits
 */
export function typicalImage(
  { images }: Golden,
  isPreferred: (image: GoldenImage) => boolean = () => true,
): GoldenImage | undefined {
  const jpegs = images.filter(({ file }) => /\.jpe?g$/i.test(file));
  return jpegs.find(isPreferred) ?? jpegs[0] ?? images[0];
}

/** @throws GoldenMismatchError unless the tensor's bytes are exactly the golden ones */
export function expectGoldenTensor(image: GoldenImage, { dtype, data }: Tensor): void {
  if (dtype !== image.tensor.dtype || Array.isArray(data)) return;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (createHash('sha256').update(bytes).digest('hex') !== image.tensor.sha256) {
    throw new GoldenMismatchError(`${image.file}: the tensor differs from the golden one`);
  }
}

/** @throws GoldenMismatchError where a probability is further off than the tolerance */
export function expectGoldenScores(
  { scores_tolerance: tolerance }: Golden,
  image: GoldenImage,
  labels: readonly string[],
  probabilities: readonly number[],
): void {
  for (const [index, label] of labels.entries()) {
    const expected = image.scores[label] ?? NaN;
    const difference = Math.abs(probabilities[index]! - expected);
    if (!(difference <= tolerance)) {
      throw new GoldenMismatchError(
        `${image.file}: ${label} is ${probabilities[index]!}, expected ${expected} ± ${tolerance}`,
      );
    }
  }
}
