import type { Signal } from '#cancellation';
import type { ImageTensor } from '../preprocess.js';
import type { Job } from './job.js';

/** Takes one job at a time. */
export interface Worker {
  /** Whether it takes another job; one that is being ended may still tell that its last one is done. */
  readonly isUsable: boolean;
  /** @throws DomainErrors of `preprocess`, the signal's reason, an Error where the worker broke down */
  run(job: Job, signal?: Signal): Promise<ImageTensor>;
  end(): Promise<void>;
}

/** A thread keeps as much memory as its largest picture took, a process 60 MiB. */
const IDLE_MS = 60_000;

/**
 * Workers of one kind, started when they are needed: as many as there are jobs at once. One that has had
 * nothing to do for a minute is ended.
 */
export class WorkerPool {
  /** Those without work, the last used last, and when each is ended. */
  private readonly idle: { worker: Worker; end: NodeJS.Timeout }[] = [];
  private readonly all = new Set<Worker>();

  /** @param start makes a worker that calls `onExit` once it has ended, whatever the reason */
  constructor(
    private readonly start: (onExit: () => void) => Worker,
    private readonly idleMs = IDLE_MS,
  ) {}

  /** As the workers' own. */
  async run(job: Job, signal?: Signal): Promise<ImageTensor> {
    const worker = this.take();
    try {
      return await worker.run(job, signal);
    } finally {
      if (worker.isUsable) this.rest(worker);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.all].map((worker) => worker.end()));
  }

  private rest(worker: Worker): void {
    const end = setTimeout(() => {
      this.forget(worker);
      void worker.end();
    }, this.idleMs).unref();
    this.idle.push({ worker, end });
  }

  private take(): Worker {
    for (let last = this.idle.pop(); last !== undefined; last = this.idle.pop()) {
      clearTimeout(last.end);
      if (last.worker.isUsable) return last.worker;
    }
    const worker = this.start(() => {
      this.all.delete(worker);
      this.forget(worker);
    });
    this.all.add(worker);
    return worker;
  }

  /** Gives it no more work. */
  private forget(worker: Worker): void {
    const index = this.idle.findIndex((each) => each.worker === worker);
    if (index >= 0) clearTimeout(this.idle.splice(index, 1)[0]!.end);
  }
}
