import type { ErrorCode } from '#errors';
import type { ImageTensor } from '../preprocess.js';
import type { ImageSpec, Output } from '../spec.js';

/** What a thread is asked. Arrays on shared memory are read and written where they lie; others are copied. */
export interface Job {
  readonly bytes: Uint8Array;
  readonly spec: ImageSpec;
  readonly maxPixels: number;
  readonly output: Output;
  readonly out: Float32Array | Uint8Array | undefined;
}

/** What it answers. */
export type Outcome =
  | { readonly tensor: ImageTensor }
  | { readonly refused: { code: ErrorCode; publicMessage: string; name: string } }
  | { readonly failed: string };
