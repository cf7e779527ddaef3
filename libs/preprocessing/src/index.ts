export { decode, decodesQuickly, detectFormat, type ImageFormat } from './decode/index.js';
export { ImageTooLargeError, UndecodableImageError, UnsupportedImageError } from './errors.js';
export { normalize } from './normalize/normalize.js';
export type { Pixels } from './pixels.js';
export { preprocess, type ImageTensor, type PreprocessOptions } from './preprocess.js';
export { resize } from './resize/resize.js';
export type { FloatPixels } from './resize/window.js';
export * from './spec.js';
export { Preprocessor, type WorkerOptions } from './workers/preprocessor.js';
