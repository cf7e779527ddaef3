import { maskedCrc32c } from './crc32c.js';

const LENGTH_BYTES = 8;
const CRC_BYTES = 4;

/**
 * A record of TensorFlow's TFRecord format (tensorflow/core/lib/io/record_writer.h): its length as
 * uint64, the length's masked CRC-32C, the data, and the data's; little-endian.
 *
 * @returns the pieces to be written, of which the second is `data` itself
 */
export function recordPieces(data: Uint8Array): readonly Uint8Array[] {
  const head = Buffer.alloc(LENGTH_BYTES + CRC_BYTES);
  head.writeBigUInt64LE(BigInt(data.length));
  head.writeUInt32LE(maskedCrc32c(head.subarray(0, LENGTH_BYTES)), LENGTH_BYTES);
  const foot = Buffer.alloc(CRC_BYTES);
  foot.writeUInt32LE(maskedCrc32c(data));
  return [head, data, foot];
}
