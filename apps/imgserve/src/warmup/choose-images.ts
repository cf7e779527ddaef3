import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { readGoldenImage, typicalImage, type CatalogEntry, type InputBinding } from '#model-spec';
import { InputError } from '../frame/index.js';
import { findImages } from '../images/find-images.js';
import { drawnImage } from './drawn-image.js';
import { isForTensorFlow, type WarmupImage } from './requests.js';

const GOLDEN = 'golden';

/**
 * What to warm a model up with: the named images, else its golden ones, the most usual first, else a
 * drawn one.
 *
 * @param most so many at most are looked for
 * @throws InputError where a path cannot be read, or nothing that it names will do
 */
export async function chooseImages(
  named: readonly string[] | undefined,
  model: CatalogEntry,
  bindings: readonly InputBinding[],
  most: number,
): Promise<readonly WarmupImage[]> {
  const isDecodedThere = bindings.some(({ dtype }) => dtype === 'DT_STRING');
  const wantsGolden = named === undefined || (named.length === 1 && named[0] === GOLDEN);
  const candidates = wantsGolden ? goldenImages(model) : namedImages(named);
  const chosen: WarmupImage[] = [];
  try {
    for await (const image of candidates) {
      if (isDecodedThere && !isForTensorFlow(await image.read())) continue;
      if (chosen.push(image) === most) break;
    }
  } catch (error) {
    throw new InputError((error as Error).message, { cause: error });
  }
  if (chosen.length > 0) return chosen;
  if (named === undefined) return [{ name: 'drawn', read: drawnImage }];
  const kind = isDecodedThere ? 'JPEG or PNG, since the model decodes files itself' : 'images';
  throw new InputError(`Expected ${kind}, in ${named.join(', ')}`);
}

function* goldenImages({ folder, golden }: CatalogEntry): Generator<WarmupImage> {
  if (golden === undefined) return;
  const typical = typicalImage(golden)!;
  for (const image of [typical, ...golden.images.filter((other) => other !== typical)]) {
    yield { name: image.file, read: async () => Promise.resolve(readGoldenImage(folder, image)) };
  }
}

async function* namedImages(paths: readonly string[]): AsyncGenerator<WarmupImage> {
  for await (const path of findImages(paths)) {
    yield { name: basename(path), read: () => readFile(path) };
  }
}
