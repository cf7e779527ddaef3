export { decode, type DecodeOptions } from './decode.js';
export { detectFormat, type ImageFormat } from './format.js';
