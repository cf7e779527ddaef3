export { decode } from './decode.js';
export type { DecodeOptions } from './options.js';
export { detectFormat, type ImageFormat } from './format.js';
