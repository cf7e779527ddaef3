import { availableParallelism } from 'node:os';
import type { ImageTensor } from '../preprocess.js';
import { ImageThread } from './image-thread.js';
import type { Job } from './job.js';

/**
 * Those that it has while the event loop is at something else. Of more, the tensors are no longer in the
 * processor's caches when they are sent: eight take half as much CPU again.
 */
const MAX_JOBS = 3;

const IDLE_MS = 60_000;

/**
 * A thread beside the event loop for pictures of which each takes less time than a thread takes to end
 * and start again: one after the other, and to their end, whoever has gone meanwhile. It is started when
 * it is needed, and ended once it has had nothing to do for a minute.
 */
export class SideThread {
  private thread: ImageThread | undefined;
  private jobs = 0;
  private end: NodeJS.Timeout | undefined;

  /** Whether it may take another; on one processor it would only be in the event loop's way. */
  get hasRoom(): boolean {
    return this.jobs < MAX_JOBS && PROCESSORS > 1;
  }

  /** @throws DomainErrors of `preprocess`, NeedsLibvipsError, an Error where the thread broke down */
  async run(job: Job): Promise<ImageTensor> {
    clearTimeout(this.end);
    this.jobs++;
    try {
      return await this.started().run(job);
    } finally {
      this.jobs--;
      if (this.jobs === 0) this.end = setTimeout(() => void this.close(), IDLE_MS).unref();
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.end);
    await this.thread?.end();
  }

  private started(): ImageThread {
    if (this.thread?.isUsable !== true) {
      const thread = new ImageThread(() => {
        if (this.thread === thread) this.thread = undefined;
      });
      this.thread = thread;
    }
    return this.thread;
  }
}

const PROCESSORS = availableParallelism();
