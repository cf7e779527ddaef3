export { abortable } from './abortable.js';
export { Canceller } from './canceller.js';
export { abortSignalOf, type Signal } from './signal.js';
