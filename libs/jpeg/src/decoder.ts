import { readFileSync } from 'node:fs';
import { projectPath } from '#project';

/** What `assembly/index.ts` exports. */
export interface Decoder {
  readonly memory: WebAssembly.Memory;
  input(bytes: number): number;
  open(): number;
  reduce(): void;
  width(): number;
  height(): number;
  ask(columns: number, rows: number): number;
  scales(): number;
  quotients(): number;
  decode(format: number, isBgr: boolean): number;
  scanEnd(): number;
  output(): number;
}

/** Beyond this a decoder is not kept for the next picture: a WebAssembly memory never shrinks. */
const MAX_KEPT_BYTES = 32 * 1024 * 1024;

let compiled: WebAssembly.Module | undefined;
let kept: Decoder | undefined;

/** Runs `work` with a decoder of this thread; undefined also where it ran out of memory. */
export function withDecoder<T>(work: (decoder: Decoder) => T | undefined): T | undefined {
  kept ??= instantiate();
  try {
    return work(kept);
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    kept = undefined;
    return undefined;
  } finally {
    if (kept !== undefined && kept.memory.buffer.byteLength > MAX_KEPT_BYTES) kept = undefined;
  }
}

function instantiate(): Decoder {
  compiled ??= new WebAssembly.Module(
    readFileSync(projectPath('dist', 'libs', 'jpeg', 'jpeg.wasm')),
  );
  return new WebAssembly.Instance(compiled).exports as Decoder;
}
