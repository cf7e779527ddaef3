export { decode, decodeOrSample, decodesQuickly, needsLibvips } from './decode.js';
export type { DecodeOptions } from './options.js';
export { detectFormat, type ImageFormat } from './format.js';
export type { Sampling } from './options.js';
