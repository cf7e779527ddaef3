import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { typicalImage, type CatalogEntry, type GoldenImage } from '#model-spec';

/** A file of a ConfigMap: its key there, and where it is mounted, from the model's own folder. */
export interface MountedFile {
  readonly key: string;
  readonly path: string;
  readonly content: Uint8Array;
}

export interface GoldenFiles {
  readonly files: readonly MountedFile[];
  /** How many images there are, and how many of them have room. */
  readonly images: number;
  readonly kept: number;
}

/**
 * `kubectl apply` keeps an object a second time among its annotations, which may hold 256 KiB; what is no
 * text counts in base64. (`--server-side` would have room for 1 MiB.)
 */
const ROOM_BYTES = 240_000;

/**
 * The golden images as files of a ConfigMap: the one that says most of real requests first, then as many
 * as there is room for. `golden.json` names those alone.
 *
 * @param takenBytes what the ConfigMap holds already
 */
export function goldenFiles({ folder, golden }: CatalogEntry, takenBytes: number): GoldenFiles {
  if (golden === undefined) return { files: [], images: 0, kept: 0 };
  const first = typicalImage(golden);
  const inOrder = [first, ...golden.images.filter((image) => image !== first)];
  let room = ROOM_BYTES - takenBytes - describe(golden, []).length;
  const kept: GoldenImage[] = [];
  const files: MountedFile[] = [];
  for (const image of inOrder) {
    if (image === undefined) continue;
    const content = readFileSync(join(folder, 'golden', image.file));
    const cost = Math.ceil(content.length / 3) * 4 + JSON.stringify(image).length + 100;
    if (cost > room) continue;
    room -= cost;
    kept.push(image);
    files.push({
      // Keys may not hold what names of files may.
      key: `golden-${files.length}${extname(image.file).replace(/[^.\w]/g, '')}`,
      path: `golden/${image.file}`,
      content,
    });
  }
  if (kept.length > 0) {
    const content = Buffer.from(describe(golden, kept));
    files.unshift({ key: 'golden.json', path: 'golden/golden.json', content });
  }
  return { files, images: golden.images.length, kept: kept.length };
}

/** Without references, which tell people how far an image is off, and no gateway. */
function describe(golden: object, images: readonly GoldenImage[]): string {
  const plain = images.map(({ file, tensor, scores }) => {
    const { dtype, shape, sha256 } = tensor;
    return { file, tensor: { dtype, shape, sha256 }, scores };
  });
  return `${JSON.stringify({ ...golden, images: plain })}\n`;
}
