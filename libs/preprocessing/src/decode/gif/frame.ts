import { UndecodableImageError } from '../../errors.js';
import { ByteReader } from '../byte-reader.js';
import { checkSize } from '../pixel-limit.js';

/** The first frame of a GIF and the canvas it lies on. */
export interface GifFrame {
  /** The canvas; grown where the frame reaches past the screen, as Pillow grows it. */
  readonly canvasWidth: number;
  readonly canvasHeight: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly interlaced: boolean;
  /** RGB triples; undefined where the indices are gray levels themselves. */
  readonly palette: Uint8Array | undefined;
  /** The index that fills the canvas around the frame. */
  readonly fill: number;
  /** Bits of the colour indices in the LZW data. */
  readonly codeBits: number;
  /** Where the LZW data's first block begins. */
  readonly dataOffset: number;
}

/** Reads up to the first frame's pixels as Pillow's `GifImageFile._open` and `_seek(0)` do. */
export function readFirstFrame(bytes: Uint8Array, maxPixels: number): GifFrame {
  const reader = new ByteReader(bytes, true, 6);
  const screen = { width: reader.u16(), height: reader.u16() };
  const flags = reader.u8();
  reader.skip(2);
  const global = flags & 0x80 ? readPalette(reader, flags) : undefined;
  let fill = 0;
  for (;;) {
    const introducer = reader.u8();
    if (introducer === 0x3b) throw new UndecodableImageError('The GIF holds no image.');
    if (introducer === 0x21) fill = readExtension(reader) ?? fill;
    if (introducer !== 0x2c) continue;
    const [left, top, width, height] = [reader.u16(), reader.u16(), reader.u16(), reader.u16()];
    const canvasWidth = Math.max(screen.width, left + width);
    const canvasHeight = Math.max(screen.height, top + height);
    checkSize(canvasWidth, canvasHeight, maxPixels);
    checkSize(width, height, maxPixels);
    const options = reader.u8();
    const local = options & 0x80 ? readPalette(reader, options) : undefined;
    const codeBits = reader.u8();
    return {
      canvasWidth,
      canvasHeight,
      left,
      top,
      width,
      height,
      interlaced: (options & 0x40) !== 0,
      palette: local ?? global,
      fill,
      codeBits,
      dataOffset: reader.position,
    };
  }
}

/** A palette, or undefined where it is the gray ramp: Pillow drops such a palette. */
function readPalette(reader: ByteReader, flags: number): Uint8Array | undefined {
  const palette = reader.take(3 << ((flags & 7) + 1));
  const isRamp = palette.every((value, i) => value === Math.floor(i / 3));
  return isRamp ? undefined : palette;
}

/** Skips an extension; yields the transparent index where it is a control block that has one. */
function readExtension(reader: ByteReader): number | undefined {
  const label = reader.u8();
  let transparent: number | undefined;
  let first = true;
  for (let length = reader.u8(); length > 0; length = reader.u8()) {
    const block = new ByteReader(reader.take(length), true);
    if (first && label === 0xf9) {
      const hasTransparency = (block.u8() & 1) !== 0;
      block.skip(2);
      if (hasTransparency) transparent = block.u8();
    }
    first = false;
  }
  return transparent;
}
