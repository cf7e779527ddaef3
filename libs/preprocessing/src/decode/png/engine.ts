import { readFileSync } from 'node:fs';
import { projectPath } from '#project';

/** What `assembly/index.ts` exports; all places are in its memory. */
export interface Engine {
  readonly memory: WebAssembly.Memory;
  readonly tables: { readonly value: number };
  reset(): void;
  reserve(bytes: number): number;
  unfilter(kind: number, row: number, above: number, length: number, step: number): void;
  unpack(row: number, width: number, bitDepth: number, out: number): void;
  gatherBytes: Gather;
  gatherFloats: Gather;
}

type Gather = (
  row: number,
  columns: number,
  count: number,
  out: number,
  offset0: number,
  offset1: number,
  offset2: number,
) => void;

/** Beyond this an engine is not kept for the next picture: a WebAssembly memory never shrinks. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024;

let compiled: WebAssembly.Module | undefined;
let kept: Engine | undefined;

/** Runs `work` with an engine of its own; undefined where that ran out of memory. */
export async function withEngine<T>(work: (engine: Engine) => Promise<T>): Promise<T | undefined> {
  const engine = kept ?? instantiate();
  kept = undefined;
  try {
    const result = await work(engine);
    if (engine.memory.buffer.byteLength <= MAX_KEPT_BYTES) kept = engine;
    return result;
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    return undefined;
  }
}

function instantiate(): Engine {
  compiled ??= new WebAssembly.Module(
    readFileSync(projectPath('dist', 'libs', 'preprocessing', 'png.wasm')),
  );
  return new WebAssembly.Instance(compiled).exports as unknown as Engine;
}
