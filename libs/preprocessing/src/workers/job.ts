import type { ImageSpec, Output } from '../spec.js';

/** Where a tensor goes. */
export interface Target {
  data: Float32Array | Uint8Array;
  /**
   * Whether a thread may take the memory meanwhile, and give it back as another array at the same place
   * of it: whoever else has a view of it loses that. Otherwise what is not shared is copied to.
   */
  readonly isMovable?: boolean | undefined;
}

/** What a worker is asked. */
export interface Job {
  readonly bytes: Uint8Array;
  readonly spec: ImageSpec;
  readonly maxPixels: number;
  readonly output: Output;
  /** A new array where it is left out. */
  readonly target: Target | undefined;
}

/** A job as a thread is told of it. */
export interface ThreadJob extends Omit<Job, 'target'> {
  readonly out: Float32Array | Uint8Array | undefined;
}
