import { BufferPool } from '#buffer-pool';

const MAX_POOLED_BYTES = 32 * 1024 * 1024;

/** Copying so much to another thread costs less than reading and writing it as shared memory. */
const MAX_OWN_BYTES = 256 * 1024;

/** Memory for images: large ones are decoded on other threads, which read them where they lie. */
export class ImageBuffers {
  private readonly own = new BufferPool(MAX_POOLED_BYTES, 'own');
  private readonly shared = new BufferPool(MAX_POOLED_BYTES, 'shared');

  /** As `BufferPool.take`. */
  take(length: number): Buffer {
    return this.poolFor(length).take(length);
  }

  /** As `BufferPool.join`. */
  join(pieces: readonly Uint8Array[]): Buffer {
    return this.poolFor(pieces.reduce((sum, piece) => sum + piece.length, 0)).join(pieces);
  }

  /** As `BufferPool.release`. */
  release(buffer: Uint8Array): void {
    // Each takes what is its own.
    this.own.release(buffer);
    this.shared.release(buffer);
  }

  private poolFor(length: number): BufferPool {
    return length <= MAX_OWN_BYTES ? this.own : this.shared;
  }
}
