import { Worker } from 'node:worker_threads';
import { projectPath } from '#project';
import type { ImageTensor } from '../preprocess.js';
import type { Job } from './job.js';
import { failureOf, type Outcome } from './outcome.js';

const ENTRY = projectPath('dist', 'libs', 'preprocessing', 'src', 'workers', 'thread.js');

/** A thread that takes one job at a time. */
export class ImageThread {
  private readonly worker = new Worker(ENTRY);
  private ending = false;
  private settle: ((outcome: Outcome) => void) | undefined;

  /** @param onExit called once it has ended, whatever the reason */
  constructor(onExit: () => void) {
    let reason = 'The thread has ended';
    this.worker.on('message', (outcome: Outcome) => {
      this.settle?.(outcome);
    });
    // Such as a heap that is full: the process goes on without the thread.
    this.worker.on('error', (error: Error) => {
      reason = error.message;
    });
    this.worker.on('exit', () => {
      this.ending = true;
      onExit();
      this.settle?.({ failed: reason });
    });
    // Waiting for work keeps no process alive; `run` does while it waits.
    this.worker.unref();
  }

  /** Whether it takes another job; one that is being ended may still tell that its last one is done. */
  get isUsable(): boolean {
    return !this.ending;
  }

  /**
   * Arrays on shared memory are read and written where they lie; others are copied.
   *
   * @throws DomainError the image's fault; NeedsLibvipsError where it is not for a thread; the signal's reason, for which the thread is ended once it
   * has let go of the job's memory; an Error where the thread broke down
   */
  async run(job: Job, signal?: AbortSignal): Promise<ImageTensor> {
    const onAbort = (): void => {
      void this.end();
    };
    this.worker.ref();
    signal?.addEventListener('abort', onAbort);
    try {
      const outcome = await new Promise<Outcome>((resolve) => {
        this.settle = resolve;
        this.worker.postMessage(job);
      });
      signal?.throwIfAborted();
      return tensorOf(outcome, job);
    } finally {
      this.settle = undefined;
      signal?.removeEventListener('abort', onAbort);
      this.worker.unref();
    }
  }

  async end(): Promise<void> {
    this.ending = true;
    await this.worker.terminate();
  }
}

function tensorOf(outcome: Outcome, { out }: Job): ImageTensor {
  if (!('tensor' in outcome)) throw failureOf(outcome);
  const { tensor } = outcome;
  if (out === undefined) return tensor;
  // What is not shared came back as a copy.
  if (!(out.buffer instanceof SharedArrayBuffer)) out.set(tensor.data);
  return { ...tensor, data: out };
}
