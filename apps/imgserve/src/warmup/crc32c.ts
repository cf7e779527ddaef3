/** Castagnoli's polynomial, reflected (RFC 3720, 12.1). */
const POLYNOMIAL = 0x82f63b78;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 && POLYNOMIAL);
  return remainder;
});

/** CRC-32C of bytes, or of bytes that follow those whose checksum is `before`. */
export function crc32c(bytes: Uint8Array, before = 0): number {
  let remainder = ~before;
  for (let i = 0; i < bytes.length; i++) {
    remainder = (remainder >>> 8) ^ TABLE[(remainder ^ bytes[i]!) & 0xff]!;
  }
  return ~remainder >>> 0;
}

/** Rotated and shifted, so that a checksum of data that holds checksums stays useful (TFRecord). */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
