import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SessionWorker } from './session-worker.js';
import { signatureFrom, type Signature } from './signature.js';
import type { Values } from './values.js';

/** The file of the default signature; every other `X.onnx` beside it is the signature X. */
export const DEFAULT_MODEL_FILE = 'model.onnx';
export const DEFAULT_SIGNATURE = 'serving_default';

/** The sessions of one model version, one per signature, on a thread of their own. */
export class ModelRuntime {
  private constructor(
    readonly signatures: ReadonlyMap<string, Signature>,
    private readonly worker: SessionWorker,
  ) {}

  /**
   * Loads every signature of a version folder. Weights in files of their own are read from there.
   * @param threads that one run may use
   * @throws Error where a file is missing, or is not a model that can be served
   */
  static async load(folder: string, threads: number): Promise<ModelRuntime> {
    const files = (await readdir(folder)).filter((name) => name.endsWith('.onnx')).sort();
    if (!files.includes(DEFAULT_MODEL_FILE)) throw new Error(`${DEFAULT_MODEL_FILE} is missing`);
    const worker = new SessionWorker();
    try {
      const signatures = new Map<string, Signature>();
      for (const file of files) {
        const name =
          file === DEFAULT_MODEL_FILE ? DEFAULT_SIGNATURE : file.slice(0, -'.onnx'.length);
        if (signatures.has(name)) throw new Error(`${DEFAULT_MODEL_FILE} is ${name} already`);
        const path = join(folder, file);
        const metadata = await worker.ask('load', { signature: name, path, threads });
        signatures.set(name, signatureFrom(name, metadata));
      }
      return new ModelRuntime(signatures, worker);
    } catch (error) {
      await worker.close();
      throw error;
    }
  }

  /** Why the thread has ended though nobody closed it; undefined as long as it runs. */
  get failure(): string | undefined {
    return this.worker.failure;
  }

  /**
   * One run.
   * @param inputs are taken over: their bytes are gone afterwards
   * @throws SessionError where ONNX Runtime refuses
   */
  run(signature: Signature, inputs: Values, outputs: readonly string[]): Promise<Values> {
    const buffers = Object.values(inputs).flatMap(({ data }) =>
      Array.isArray(data) ? [] : [data.buffer],
    );
    return this.worker.ask('run', { signature: signature.name, inputs, outputs }, buffers);
  }

  async close(): Promise<void> {
    await this.worker.close();
  }
}
