import type { Pixels } from '#preprocessing';

/** EXIF's Orientation of a file, 1 (upright) to 8. */
export async function orientationOf(file: Uint8Array): Promise<number> {
  const { default: sharp } = await import('sharp');
  const { orientation } = await sharp(file).metadata();
  return orientation ?? 1;
}

/** The picture as its EXIF Orientation says that it should be shown. */
export async function oriented(file: Uint8Array, pixels: Pixels): Promise<Pixels> {
  return turned(pixels, await orientationOf(file));
}

/** @param orientation EXIF 2.32, 4.6.5.1.6: which side of the picture row 0 and column 0 are */
export function turned({ width, height, data }: Pixels, orientation: number): Pixels {
  if (orientation < 2 || orientation > 8) return { width, height, data };
  const isSideways = orientation > 4;
  const isMirrored = [2, 3, 7, 8].includes(orientation);
  const isUpsideDown = [3, 4, 6, 7].includes(orientation);
  const [toWidth, toHeight] = isSideways ? [height, width] : [width, height];
  const to = new Uint8Array(data.length);
  for (let y = 0; y < toHeight; y++) {
    for (let x = 0; x < toWidth; x++) {
      const [across, down] = isSideways ? [y, x] : [x, y];
      const fromX = isMirrored ? width - 1 - across : across;
      const fromY = isUpsideDown ? height - 1 - down : down;
      const from = (fromY * width + fromX) * 3;
      to.set(data.subarray(from, from + 3), (y * toWidth + x) * 3);
    }
  }
  return { width: toWidth, height: toHeight, data: to };
}
