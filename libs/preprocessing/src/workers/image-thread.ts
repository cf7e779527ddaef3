import { Worker } from 'node:worker_threads';
import type { Signal } from '#cancellation';
import { projectPath } from '#project';
import type { ImageTensor } from '../preprocess.js';
import type { Job, Target } from './job.js';
import { movable } from './movable.js';
import { failureOf, type ThreadOutcome } from './outcome.js';

const ENTRY = projectPath('dist', 'libs', 'preprocessing', 'src', 'workers', 'thread.js');

/** A thread that does one job after the other. */
export class ImageThread {
  private readonly worker = new Worker(ENTRY);
  private ending = false;
  /** Of the jobs that it has, the first one first. */
  private readonly settle: ((outcome: ThreadOutcome) => void)[] = [];

  /** @param onExit called once it has ended, whatever the reason */
  constructor(onExit: () => void) {
    let reason = 'The thread has ended';
    this.worker.on('message', (outcome: ThreadOutcome) => {
      this.settle.shift()?.(outcome);
    });
    // Such as a heap that is full: the process goes on without the thread.
    this.worker.on('error', (error: Error) => {
      reason = error.message;
    });
    this.worker.on('exit', () => {
      this.ending = true;
      onExit();
      for (const settle of this.settle.splice(0)) {
        settle({ outcome: { failed: reason }, out: undefined });
      }
    });
    // Waiting for work keeps no process alive; `run` does while it waits.
    this.worker.unref();
  }

  /** Whether it takes another job; one that is being ended may still tell that its last one is done. */
  get isUsable(): boolean {
    return !this.ending;
  }

  /**
   * Arrays on shared memory are read and written where they lie; others are copied, but
   * for a target whose memory may be moved.
   *
   * @param signal for which all jobs of the thread end
   * @throws DomainError the image's fault; NeedsLibvipsError where it is not for a thread; the signal's reason, for which the thread is ended once it
   * has let go of the job's memory; an Error where the thread broke down
   */
  async run(job: Job, signal?: Signal): Promise<ImageTensor> {
    const onAbort = (): void => {
      void this.end();
    };
    this.worker.ref();
    signal?.addEventListener('abort', onAbort);
    try {
      const { outcome, out } = await new Promise<ThreadOutcome>((resolve) => {
        const { target, ...asked } = job;
        const moved = target?.isMovable === true ? movable(target.data) : [];
        this.worker.postMessage({ ...asked, out: target?.data }, moved);
        // Only now: what cannot be sent is never answered, and the next answer would be taken for its own.
        this.settle.push(resolve);
      });
      if (job.target?.isMovable === true && movable(out).length > 0) job.target.data = out!;
      signal?.throwIfAborted();
      if (!('tensor' in outcome)) throw failureOf(outcome);
      return { ...outcome.tensor, data: placed(outcome.tensor.data, job.target) };
    } finally {
      signal?.removeEventListener('abort', onAbort);
      if (this.settle.length === 0) this.worker.unref();
    }
  }

  async end(): Promise<void> {
    this.ending = true;
    await this.worker.terminate();
  }
}

/** What a thread has written, where it is wanted. */
function placed(written: ImageTensor['data'], target: Target | undefined): ImageTensor['data'] {
  if (target === undefined) return written;
  // What was neither moved nor shared came back as a copy.
  if (target.isMovable !== true && movable(target.data).length > 0) target.data.set(written);
  return target.data;
}
