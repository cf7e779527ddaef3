import type { ImageSpec, Output } from '../spec.js';

/** What a worker is asked. */
export interface Job {
  readonly bytes: Uint8Array;
  readonly spec: ImageSpec;
  readonly maxPixels: number;
  readonly output: Output;
  /** Where the tensor goes; a new array where it is left out. */
  readonly out: Float32Array | Uint8Array | undefined;
}
