import type { Signal } from '#cancellation';
import { decodesQuickly, needsLibvips } from '../decode/index.js';
import { NeedsLibvipsError } from '../errors.js';
import { preprocess, type ImageTensor, type PreprocessOptions } from '../preprocess.js';
import type { ImageSpec } from '../spec.js';
import { ImageProcess } from './image-process.js';
import { ImageThread } from './image-thread.js';
import type { Target } from './job.js';
import { SideThread } from './side-thread.js';
import { Turns } from './turns.js';
import { WorkerPool } from './worker-pool.js';

export interface WorkerOptions extends Omit<PreprocessOptions, 'out' | 'withoutLibvips'> {
  /**
   * Asked for once it is the image's turn, so that images which wait hold no memory for it.
   */
  readonly out?: (() => Target) | undefined;
  /** Where it aborts, a job that runs is ended and one that waits is not begun. */
  readonly signal?: Signal | undefined;
}

/**
 * Preprocesses images beside the event loop: what our own decoders read on threads, what only libvips
 * reads in processes, so that no picture can end this one. Both are made when they are needed. An image that takes
 * less time than handing it over, a small JPEG of which nearest takes the pixels, is done in the event loop,
 * one in each of its turns.
 */
export class Preprocessor {
  private readonly threads = new WorkerPool((onExit) => new ImageThread(onExit));
  private readonly processes: WorkerPool;
  private readonly turns = new Turns();
  private readonly side = new SideThread();
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  /**
   * @param maxWorkers images that are in work at once, and so the memory for their pixels
   * @param onCrash told of the signal that a picture has ended a process by
   */
  constructor(
    private readonly maxWorkers: number,
    onCrash: (signal: string) => void = () => undefined,
  ) {
    this.processes = new WorkerPool((onExit) => new ImageProcess(onExit, onCrash));
  }

  /**
   * Somebody has come. libuv lets one connection in at each turn of the event loop (libuv #3696), and so
   * turns are short while more may be waiting.
   */
  makeWay(): void {
    this.turns.makeWay();
  }

  /** Whether an image would have to wait. */
  get isBusy(): boolean {
    return this.running >= this.maxWorkers;
  }

  /**
   * As `preprocess`.
   *
   * @throws DomainErrors of `preprocess`, the signal's reason, an Error where a worker broke down
   */
  async preprocess(
    bytes: Uint8Array,
    spec: ImageSpec,
    options: WorkerOptions,
  ): Promise<ImageTensor> {
    const { maxPixels, output, signal } = options;
    signal?.throwIfAborted();
    let isLeft: boolean;
    let target: Target | undefined;
    if (isQuick(bytes, spec)) {
      try {
        if (this.turns.isTaken && this.side.hasRoom) {
          target = options.out?.();
          const tensor = await this.side.run({ bytes, spec, maxPixels, output, target });
          signal?.throwIfAborted();
          return tensor;
        }
        return await this.turns.run(() => {
          signal?.throwIfAborted();
          target = options.out?.();
          const out = target?.data;
          return preprocess(bytes, spec, { maxPixels, output, out, withoutLibvips: true });
        });
      } catch (error) {
        if (!(error instanceof NeedsLibvipsError)) throw error;
        isLeft = true;
      }
    } else {
      isLeft = needsLibvips(bytes);
    }
    if (this.isBusy) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running++;
    try {
      signal?.throwIfAborted();
      target ??= options.out?.();
      const job = { bytes, spec, maxPixels, output, target };
      if (isLeft) return await this.processes.run(job, signal);
      return await this.threads.run(job, signal).catch((error: unknown) => {
        if (!(error instanceof NeedsLibvipsError)) throw error;
        return this.processes.run(job, signal);
      });
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.running--;
      else next();
    }
  }

  /** Ends the threads and processes. */
  async close(): Promise<void> {
    await Promise.all([this.threads.close(), this.processes.close(), this.side.close()]);
  }
}

function isQuick(bytes: Uint8Array, { resample, fit }: ImageSpec): boolean {
  return resample === 'nearest' && fit !== 'pad' && decodesQuickly(bytes);
}
