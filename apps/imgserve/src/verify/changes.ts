import { DECODE_MODES, FITS, RESAMPLES, SCALING_NAMES, type Scaling } from '#preprocessing';
import { hasAlpha } from './alpha.js';
import { orientationOf } from './orientation.js';
import type { ScaleValue, Way } from './way.js';

/** Something about a way that could be otherwise. */
export interface Change {
  /** At most one of each kind is made at once. */
  readonly kind: 'decode' | 'orientation' | 'alpha' | 'resample' | 'fit' | 'scaling' | 'channels';
  /** As it is told; of what a spec can say, as the spec has it. */
  readonly words: string;
  /** Whether a spec can say it. */
  readonly isInSpec: boolean;
  readonly to: Partial<Way>;
}

const f32 = Math.fround;
const IMAGENET = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const;

const RESCALINGS: readonly (readonly [scale: number, offset: number])[] = [
  [1 / 255, 0],
  [1 / 127.5, -1],
];

/** What programs compute that comes close to a scaling's name and is not the same in every bit. */
const FORMULAS: readonly (readonly [words: string, value: ScaleValue])[] = [
  ['x / 127.5 - 1 in float64', (x) => f32(x / 127.5 - 1)],
  ['x / 255 * 2 - 1 in float32', (x) => f32(f32(f32(x / 255) * 2) - 1)],
  ['(x / 255 - 0.5) / 0.5 in float32', (x) => f32(f32(f32(x / 255) - 0.5) * 2)],
  [
    '(x / 255 - mean) / deviation of ImageNet in float64',
    (x, channel) => f32((x / 255 - IMAGENET.mean[channel]!) / IMAGENET.deviation[channel]!),
  ],
];

/** Everything that may be otherwise than a way has it, with files such as this one. */
export async function changesOf(way: Way, file: Uint8Array): Promise<readonly Change[]> {
  const changes: Change[] = [];
  const inSpec = <Kind extends 'decode' | 'resample' | 'fit'>(
    kind: Kind,
    values: readonly Way[Kind][],
  ): void => {
    for (const value of values.filter((other) => other !== way[kind])) {
      changes.push({ kind, words: `${kind}: ${value}`, isInSpec: true, to: { [kind]: value } });
    }
  };
  inSpec('decode', DECODE_MODES);
  const isTurned = await orientationOf(file).catch(() => 1);
  if (isTurned !== 1)
    changes.push(outside('orientation', 'EXIF orientation applied', { isOriented: true }));
  if (await hasAlpha(file).catch(() => false)) {
    changes.push(outside('alpha', 'transparency laid on white', { background: 255 }));
    changes.push(outside('alpha', 'transparency laid on black', { background: 0 }));
  }
  inSpec('resample', RESAMPLES);
  inSpec('fit', FITS);
  changes.push(...scalingChanges(way));
  changes.push(outside('channels', 'channels in the order B, G, R', { isBgr: true }));
  return changes;
}

function scalingChanges({ scaling }: Way): Change[] {
  const named = SCALING_NAMES.filter((name) => name !== scaling).map((name): Change => {
    return { kind: 'scaling', words: `scaling: ${name}`, isInSpec: true, to: { scaling: name } };
  });
  const rescalings = RESCALINGS.map(([scale, offset]): Change => {
    const to: Scaling = { scale, offset };
    const words = `scaling: {scale: ${scale}, offset: ${offset}}`;
    return { kind: 'scaling', words, isInSpec: true, to: { scaling: to } };
  });
  const formulas = FORMULAS.map(([words, value]) => outside('scaling', words, { scaling: value }));
  return [...named, ...rescalings, ...formulas];
}

function outside(kind: Change['kind'], words: string, to: Partial<Way>): Change {
  return { kind, words, isInSpec: false, to };
}
