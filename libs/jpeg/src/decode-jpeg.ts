import { withDecoder } from './decoder.js';

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

/**
 * Decodes the pixels that are asked for, byte for byte as libjpeg-turbo does by default (accurate
 * integer DCT, "fancy" upsampling): 8-bit gray, YCbCr and RGB, baseline and progressive, Huffman.
 *
 * @returns where in the file the last scan that was read ends, or undefined (and nothing is taken) where
 * the picture is of another kind or in any way irregular
 * @throws RangeError of positions outside of the picture
 */
export function decodeJpeg(bytes: Uint8Array, request: JpegRequest): number | undefined {
  return run(bytes, request, BYTES, undefined, (buffer, at, length) => {
    request.take(new Uint8Array(buffer, at, length));
  });
}

/** As `decodeJpeg`, with the bytes scaled to floats. */
export function decodeJpegScaled(
  bytes: Uint8Array,
  request: ScaledJpegRequest,
): number | undefined {
  return run(bytes, request, FLOATS, request.scale, (buffer, at, length) => {
    request.take(new Float32Array(buffer, at, length));
  });
}

function run(
  bytes: Uint8Array,
  { positions, isReduced }: Request,
  format: number,
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
    if (scale !== undefined) {
      const tables = new Float32Array(memory.buffer, decoder.scales(), 3 * 256);
      scale.tables.forEach((table, channel) => {
        tables.set(table, channel * 256);
      });
    }
    if (decoder.decode(format, scale?.isBgr === true) !== 0) return undefined;
    take(memory.buffer, decoder.output(), columns.length * rows.length * 3);
    return decoder.scanEnd() - file;
  });
}

function checkWithin(positions: Int32Array, end: number): void {
  if (positions.length === 0 || positions[0]! < 0 || positions.at(-1)! >= end) {
    throw new RangeError(`Expected ascending positions from 0 to ${end - 1}`);
  }
}
