import { UndecodableImageError } from '../../errors.js';
import { ByteReader } from '../byte-reader.js';
import { Marker } from './markers.js';

/**
 * More scans than any encoder writes; each one costs a pass over the whole picture, however
 * little it holds, so that a small file could keep a processor busy for minutes.
 */
const MAX_SCANS = 64;

const BETWEEN_SCANS: readonly number[] = [
  Marker.SOS,
  Marker.DHT,
  Marker.DQT,
  Marker.DRI,
  Marker.DAC,
  Marker.DNL,
  Marker.COM,
];

/**
 * Checks what follows the first scan's header up to the end of the image. libjpeg reads it too when Pillow lets it
 * finish the picture, and fails there; libvips stops after the last row. A file that
 * just ends is left to the decoder, which knows whether rows are missing.
 */
export function checkScans(bytes: Uint8Array, scanOffset: number): void {
  const reader = new ByteReader(bytes, false, scanOffset);
  skipSegment(reader);
  check(reader);
}

/** As `checkScans` for a picture whose scans are known to be good up to `scanEnd`. */
export function checkTail(bytes: Uint8Array, scanEnd: number): void {
  check(new ByteReader(bytes, false, scanEnd));
}

function check(reader: ByteReader): void {
  let scans = 1;
  for (;;) {
    const marker = markerAfterScan(reader);
    if (marker === undefined || marker === Marker.EOI) return;
    if (marker === Marker.SOS && ++scans > MAX_SCANS) throw new UndecodableImageError();
    checkKind(marker);
    if (reader.remaining < 2) return;
    checkSegment(reader, marker);
  }
}

/** The next marker that is no restart, past entropy-coded data and fill bytes. */
function markerAfterScan(reader: ByteReader): number | undefined {
  const { bytes } = reader;
  let at = reader.position;
  for (;;) {
    at = nextFf(bytes, at);
    if (at < 0) return undefined;
    while (bytes[at] === 0xff) at++;
    const code = bytes[at++];
    if (code === undefined) return undefined;
    // 0 is a stuffed byte, 1 the parameterless TEM.
    if (code > 1 && !(code >= Marker.RST0 && code <= Marker.RST7)) {
      reader.position = at;
      return code;
    }
  }
}

/** Steps before it searches: a search costs as much as many steps, and a file may be full of 0xff. */
function nextFf(bytes: Uint8Array, from: number): number {
  for (let at = from; at < from + 32; at++) {
    if (bytes[at] === 0xff) return at;
  }
  return bytes.indexOf(0xff, from + 32);
}

function checkSegment(reader: ByteReader, marker: number): void {
  const start = reader.position;
  switch (marker) {
    case Marker.DHT:
      checkHuffmanTables(reader);
      break;
    case Marker.DQT:
      checkQuantizationTables(reader);
      break;
    case Marker.DRI:
      if (reader.u16() !== 4) throw new UndecodableImageError();
      break;
  }
  reader.position = start;
  skipSegment(reader);
}

/** Between scans and behind the last one only tables and what can be skipped may stand. */
function checkKind(marker: number): void {
  if (marker >= Marker.APP0 && marker <= Marker.APP15) return;
  if (!BETWEEN_SCANS.includes(marker)) throw new UndecodableImageError();
}

function skipSegment(reader: ByteReader): void {
  const start = reader.position;
  const length = reader.u16();
  if (length < 2) throw new UndecodableImageError();
  reader.position = Math.min(start + length, reader.bytes.length);
}

function checkHuffmanTables(reader: ByteReader): void {
  let left = reader.u16() - 2;
  while (left > 16) {
    const index = reader.u8();
    let symbols = 0;
    for (let i = 0; i < 16; i++) symbols += reader.u8();
    left -= 17;
    if ((index & ~0x10) > 3 || symbols > 256 || symbols > left) throw new UndecodableImageError();
    reader.skip(symbols);
    left -= symbols;
  }
  if (left !== 0) throw new UndecodableImageError();
}

function checkQuantizationTables(reader: ByteReader): void {
  let left = reader.u16() - 2;
  while (left > 0) {
    const index = reader.u8();
    const size = index >> 4 ? 128 : 64;
    if ((index & 15) > 3 || left < size + 1) throw new UndecodableImageError();
    reader.skip(size);
    left -= size + 1;
  }
  if (left !== 0) throw new UndecodableImageError();
}
