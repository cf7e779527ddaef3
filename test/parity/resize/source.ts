import type { Pixels } from '#preprocessing';

/** Held here since looking up a global is slow in Jest's contexts. */
const { floor, imul } = Math;

/**
 * Draws the picture that `make_vectors.py` draws: tiles of noise, gradients, hard edges and soft
 * texture, from an integer hash of each element's place. So no pictures need to be kept.
 */
export function drawSource(width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 3);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const tile = ((x >> 4) + (y >> 4) * 3) & 3;
      for (let channel = 0; channel < 3; channel++) {
        const noise = hash(at) & 255;
        data[at++] =
          tile === 0
            ? noise
            : tile === 1
              ? gradient(x, y, width, height, channel)
              : tile === 2
                ? (noise & 1) * 255
                : (noise >> 5) + 112;
      }
    }
  }
  return { width, height, data };
}

function gradient(x: number, y: number, width: number, height: number, channel: number): number {
  if (channel === 0) return floor((x * 255) / width);
  if (channel === 1) return floor((y * 255) / height);
  return floor(((x + y) * 255) / (width + height));
}

function hash(value: number): number {
  let mixed = imul(value, 0x85ebca6b);
  mixed ^= mixed >>> 15;
  mixed = imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 13);
}
