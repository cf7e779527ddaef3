import type { Origin } from '../harness/origin.js';
import {
  base64Of,
  batchOf,
  linkOf,
  rawOf,
  uploadOf,
  type Expected,
  type Sample,
} from '../harness/samples.js';
import type { Picture } from './pictures.js';

/** How often pictures of a kind come for one of the others: as they do in the world, JPEGs first. */
const TURNS: Readonly<Record<string, number>> = { drawn: 16, jpeg: 8, jpg: 8, png: 4, webp: 4 };
const BATCH = 8;
/** A prime: with it as a step every sample has its turn, and formats and ways take turns. */
const STEP = 7919;

/** Every picture by link, raw, upload or base64, and in batches; each says which picture it is of. */
export function samplesOf(pictures: readonly Picture[], origin: Origin): Sample[] {
  const expect: Expected = { status: 200, pictures: pictures.length };
  const singles = pictures.flatMap((picture, number) =>
    Array.from({ length: TURNS[picture.kind] ?? 1 }, (_, turn) => ({
      ...single(picture, number + turn, origin, expect),
      picture: number,
    })),
  );
  const batches = Array.from({ length: Math.ceil(pictures.length / BATCH) }, (_, at) =>
    batchFrom(at * BATCH, pictures, origin),
  );
  const all = [...singles, ...batches];
  return all.map((_, at) => all[(at * STEP) % all.length]!);
}

function single({ name, bytes }: Picture, way: number, origin: Origin, expect: Expected): Sample {
  switch (way % 4) {
    case 0:
      return linkOf(name, origin.link(name), expect);
    case 1:
      return rawOf(name, bytes, expect);
    case 2:
      return uploadOf(name, bytes, expect);
    default:
      return base64Of(name, bytes, expect);
  }
}

function batchFrom(first: number, pictures: readonly Picture[], origin: Origin): Sample {
  const images = Array.from({ length: BATCH }, (_, place) => ({
    url: origin.link(pictures[(first + place) % pictures.length]!.name),
  }));
  const sample = batchOf(`batch from ${pictures[first]!.name}`, images);
  return { ...sample, picture: first, expect: { ...sample.expect, pictures: pictures.length } };
}
