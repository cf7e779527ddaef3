import type { ImageTensor } from '../preprocess.js';
import type { Job } from './job.js';

/** Takes one job at a time. */
export interface Worker {
  /** Whether it takes another job; one that is being ended may still tell that its last one is done. */
  readonly isUsable: boolean;
  /** @throws DomainErrors of `preprocess`, the signal's reason, an Error where the worker broke down */
  run(job: Job, signal?: AbortSignal): Promise<ImageTensor>;
  end(): Promise<void>;
}

/** Workers of one kind, started when they are needed: as many as there are jobs at once. */
export class WorkerPool {
  private readonly idle: Worker[] = [];
  private readonly all = new Set<Worker>();

  /** @param start makes a worker that calls `onExit` once it has ended, whatever the reason */
  constructor(private readonly start: (onExit: () => void) => Worker) {}

  /** As the workers' own. */
  async run(job: Job, signal?: AbortSignal): Promise<ImageTensor> {
    const worker = this.take();
    try {
      return await worker.run(job, signal);
    } finally {
      if (worker.isUsable) this.idle.push(worker);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.all].map((worker) => worker.end()));
  }

  private take(): Worker {
    for (let worker = this.idle.pop(); worker !== undefined; worker = this.idle.pop()) {
      if (worker.isUsable) return worker;
    }
    const worker = this.start(() => {
      this.all.delete(worker);
      const index = this.idle.indexOf(worker);
      if (index >= 0) this.idle.splice(index, 1);
    });
    this.all.add(worker);
    return worker;
  }
}
