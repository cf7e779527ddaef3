/**
 * An image to ask a model with that has no golden ones: an uncompressed 24-bit BMP with a colour
 * gradient. It proves that the path from a file to scores works, not that the scores are right.
 */
export function probeImage(side = 32): Uint8Array {
  const headerBytes = 54;
  const rowBytes = Math.ceil((side * 3) / 4) * 4;
  const file = Buffer.alloc(headerBytes + rowBytes * side);
  file.write('BM', 0, 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(headerBytes, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(side, 18);
  file.writeInt32LE(side, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const level = (value: number): number => Math.round((value * 255) / (side - 1));
      file.set([level(x), level(y), 128], headerBytes + y * rowBytes + x * 3);
    }
  }
  return file;
}
