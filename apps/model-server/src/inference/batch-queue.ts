import { setMaxListeners } from 'node:events';
import { cancelled, queueFull, tooManyRows } from '../errors/messages.js';
import { joinKey, rowsOf, runBatch, type Job, type Request, type Run } from './batch.js';
import { joinRows, sliceRows, type Values } from './values.js';

export interface BatchOptions {
  /** Most rows of one run; 1: requests are never joined. */
  maxBatchSize: number;
  /** How long a request may wait for others, ms. */
  batchTimeoutMs: number;
  /** Most rows that wait; more are refused. */
  maxQueuedRows: number;
}

interface QueuedJob extends Job {
  readonly key: string | undefined;
}

/**
 * The runs of one model version, one at a time. Requests of the same signature and row shape that
 * wait together are joined along the first dimension. With nothing running a request waits only
 * for those that arrive with it; behind a run it waits for the run's end, and, where its batch is
 * not full by then, until its batch timeout is over.
 */
export class BatchQueue {
  private jobs: QueuedJob[] = [];
  private running = false;
  /** Whether what waits has gathered behind a run, so that more of it is likely to come. */
  private filling = false;
  private immediate: NodeJS.Immediate | undefined;
  private timeout: NodeJS.Timeout | undefined;
  private readonly idleWaiters: (() => void)[] = [];

  constructor(
    private readonly run: Run,
    private readonly options: BatchOptions,
  ) {}

  /**
   * The outputs for these inputs alone, whatever they were joined with. A request of more rows than
   * a run takes is answered by several runs.
   * @throws ServingError where the queue is full, or could never hold that many, the caller has gone, or the model refuses
   */
  async submit(request: Request, signal: AbortSignal): Promise<Values> {
    const rows = rowsOf(request.inputs);
    const { maxBatchSize, maxQueuedRows } = this.options;
    // A message of a few bytes can claim millions: its last value stands for all that follow.
    if (request.signature.batched && rows > maxQueuedRows) throw tooManyRows(rows, maxQueuedRows);
    if (this.jobs.length > 0 && rowsIn(this.jobs) + rows > maxQueuedRows) throw queueFull();
    if (!request.signature.batched || rows <= maxBatchSize) {
      return this.enqueue(request, signal);
    }
    // Once a part has failed the others are of no use.
    const failed = new AbortController();
    const either = AbortSignal.any([signal, failed.signal]);
    // Each part listens; Node would warn of more than ten.
    setMaxListeners(0, either);
    const parts: Promise<Values>[] = [];
    for (let from = 0; from < rows; from += maxBatchSize) {
      const inputs = sliceRows(request.inputs, from, Math.min(rows, from + maxBatchSize));
      parts.push(this.enqueue({ ...request, inputs }, either));
    }
    try {
      return joinRows(await Promise.all(parts));
    } finally {
      failed.abort();
    }
  }

  /** Resolves once nothing waits and nothing runs. */
  async idle(): Promise<void> {
    if (!this.isIdle()) await new Promise<void>((resolve) => this.idleWaiters.push(resolve));
  }

  private async enqueue(request: Request, signal: AbortSignal): Promise<Values> {
    if (signal.aborted) throw cancelled();
    const { promise, resolve, reject } = withResolvers<Values>();
    const job: QueuedJob = {
      ...request,
      rows: rowsOf(request.inputs),
      key: joinKey(request),
      queuedAt: performance.now(),
      resolve,
      reject,
    };
    const abort = () => {
      reject(cancelled());
      this.remove([job]);
      this.settleIdle();
    };
    signal.addEventListener('abort', abort);
    this.jobs.push(job);
    this.schedule();
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  private schedule(): void {
    const [oldest] = this.jobs;
    if (this.running || this.immediate !== undefined || oldest === undefined) return;
    clearTimeout(this.timeout);
    const left = oldest.queuedAt + this.options.batchTimeoutMs - performance.now();
    if (this.filling && left > 0 && !this.isFull()) {
      this.timeout = setTimeout(() => {
        this.start();
      }, left);
      return;
    }
    this.immediate = setImmediate(() => {
      this.immediate = undefined;
      this.start();
    });
  }

  private start(): void {
    const batch = this.nextBatch();
    if (batch.length === 0) return;
    this.remove(batch);
    this.running = true;
    void runBatch(batch, this.run).finally(() => {
      this.running = false;
      this.filling = this.jobs.length > 0;
      this.settleIdle();
      this.schedule();
    });
  }

  /** The oldest request and, as far as they fit, those that may join it. */
  private nextBatch(): QueuedJob[] {
    const [oldest, ...others] = this.jobs;
    if (oldest === undefined) return [];
    const batch = [oldest];
    let room = this.options.maxBatchSize - oldest.rows;
    for (const job of others) {
      if (oldest.key !== undefined && job.key === oldest.key && job.rows <= room) {
        batch.push(job);
        room -= job.rows;
      }
    }
    return batch;
  }

  private isFull(): boolean {
    const batch = this.nextBatch();
    return batch[0]?.key === undefined || rowsIn(batch) >= this.options.maxBatchSize;
  }

  private remove(jobs: readonly QueuedJob[]): void {
    this.jobs = this.jobs.filter((job) => !jobs.includes(job));
  }

  private isIdle(): boolean {
    return !this.running && this.jobs.length === 0;
  }

  private settleIdle(): void {
    if (this.isIdle()) for (const resolve of this.idleWaiters.splice(0)) resolve();
  }
}

const rowsIn = (jobs: readonly Job[]) => jobs.reduce((sum, { rows }) => sum + rows, 0);

/** Promise.withResolvers, which Node 20 lacks. */
function withResolvers<Value>() {
  let resolve!: (value: Value) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<Value>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
