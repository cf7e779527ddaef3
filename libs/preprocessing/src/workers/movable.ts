import { types } from 'node:util';

/** What of an array's memory can be another thread's without a copy, as `postMessage` takes it. */
export function movable(data: ArrayBufferView | undefined): ArrayBuffer[] {
  // Not by its class, of which every context has its own.
  return data === undefined || types.isSharedArrayBuffer(data.buffer) ? [] : [data.buffer];
}
