import type { FloatPixels, Pixels } from '#preprocessing';
import { changesOf, type Change } from './changes.js';
import { sha256 } from './golden-files.js';
import { decoded, geometryOf, resized, scaled, type Way } from './way.js';

/** A file and what it should become. */
export interface Case {
  readonly file: Uint8Array;
  readonly dtype: string;
  /** Of the tensor. */
  readonly sha256: string;
  /** Of the pixels at the model's size, where it is known. */
  readonly resizedSha256?: string | undefined;
  /** The tensor's elements, where they are kept. */
  readonly elements?: Float32Array | undefined;
}

/** What would have to be otherwise for the golden tensors to come out. */
export interface Explanation {
  readonly changes: readonly Change[];
  /** So many of the files that differ would be equal. */
  readonly explained: number;
  readonly of: number;
}

const MOST_CHANGES = 3;
/** Of the files that differ, so many are held against an explanation of one of them. */
const MOST_CASES = 20;
/** Pictures at the model's size that are kept meanwhile. */
const MOST_KEPT = 48;

/**
 * The fewest changes of a way that give the golden tensors bit for bit: found with the smallest file that
 * differs, then held against the others. Where it is known what the pixels were at the model's size,
 * they are looked for first, and then what was made of them.
 *
 * @throws the signal's reason
 */
export async function explain(
  way: Way,
  cases: readonly Case[],
  signal: AbortSignal,
): Promise<Explanation | undefined> {
  const sorted = [...cases].sort((a, b) => a.file.length - b.file.length).slice(0, MOST_CASES);
  const attempts = sorted.map((one) => new Attempts(one));
  const [smallest] = sorted;
  if (smallest === undefined) return undefined;
  const changes = await changesOf(way, smallest.file);
  const search = (from: Way, among: readonly Change[], isMet: Test) =>
    fewest(from, among, attempts, isMet, signal);
  if (smallest.resizedSha256 === undefined) return search(way, changes, (one, to) => one.isMet(to));
  const isOfPixels = ({ kind }: Change): boolean => kind !== 'scaling' && kind !== 'channels';
  const pixels = await search(way, changes.filter(isOfPixels), (one, to) => one.hasPixels(to));
  if (pixels === undefined) return undefined;
  const others = changes.filter((change) => !isOfPixels(change));
  const values = await search(changed(way, pixels.changes), others, (one, to) => one.isMet(to));
  return values && { ...values, changes: [...pixels.changes, ...values.changes] };
}

type Test = (attempts: Attempts, way: Way) => Promise<boolean>;

async function fewest(
  way: Way,
  changes: readonly Change[],
  attempts: readonly Attempts[],
  isMet: Test,
  signal: AbortSignal,
): Promise<Explanation | undefined> {
  let best: Explanation | undefined;
  for (let count = 0; count <= MOST_CHANGES; count++) {
    for (const chosen of combinations(changes, count)) {
      signal.throwIfAborted();
      const to = changed(way, chosen);
      if (!(await isMet(attempts[0]!, to))) continue;
      let explained = 0;
      for (const one of attempts) if (await isMet(one, to)) explained++;
      if (explained > (best?.explained ?? 0)) {
        best = { changes: chosen, explained, of: attempts.length };
      }
    }
    // What leaves some as they are may be a part of it: the order of channels is all one to a gray one.
    if (best?.explained === attempts.length) break;
  }
  return best;
}

function changed(way: Way, changes: readonly Change[]): Way {
  return changes.reduce<Way>((before, { to }) => ({ ...before, ...to }), way);
}

/** One file, prepared in many ways. */
class Attempts {
  private readonly pictures = new Map<string, Pixels | FloatPixels>();

  constructor(private readonly wanted: Case) {}

  /** Whether the tensor is the wanted one. */
  async isMet(way: Way): Promise<boolean> {
    const { dtype, sha256: hash, elements } = this.wanted;
    return this.unlessImpossible(async () => {
      const picture = await this.pictureOf(way);
      if (elements !== undefined && !isNear(picture, way, elements)) return false;
      const tensor = scaled(picture, way, dtype);
      return tensor !== undefined && sha256(tensor) === hash;
    });
  }

  /** Whether the pixels at the model's size are the wanted ones. */
  async hasPixels(way: Way): Promise<boolean> {
    return this.unlessImpossible(
      async () => sha256((await this.pictureOf(way)).data) === this.wanted.resizedSha256,
    );
  }

  /** A way in which the file cannot be prepared is not the one. */
  private unlessImpossible(ask: () => Promise<boolean>): Promise<boolean> {
    return ask().catch(() => false);
  }

  private async pictureOf(way: Way): Promise<Pixels | FloatPixels> {
    const key = geometryOf(way);
    const known = this.pictures.get(key);
    if (known !== undefined) return known;
    const picture = resized(await decoded(this.wanted.file, way), way);
    const [oldest] = this.pictures.keys();
    if (this.pictures.size >= MOST_KEPT) this.pictures.delete(oldest!);
    this.pictures.set(key, picture);
    return picture;
  }
}

const PROBED_VALUES = 900;

/** Whether some values in the middle are equal: a small part of the work of making them all. */
function isNear(picture: Pixels | FloatPixels, way: Way, elements: Float32Array): boolean {
  const from = Math.floor(picture.data.length / 6) * 3;
  const data = picture.data.subarray(from, from + PROBED_VALUES);
  const part = { width: data.length / 3, height: 1, data } as Pixels | FloatPixels;
  const values = scaled(part, way, 'DT_FLOAT')!;
  return values.every((value, index) => value === elements[from + index]);
}

/** Every choice of so many changes of different kinds, in the order of the changes. */
function* combinations(
  changes: readonly Change[],
  count: number,
  from = 0,
): Generator<readonly Change[]> {
  if (count === 0) {
    yield [];
    return;
  }
  for (let index = from; index < changes.length; index++) {
    const change = changes[index]!;
    const next = changes.findIndex(({ kind }, at) => at > index && kind !== change.kind);
    const rest = next < 0 ? changes.length : next;
    for (const others of combinations(changes, count - 1, rest)) yield [change, ...others];
  }
}
