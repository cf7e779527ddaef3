import type { Sample } from './samples.js';

/** Injection token of the sample pictures, read once at start. */
export class Samples {
  constructor(readonly all: readonly Sample[]) {}
}
