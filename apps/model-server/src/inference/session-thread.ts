import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { SessionMetadata } from './signature.js';
import type { Elements, Values } from './values.js';

/** What a session's thread is asked, and what it answers; `id` tells answers apart. */
export type SessionRequest = { id: number } & (
  | { kind: 'load'; signature: string; path: string; threads: number }
  | { kind: 'run'; signature: string; inputs: Values; outputs: readonly string[] }
);

export interface SessionAnswers {
  load: SessionMetadata;
  run: Values;
}

export type SessionReply = { id: number } & (
  { ok: true; answer: SessionAnswers[SessionRequest['kind']] } | { ok: false; reason: string }
);

/**
 * The body of a session's thread. ONNX Runtime's binding loads and runs on the thread that calls
 * it, for as long as that takes: here, where no RPC or health check waits behind it.
 *
 * It is handed over as its own source text, so that it runs the same from TypeScript under test and
 * from a build; therefore it uses nothing from outside of itself.
 *
 * `null` for a request ends it: sessions are released and the thread exits.
 */
export function sessionThread(): void {
  const threads = process.getBuiltinModule('node:worker_threads');
  const { createRequire } = process.getBuiltinModule('node:module');
  // The binding knows half floats as Uint16Array alone; newer Nodes' own type confuses it.
  Object.assign(globalThis, { Float16Array: undefined });
  const ort = createRequire(threads.workerData as string)(
    'onnxruntime-node',
  ) as typeof import('onnxruntime-node');
  const sessions = new Map<string, InferenceSession>();

  const arrays = {
    float32: Float32Array,
    float64: Float64Array,
    float16: Uint16Array,
    int8: Int8Array,
    int16: Int16Array,
    int32: Int32Array,
    int64: BigInt64Array,
    uint8: Uint8Array,
    uint16: Uint16Array,
    uint32: Uint32Array,
    uint64: BigUint64Array,
    bool: Uint8Array,
    int4: Uint8Array,
    uint4: Uint8Array,
  };

  const toTensor = (type: Tensor.Type, data: Elements, dims: readonly number[]) => {
    if (type === 'string') return new ort.Tensor(type, data as string[], dims);
    const bytes = data as Uint8Array<ArrayBuffer>;
    const array = arrays[type];
    const elements = new array(
      bytes.buffer,
      bytes.byteOffset,
      bytes.length / array.BYTES_PER_ELEMENT,
    );
    return new ort.Tensor(type, elements as Uint8Array, dims);
  };

  async function load(signature: string, path: string, threads: number): Promise<SessionMetadata> {
    const session = await ort.InferenceSession.create(path, {
      executionProviders: ['cpu'],
      executionMode: 'sequential',
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      // The arena spares page faults; a plan of it for every batch size would only hold memory.
      enableCpuMemArena: true,
      enableMemPattern: false,
      // Errors are answered; the library need not print them as well.
      logSeverityLevel: 4,
      // Between two runs the CPUs belong to others.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
    sessions.set(signature, session);
    return { inputs: session.inputMetadata, outputs: session.outputMetadata };
  }

  async function run(signature: string, inputs: Values, outputs: readonly string[]) {
    const session = sessions.get(signature);
    if (session === undefined) throw new Error(`${signature} is not loaded`);
    const feeds: Record<string, Tensor> = {};
    for (const [name, { type, data, dims }] of Object.entries(inputs)) {
      feeds[name] = toTensor(type, data, dims);
    }
    const results = await session.run(feeds, outputs, { logSeverityLevel: 4 });
    const values: Values = {};
    for (const [name, result] of Object.entries(results)) {
      const { type, dims, data } = result;
      values[name] = {
        type,
        dims,
        data: Array.isArray(data)
          ? data
          : new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength),
      };
    }
    return values;
  }

  const port = threads.parentPort!;
  const answer = async (request: SessionRequest) => {
    const { id } = request;
    try {
      const answer =
        request.kind === 'load'
          ? await load(request.signature, request.path, request.threads)
          : await run(request.signature, request.inputs, request.outputs);
      port.postMessage({ id, ok: true, answer } satisfies SessionReply);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      port.postMessage({ id, ok: false, reason } satisfies SessionReply);
    }
  };
  port.on('message', (request: SessionRequest | null) => {
    if (request !== null) {
      void answer(request);
      return;
    }
    void Promise.allSettled([...sessions.values()].map((session) => session.release())).then(() => {
      port.close();
    });
  });
}
