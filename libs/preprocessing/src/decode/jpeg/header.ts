import { UndecodableImageError, UnsupportedImageError } from '../../errors.js';
import { ByteReader } from '../byte-reader.js';
import { Marker, isFrame } from './markers.js';

/** What the decoder has to know before any pixel is decoded. */
export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  /** Colour components: 1, 3 or 4. */
  readonly components: number;
  /** Where the first scan's header begins, at its length. */
  readonly scanOffset: number;
}

/**
 * Reads the markers up to the first scan, as forgiving between them and as strict about the frame
 * as Pillow's `JpegImageFile._open`.
 */
export function readHeader(bytes: Uint8Array): JpegHeader {
  const reader = new ByteReader(bytes, false, 2);
  let frame: Omit<JpegHeader, 'scanOffset'> | undefined;
  for (;;) {
    const marker = nextMarker(reader);
    if (marker === Marker.SOS) {
      if (!frame) throw new UndecodableImageError();
      return { ...frame, scanOffset: reader.position };
    }
    if (!Marker.hasLength(marker)) continue;
    const start = reader.position;
    const length = reader.u16();
    if (isFrame(marker)) frame = readFrame(new ByteReader(bytes, false, start + 2), marker);
    reader.position = start;
    reader.skip(Math.max(length, 2));
  }
}

/** Skips junk and fill bytes, as libjpeg's `next_marker` and Pillow do. */
function nextMarker(reader: ByteReader): number {
  for (;;) {
    while (reader.u8() !== 0xff);
    let code = reader.u8();
    while (code === 0xff) code = reader.u8();
    if (code === 0) continue;
    if (code < 0xc0) throw new UndecodableImageError();
    return code;
  }
}

function readFrame(reader: ByteReader, marker: number): Omit<JpegHeader, 'scanOffset'> {
  const precision = reader.u8();
  const height = reader.u16();
  const width = reader.u16();
  const count = reader.u8();
  if (precision !== 8) {
    throw new UnsupportedImageError('A JPEG of other than 8 bits per sample is not supported.');
  }
  if (count !== 1 && count !== 3 && count !== 4) {
    throw new UnsupportedImageError('A JPEG must have 1, 3 or 4 components.');
  }
  if (!Marker.isDecodedFrame(marker)) {
    throw new UnsupportedImageError('A lossless or hierarchical JPEG is not supported.');
  }
  return { width, height, components: count };
}
