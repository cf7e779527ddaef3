import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tensor } from '#tensor';

/** `golden/golden.json`: images with the tensor and the scores that Keras gives for them. */
export interface Golden {
  readonly made_with: Readonly<Record<string, string>>;
  readonly model_version: number;
  /** Greatest accepted difference of a probability. */
  readonly scores_tolerance: number;
  readonly images: readonly GoldenImage[];
}

export interface GoldenImage {
  readonly file: string;
  readonly tensor: { readonly dtype: string; readonly shape: number[]; readonly sha256: string };
  readonly scores: Readonly<Record<string, number>>;
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
  try {
    const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden;
    if (golden.images.length > 0) return golden;
  } catch {
    // Not JSON, or of another shape.
  }
  throw new Error('expected golden images in golden/golden.json beside it');
}

export function readGoldenImage(folder: string, image: GoldenImage): Uint8Array {
  return readFileSync(join(folder, 'golden', image.file));
}

/** The one to ask a new version with: a JPEG, as most callers will send, else the first. */
export function typicalImage({ images }: Golden): GoldenImage | undefined {
  return images.find(({ file }) => /\.jpe?g$/i.test(file)) ?? images[0];
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
