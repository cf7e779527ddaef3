import type { Signal } from '#cancellation';
import type { Call } from '../http/call.js';
import type { Prediction } from '#serving-client';
import type { Tensor } from '#tensor';
import type { StageTimes } from './stage-times.js';

/** Images on their way to a model, one row each. Rows are sent or discarded once, all together. */
export interface ImageRows {
  /**
   * Decodes an image into its row.
   *
   * @throws DomainErrors of the preprocessing, the signal's reason
   */
  encode(row: number, file: Uint8Array, signal: Signal, times: StageTimes): Promise<void>;
  /** An encoded row as a batch of one. */
  tensor(row: number): Tensor;
  /** Asks the model about these rows, which have been encoded, in as few calls as can hold them. */
  send(rows: readonly number[], call: Call): Promise<Prediction[]>;
  /** Lets go of the rows' memory; none may still be written. */
  discard(): void;
}

/** A call of more bytes is split: model servers have limits, and so has the memory for messages. */
export const MAX_CALL_BYTES = 48 * 1024 * 1024;
