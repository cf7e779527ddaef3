import { withDecoder, type Decoder } from './decoder.js';

/** Which pixels are asked for, by column and by row, both in ascending order; one may be asked for more than once. */
export interface Positions {
  readonly columns: Int32Array;
  readonly rows: Int32Array;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What each byte of a channel becomes, by the output's channels. */
export interface Scale {
  readonly tables: readonly [Float32Array, Float32Array, Float32Array];
  readonly isBgr: boolean;
  /** Where the tables hold nothing but these, which takes less than looking them up. */
  readonly quotients?: Quotients | undefined;
}

/** `byte / divisor - mean`, each step rounded to float32, by the output's channels. */
export interface Quotients {
  readonly divisors: readonly [number, number, number];
  readonly means: readonly [number, number, number];
}

interface Request {
  /** Which pixels of a picture of this size. */
  readonly positions: (size: Size) => Positions;
  /**
   * Takes the picture for one of an eighth of its width and height, rounded up, whose pixels are the
   * means of its blocks of 8 × 8: in half the time, and not libjpeg's bytes.
   */
  readonly isReduced?: boolean | undefined;
}

export interface JpegRequest extends Request {
  /** Takes the pixels, row-major RGB: a view that is good during the call. */
  readonly take: (pixels: Uint8Array) => void;
}

export interface ScaledJpegRequest extends Request {
  readonly scale: Scale;
  readonly take: (pixels: Float32Array) => void;
}

const BYTES = 0;
const FLOATS = 1;
const QUOTIENTS = 2;

/**
 * Decodes the pixels that are asked for, byte for byte as libjpeg-turbo does by default (accurate
 * integer DCT, "fancy" upsampling): 8-bit gray, YCbCr and RGB, baseline and progressive, Huffman.
 *
 * @returns where in the file the last scan that was read ends, or undefined (and nothing is taken) where
 * the picture is of another kind or in any way irregular
 * @throws RangeError of positions outside of the picture
 */
export function decodeJpeg(bytes: Uint8Array, request: JpegRequest): number | undefined {
  return run(bytes, request, undefined, (buffer, at, length) => {
    request.take(new Uint8Array(buffer, at, length));
  });
}

/** As `decodeJpeg`, with the bytes scaled to floats. */
export function decodeJpegScaled(
  bytes: Uint8Array,
  request: ScaledJpegRequest,
): number | undefined {
  return run(bytes, request, request.scale, (buffer, at, length) => {
    request.take(new Float32Array(buffer, at, length));
  });
}

function run(
  bytes: Uint8Array,
  { positions, isReduced }: Request,
  scale: Scale | undefined,
  take: (buffer: ArrayBuffer, at: number, length: number) => void,
): number | undefined {
  return withDecoder((decoder) => {
    const { memory } = decoder;
    const file = decoder.input(bytes.length);
    new Uint8Array(memory.buffer).set(bytes, file);
    if (decoder.open() !== 0) return undefined;
    if (isReduced === true) decoder.reduce();
    const { columns, rows } = positions({ width: decoder.width(), height: decoder.height() });
    checkWithin(columns, decoder.width());
    checkWithin(rows, decoder.height());
    const asked = decoder.ask(columns.length, rows.length);
    const places = new Int32Array(memory.buffer, asked, columns.length + rows.length);
    places.set(columns);
    places.set(rows, columns.length);
    if (decoder.decode(putScale(decoder, scale), scale?.isBgr === true) !== 0) return undefined;
    take(memory.buffer, decoder.output(), columns.length * rows.length * 3);
    return decoder.scanEnd() - file;
  });
}

/** @returns the format */
function putScale(decoder: Decoder, scale: Scale | undefined): number {
  if (scale === undefined) return BYTES;
  const { tables, quotients } = scale;
  if (quotients === undefined) {
    const floats = new Float32Array(decoder.memory.buffer, decoder.scales(), 3 * 256);
    for (const [channel, table] of tables.entries()) floats.set(table, channel * 256);
    return FLOATS;
  }
  // A vector each, of which the last element comes to nothing.
  const { divisors, means } = quotients;
  new Float32Array(decoder.memory.buffer, decoder.quotients(), 8).set([
    ...divisors,
    1,
    ...means,
    0,
  ]);
  return QUOTIENTS;
}

function checkWithin(positions: Int32Array, end: number): void {
  if (positions.length === 0 || positions[0]! < 0 || positions.at(-1)! >= end) {
    throw new RangeError(`Expected ascending positions from 0 to ${end - 1}`);
  }
}
