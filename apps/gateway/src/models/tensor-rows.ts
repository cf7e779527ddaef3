import type { Signal } from '#cancellation';
import type { Call } from '../http/call.js';
import type { Prediction } from '#serving-client';
import { joinTensors, type Tensor } from '#tensor';
import { MAX_CALL_BYTES, type ImageRows } from './image-rows.js';
import type { StageTimes } from './stage-times.js';

/** Rows that are tensors of their own until they are sent: halves, and files as they are. */
export class TensorRows implements ImageRows {
  private tensors: Tensor[] = [];

  constructor(
    private readonly encodeOne: (
      file: Uint8Array,
      signal: Signal,
      times: StageTimes,
    ) => Promise<Tensor>,
    private readonly ask: (tensor: Tensor, call: Call) => Promise<Prediction>,
  ) {}

  async encode(row: number, file: Uint8Array, signal: Signal, times: StageTimes): Promise<void> {
    this.tensors[row] = await this.encodeOne(file, signal, times);
  }

  tensor(row: number): Tensor {
    return this.tensors[row]!;
  }

  send(rows: readonly number[], call: Call): Promise<Prediction[]> {
    const calls: Tensor[][] = [];
    let bytes = Infinity;
    for (const tensor of rows.map((row) => this.tensor(row))) {
      bytes += bytesOf(tensor);
      if (bytes > MAX_CALL_BYTES) {
        calls.push([]);
        bytes = bytesOf(tensor);
      }
      calls.at(-1)!.push(tensor);
    }
    this.discard();
    return Promise.all(calls.map((tensors) => this.ask(joinTensors(tensors), call)));
  }

  discard(): void {
    this.tensors = [];
  }
}

function bytesOf({ data }: Tensor): number {
  return Array.isArray(data) ? data.reduce((sum, file) => sum + file.length, 0) : data.byteLength;
}
