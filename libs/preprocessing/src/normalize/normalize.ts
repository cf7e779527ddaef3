import type { Quotients, Scale } from '#jpeg';
import type { Pixels } from '../pixels.js';
import type { FloatPixels } from '../resize/window.js';
import type { Rescaling, Scaling } from '../spec.js';

const f32 = Math.fround;

/** One channel's arithmetic, each step rounded to float32 as NumPy rounds it in place. */
type Channel =
  | Standardized
  /** `x * scale + offset` */
  | { readonly scale: number; readonly offset: number };

/** `((x / divisor) - mean) / deviation` */
interface Standardized {
  readonly divisor: number;
  readonly mean: number;
  readonly deviation: number;
}

type Triple<T> = readonly [T, T, T];

const IMAGENET_MEAN = [0.485, 0.456, 0.406] as const;
const IMAGENET_DEVIATION = [0.229, 0.224, 0.225] as const;
/** ImageNet's mean in bytes, blue first. */
const CAFFE_MEAN = [103.939, 116.779, 123.68] as const;

/**
 * Scales pixels to the numbers that the model was trained on, float32 and bit for bit as Keras does
 * with a float32 NumPy array: `tf`, `torch` and `caffe` are `imagenet_utils.preprocess_input`'s modes
 * (`caffe` turns RGB into BGR), `unit` is `x / 255`, `none` the bytes as floats and
 * `{ scale, offset }` the `Rescaling` layer. `Rescaling(1 / 255)` multiplies and so is not `unit`:
 * 126 of the 256 results differ in their last bit.
 *
 * @param out `height * width * 3` elements to write to, row-major HWC; may be the image's own float
 *   array. A new array where it is left out.
 * @returns `out`
 * @throws RangeError where `out` has another length or scale and offset are not finite numbers.
 */
export function normalize(
  image: Pixels | FloatPixels,
  scaling: Scaling,
  out: Float32Array = new Float32Array(image.data.length),
): Float32Array {
  const { data } = image;
  if (out.length !== data.length) {
    throw new RangeError(`Expected ${data.length} elements to write to but received ${out.length}`);
  }
  if (data instanceof Float32Array) {
    scaleFloats(data, channelsOf(scaling), scaling === 'caffe', out);
  } else {
    scaleBytes(data, byteScale(scaling), out);
  }
  return out;
}

const knownScales = new Map<Scaling, Scale>();

/** What `normalize` makes of each byte of each channel, in the order of the output. */
export function byteScale(scaling: Scaling): Scale {
  const known = knownScales.get(scaling);
  if (known !== undefined) return known;
  const channels = channelsOf(scaling);
  const [channel0, channel1, channel2] = channels;
  const table = byteTable(channel0);
  const isOne = scaling === 'tf' || scaling === 'unit' || scaling === 'none';
  const tables = isOne
    ? ([table, table, table] as const)
    : ([table, byteTable(channel1), byteTable(channel2)] as const);
  const scale = { tables, isBgr: scaling === 'caffe', quotients: quotientsOf(channels) };
  // Not what a spec made up: objects would be kept for as long as the process lives.
  if (typeof scaling === 'string') knownScales.set(scaling, scale);
  return scale;
}

/** Undefined where there is more to do than to divide and to take the mean off. */
function quotientsOf(channels: Triple<Channel>): Quotients | undefined {
  if (!areQuotients(channels)) return undefined;
  return {
    divisors: each((c) => channels[c].divisor),
    means: each((c) => channels[c].mean),
  };
}

function areQuotients(channels: Triple<Channel>): channels is Triple<Standardized> {
  return channels.every((channel) => 'divisor' in channel && channel.deviation === 1);
}

function scaleBytes(
  data: Uint8Array,
  { tables: [table0, table1, table2], isBgr }: Scale,
  out: Float32Array,
): void {
  const first = isBgr ? 2 : 0;
  const last = 2 - first;
  for (let i = 0; i < data.length; i += 3) {
    out[i] = table0[data[i + first]!]!;
    out[i + 1] = table1[data[i + 1]!]!;
    out[i + 2] = table2[data[i + last]!]!;
  }
}

function scaleFloats(
  data: Float32Array,
  channels: Triple<Channel>,
  isBgr: boolean,
  out: Float32Array,
): void {
  const [channel0, channel1, channel2] = channels;
  const first = isBgr ? 2 : 0;
  const last = 2 - first;
  for (let i = 0; i < data.length; i += 3) {
    const value0 = data[i + first]!;
    const value1 = data[i + 1]!;
    const value2 = data[i + last]!;
    out[i] = scaleValue(value0, channel0);
    out[i + 1] = scaleValue(value1, channel1);
    out[i + 2] = scaleValue(value2, channel2);
  }
}

function byteTable(channel: Channel): Float32Array {
  const table = new Float32Array(256);
  for (let byte = 0; byte < 256; byte++) table[byte] = scaleValue(byte, channel);
  return table;
}

function scaleValue(value: number, channel: Channel): number {
  return 'scale' in channel
    ? f32(f32(value * channel.scale) + channel.offset)
    : f32(f32(f32(value / channel.divisor) - channel.mean) / channel.deviation);
}

/** In the order of the output: blue first for `caffe`. */
function channelsOf(scaling: Scaling): Triple<Channel> {
  switch (scaling) {
    case 'tf':
      return each(() => ({ divisor: 127.5, mean: 1, deviation: 1 }));
    case 'torch':
      return each((c) => ({
        divisor: 255,
        mean: f32(IMAGENET_MEAN[c]),
        deviation: f32(IMAGENET_DEVIATION[c]),
      }));
    case 'caffe':
      return each((c) => ({ divisor: 1, mean: f32(CAFFE_MEAN[c]), deviation: 1 }));
    case 'unit':
      return each(() => ({ divisor: 255, mean: 0, deviation: 1 }));
    case 'none':
      return each(() => ({ divisor: 1, mean: 0, deviation: 1 }));
    default:
      return each((c) => ({
        scale: coefficient(scaling, 'scale', c),
        offset: coefficient(scaling, 'offset', c),
      }));
  }
}

function each<T>(valueOf: (index: 0 | 1 | 2) => T): Triple<T> {
  return [valueOf(0), valueOf(1), valueOf(2)];
}

function coefficient(scaling: Rescaling, name: 'scale' | 'offset', index: 0 | 1 | 2): number {
  const value = scaling[name];
  const number = f32(typeof value === 'number' ? value : value[index]);
  if (!Number.isFinite(number)) {
    throw new RangeError(
      `Expected finite float32 numbers for ${name} but received ${String(value)}`,
    );
  }
  return number;
}
