export { BufferPool } from './buffer-pool.js';
