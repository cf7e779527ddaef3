import type { Pixels } from '../../pixels.js';

/**
 * Turns a picture upright. Pillow applies a TIFF's Orientation when it loads it (`load_end`),
 * unlike a JPEG's; a value outside 2..8 means upright.
 */
export function orient(pixels: Pixels, orientation: number): Pixels {
  if (orientation < 2 || orientation > 8) return pixels;
  const { width, height, data } = pixels;
  const transposed = orientation >= 5;
  // Steps through the source for one step right and one step down in the result.
  const mirrored = orientation === 2 || orientation === 3 || orientation === 7 || orientation === 8;
  const flipped = orientation === 3 || orientation === 4 || orientation === 6 || orientation === 7;
  const stepX = mirrored ? -3 : 3;
  const stepY = (flipped ? -3 : 3) * width;
  const start = (mirrored ? (width - 1) * 3 : 0) + (flipped ? (height - 1) * width * 3 : 0);
  const [right, down] = transposed ? [stepY, stepX] : [stepX, stepY];
  const [newWidth, newHeight] = transposed ? [height, width] : [width, height];
  const turned = new Uint8Array(data.length);
  for (let y = 0, to = 0; y < newHeight; y++) {
    for (let x = 0, from = start + y * down; x < newWidth; x++, from += right) {
      turned[to++] = data[from]!;
      turned[to++] = data[from + 1]!;
      turned[to++] = data[from + 2]!;
    }
  }
  return { width: newWidth, height: newHeight, data: turned };
}
