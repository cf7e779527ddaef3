import { probabilitiesOf } from '#model-spec';
import type { Prediction } from '#serving-client';
import { rowOf, type Tensor } from '#tensor';
import type { Call } from '../http/call.js';
import type { ImageRows } from './image-rows.js';
import type { ServedSignature } from './served-signature.js';
import { timed, type StageTimes } from './stage-times.js';

/** An image's scores, and the version that gave them. */
export interface Classification {
  readonly version: string;
  /** In the order of the spec's labels. */
  readonly probabilities: readonly number[];
}

/** A signature that fits its spec: one of its outputs has a score per label. */
export class Classifier {
  constructor(
    readonly signature: ServedSignature,
    readonly outputAlias: string,
  ) {}

  /**
   * What the model says of an image file.
   *
   * @throws DomainErrors of the preprocessing and of the serving client
   */
  async classify(file: Uint8Array, call: Call, times: StageTimes): Promise<Classification> {
    const rows = await this.encode(file, call, times);
    return timed(times.infer, () => this.ask(rows, call));
  }

  /** An image file as the only row of a batch, to be asked about or discarded. */
  async encode(file: Uint8Array, { signal }: Call, times: StageTimes): Promise<ImageRows> {
    const rows = this.signature.rows(1);
    try {
      await rows.encode(0, file, signal, times);
      return rows;
    } catch (error) {
      rows.discard();
      throw error;
    }
  }

  async ask(rows: ImageRows, call: Call): Promise<Classification> {
    const [prediction] = (await rows.send([0], call)) as [Prediction];
    const { version, outputs } = prediction;
    try {
      const probabilities = probabilitiesOf(outputs[this.outputAlias], this.signature.spec);
      return { version, probabilities };
    } catch (error) {
      this.signature.distrust(prediction);
      throw error;
    }
  }

  /**
   * One row of a batch's outputs as probabilities.
   *
   * @throws UnusableScoresError
   */
  probabilitiesOf(outputs: Readonly<Record<string, Tensor>>, row: number): number[] {
    const output = outputs[this.outputAlias];
    return probabilitiesOf(output && rowOf(output, row), this.signature.spec);
  }
}
