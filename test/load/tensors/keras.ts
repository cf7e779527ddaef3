import { createHash } from 'node:crypto';
import { SIDE } from '../harness/signature.js';

/**
 * SHA-256 of the float32 tensor that Keras makes of decoded pixels: `load_img(target_size=(299, 299))`,
 * which is Pillow's nearest neighbour, and `preprocess_input(mode="tf")`. Written as those formulas
 * stand there, and apart from the gateway's code, which it is held against.
 */
export function kerasTensor(width: number, height: number, pixels: Uint8Array): string {
  const columns = nearest(width);
  const values = new Float32Array(SIDE * SIDE * 3);
  let at = 0;
  for (const row of nearest(height)) {
    for (const column of columns) {
      const from = (row * width + column) * 3;
      for (let channel = 0; channel < 3; channel++) {
        values[at++] = Math.fround(pixels[from + channel]! / 127.5) - 1;
      }
    }
  }
  return createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex');
}

/** Places that Pillow's nearest neighbour takes: it adds the step up. */
function nearest(size: number): number[] {
  const step = size / SIDE;
  let at = step / 2;
  return Array.from({ length: SIDE }, () => {
    const place = Math.floor(at);
    at += step;
    return place;
  });
}
