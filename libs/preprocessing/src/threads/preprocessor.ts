import { decodesQuickly } from '../decode/index.js';
import { preprocess, type ImageTensor, type PreprocessOptions } from '../preprocess.js';
import type { ImageSpec } from '../spec.js';
import { ImageThread } from './image-thread.js';

export interface ThreadedOptions extends Omit<PreprocessOptions, 'out'> {
  /**
   * Asked for once it is the image's turn, so that images which wait hold no memory for it. A thread
   * writes to shared memory directly; other arrays are copied to.
   */
  readonly out?: ((memory: 'own' | 'shared') => Float32Array | Uint8Array) | undefined;
  /** Where it aborts, a job that runs is ended and one that waits is not begun. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Preprocesses images beside the event loop: on threads, which are made when they are needed. An image
 * that takes less time than handing it over, a small JPEG of which nearest takes the pixels, is
 * done at once.
 */
export class Preprocessor {
  private readonly idle: ImageThread[] = [];
  private readonly all = new Set<ImageThread>();
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  /** @param maxThreads images that are in work at once, and so the memory for their pixels */
  constructor(private readonly maxThreads: number) {}

  /** Whether an image would have to wait. */
  get isBusy(): boolean {
    return this.running >= this.maxThreads;
  }

  /**
   * As `preprocess`.
   *
   * @throws DomainErrors of `preprocess`, the signal's reason, an Error where a thread broke down
   */
  async preprocess(
    bytes: Uint8Array,
    spec: ImageSpec,
    options: ThreadedOptions,
  ): Promise<ImageTensor> {
    const { maxPixels, output, signal } = options;
    signal?.throwIfAborted();
    if (isQuick(bytes, spec)) {
      return preprocess(bytes, spec, { maxPixels, output, out: options.out?.('own') });
    }
    if (this.isBusy) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running++;
    try {
      signal?.throwIfAborted();
      const job = { bytes, spec, maxPixels, output, out: options.out?.('shared') };
      return await this.onThread((thread) => thread.run(job, signal));
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.running--;
      else next();
    }
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all([...this.all].map((thread) => thread.end()));
  }

  private async onThread<T>(work: (thread: ImageThread) => Promise<T>): Promise<T> {
    const thread = this.idle.pop() ?? this.start();
    try {
      return await work(thread);
    } finally {
      if (thread.isUsable) this.idle.push(thread);
    }
  }

  private start(): ImageThread {
    const thread = new ImageThread(() => {
      this.all.delete(thread);
      const index = this.idle.indexOf(thread);
      if (index >= 0) this.idle.splice(index, 1);
    });
    this.all.add(thread);
    return thread;
  }
}

function isQuick(bytes: Uint8Array, { resample, fit }: ImageSpec): boolean {
  return resample === 'nearest' && fit !== 'pad' && decodesQuickly(bytes);
}
