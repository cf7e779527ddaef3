import { BatchQueue, type BatchOptions } from '../inference/batch-queue.js';
import type { Request, Run } from '../inference/batch.js';
import { ModelRuntime } from '../inference/model-runtime.js';
import type { Signature } from '../inference/signature.js';
import { rowsOf } from '../inference/batch.js';
import type { Values } from '../inference/values.js';
import { warmUp } from '../inference/warm-up.js';

/** One run of a model, for whoever counts them. */
export interface RunReport {
  model: string;
  version: bigint;
  signature: string;
  rows: number;
}

export interface LoadOptions extends BatchOptions {
  /** Threads of one run. */
  threads: number;
  onRun?: (report: RunReport) => void;
}

/** A model version that can answer. */
export class LoadedVersion {
  private readonly queue: BatchQueue;

  private constructor(
    readonly model: string,
    readonly version: bigint,
    private readonly runtime: ModelRuntime,
    options: LoadOptions,
  ) {
    const run: Run = (signature, inputs, outputs) => {
      options.onRun?.({ model, version, signature: signature.name, rows: rowsOf(inputs) });
      return runtime.run(signature, inputs, outputs);
    };
    this.queue = new BatchQueue(run, options);
  }

  /** @throws Error where the folder holds no model that runs */
  static async load(
    model: string,
    version: bigint,
    path: string,
    options: LoadOptions,
  ): Promise<LoadedVersion> {
    const runtime = await ModelRuntime.load(path, options.threads);
    try {
      await warmUp(runtime);
    } catch (error) {
      await runtime.close();
      throw error;
    }
    return new LoadedVersion(model, version, runtime, options);
  }

  get signatures(): ReadonlyMap<string, Signature> {
    return this.runtime.signatures;
  }

  /** Why it can answer no longer, though nobody unloaded it. */
  get failure(): string | undefined {
    return this.runtime.failure;
  }

  /** @throws ServingError, see BatchQueue.submit */
  predict(request: Request, signal: AbortSignal): Promise<Values> {
    return this.queue.submit(request, signal);
  }

  /** Gives memory and threads back once the calls in flight have been answered. */
  async unload(): Promise<void> {
    await this.queue.idle();
    await this.runtime.close();
  }
}
