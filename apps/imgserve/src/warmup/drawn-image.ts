/** Side of the image that is drawn where there is none, pixels. */
const SIDE = 64;

/** A colour gradient as a JPEG, which every signature that takes files can decode. */
export async function drawnImage(): Promise<Uint8Array> {
  // Only here: most models have images of their own.
  const { default: sharp } = await import('sharp');
  const pixels = new Uint8Array(SIDE * SIDE * 3);
  for (let i = 0; i < SIDE * SIDE; i++) {
    pixels.set([(i % SIDE) * 4, Math.floor(i / SIDE) * 4, 128], i * 3);
  }
  const raw = { width: SIDE, height: SIDE, channels: 3 } as const;
  return sharp(pixels, { raw }).jpeg({ quality: 90 }).toBuffer();
}
