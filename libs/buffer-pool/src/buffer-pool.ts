/** Below this, allocating costs less than keeping. */
const MIN_BYTES = 16 * 1024;

/** Above this, memory is V8's to count: whoever makes it has to let it be collected in time. */
const MAX_SHARED_BYTES = 8 * 1024 * 1024;

/** What nobody has needed for so long was for a peak that is over. */
const UNUSED_MS = 10_000;

interface Free {
  readonly buffer: Buffer;
  /** As `performance.now()`. */
  readonly since: number;
}

/**
 * Keeps large buffers for the next message. V8 counts memory outside its heap, and a megabyte per
 * request makes it collect the whole heap every few dozen requests: for a float32 299×299×3 image
 * that costs more than the rest of the call.
 *
 * Shared memory is read and written by other threads where it lies; V8 copies to it several times as
 * slowly as to a thread's own.
 *
 * The last buffer to come back is the first to go out, so that those which are more than the traffic needs
 * lie unused, and are let go.
 */
export class BufferPool {
  /** Ordered by release, oldest first. */
  private readonly free: Free[] = [];
  private freeBytes = 0;
  private sweeping: NodeJS.Timeout | undefined;

  /** @param maxBytes how much memory may lie unused */
  constructor(
    private readonly maxBytes: number,
    private readonly kind: 'own' | 'shared',
  ) {}

  /** A buffer with these pieces, one after the other, behind so many bytes that are left as they are. */
  join(pieces: readonly Uint8Array[], offset = 0): Buffer {
    const buffer = this.take(pieces.reduce((sum, piece) => sum + piece.length, offset));
    for (const piece of pieces) {
      buffer.set(piece, offset);
      offset += piece.length;
    }
    return buffer;
  }

  /**
   * Takes back what `join` or `take` gave; nobody may read or write it any more. What is of the other
   * kind, too small or too large is left to be collected.
   */
  release(buffer: Uint8Array): void {
    const memory = buffer.buffer;
    const isShared = memory instanceof SharedArrayBuffer;
    if (isShared !== (this.kind === 'shared')) return;
    if (memory.byteLength < MIN_BYTES || memory.byteLength > this.maxBytes) return;
    this.free.push({ buffer: Buffer.from(memory), since: performance.now() });
    this.freeBytes += memory.byteLength;
    while (this.freeBytes > this.maxBytes) this.dropOldest();
    this.sweeping ??= setTimeout(this.sweep, UNUSED_MS).unref();
  }

  /** A buffer of this length at the beginning of its memory, with whatever was in it. */
  take(length: number): Buffer {
    if (length < MIN_BYTES) return Buffer.allocUnsafeSlow(length);
    // Half empty at most, so that a small message does not keep a large buffer from a large one.
    const index = this.free.findLastIndex(
      ({ buffer }) => buffer.length >= length && buffer.length <= length * 2,
    );
    if (index < 0) return this.allocate(length);
    const { buffer } = this.free.splice(index, 1)[0]!;
    this.freeBytes -= buffer.length;
    return buffer.subarray(0, length);
  }

  private readonly sweep = (): void => {
    const now = performance.now();
    while (this.free.length > 0 && now - this.free[0]!.since >= UNUSED_MS) this.dropOldest();
    const oldest = this.free[0];
    this.sweeping = oldest && setTimeout(this.sweep, oldest.since + UNUSED_MS - now).unref();
  };

  private dropOldest(): void {
    this.freeBytes -= this.free.shift()!.buffer.length;
  }

  /** With a little room, so that messages which differ by a few bytes fit the same buffer. */
  private allocate(length: number): Buffer {
    const bytes = Math.ceil(length / MIN_BYTES) * MIN_BYTES;
    return this.kind === 'shared' && length <= MAX_SHARED_BYTES
      ? Buffer.from(new SharedArrayBuffer(bytes), 0, length)
      : Buffer.allocUnsafeSlow(bytes).subarray(0, length);
  }
}
