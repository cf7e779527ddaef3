/** More than 400 x 300 pixels of RGB with alpha take no longer than handing them over. */
const MAX_PIXELS = 1 << 17;

/** Of a file of so many pixels: 16 bits, or stored as it is, are rare. */
const MAX_BYTES = 1 << 19;

/** What stands in front of the pixels, compressed texts too, which are expanded in vain. */
const MAX_HEAD_BYTES = 1 << 12;

/** Signature and header. */
const HEADER_BYTES = 8 + 25;

/** Of a chunk: its length, type and checksum. */
const CHUNK_BYTES = 12;

const IDAT = 0x49444154;

/** Whether this PNG is decoded in about the time that it takes to ask somebody else. */
export function isQuickPng(bytes: Uint8Array): boolean {
  if (bytes.length < HEADER_BYTES || bytes.length > MAX_BYTES) return false;
  const file = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.getUint32(16) * file.getUint32(20) > MAX_PIXELS) return false;
  // Chunk by chunk: the pixels' name may also stand in a text.
  const end = Math.min(MAX_HEAD_BYTES, bytes.length - 8);
  for (let at = HEADER_BYTES; at <= end; at += CHUNK_BYTES + file.getUint32(at)) {
    if (file.getUint32(at + 4) === IDAT) return true;
  }
  return false;
}
