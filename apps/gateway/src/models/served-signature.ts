import type { Signal } from '#cancellation';
import { encodeImage, type EncodeOptions, type InputBinding, type ModelSpec } from '#model-spec';
import type { Preprocessor } from '#preprocessing';
import type { Call } from '../http/call.js';
import type { ModelRef, PredictTemplate, Prediction, ServingClient } from '#serving-client';
import type { Tensor } from '#tensor';
import { DraftRows } from './draft-rows.js';
import { MAX_CALL_BYTES, type ImageRows } from './image-rows.js';
import type { StageTimes } from './stage-times.js';
import { TensorRows } from './tensor-rows.js';

export interface EncodingLimits {
  readonly maxPixels: number;
  readonly preprocessor: Preprocessor;
}

/** One signature of a version of a model: what it takes images as, and how it is asked. */
export class ServedSignature {
  private readonly templates = new Map<number, PredictTemplate>();

  /** @param outputFilter output aliases to answer; none: all that there are */
  constructor(
    readonly spec: ModelSpec,
    private readonly model: ModelRef,
    readonly binding: InputBinding,
    private readonly outputFilter: readonly string[],
    private readonly client: ServingClient,
    private readonly limits: EncodingLimits,
  ) {}

  /** How many images one call may hold at most. */
  get maxRows(): number {
    if (!this.binding.isBatched) return 1;
    // Files differ in size: their rows are told apart when they are sent.
    if (this.binding.dtype === 'DT_STRING') return Infinity;
    const [height, width] = this.spec.image.size;
    const elementBytes = { DT_FLOAT: 4, DT_HALF: 2, DT_UINT8: 1 }[this.binding.dtype];
    return Math.max(1, Math.floor(MAX_CALL_BYTES / (height * width * 3 * elementBytes)));
  }

  /** @param count at most `maxRows` */
  rows(count: number): ImageRows {
    if (this.draftDtype === undefined) {
      return new TensorRows(
        (file, signal, times) => this.encode(file, signal, times),
        (tensor, call) => this.ask(tensor, call),
      );
    }
    return new DraftRows(
      count,
      this.client,
      (rows) => this.templateOf(rows),
      (file, out, signal, times) => this.encode(file, signal, times, out),
    );
  }

  /** Says that an answer cannot be used, so that its server is asked less. */
  distrust(prediction: Prediction): void {
    this.client.distrust(prediction);
  }

  /** Halves and files cannot be written where they are sent from. */
  private get draftDtype(): 'DT_FLOAT' | 'DT_UINT8' | undefined {
    const { dtype } = this.binding;
    return dtype === 'DT_FLOAT' || dtype === 'DT_UINT8' ? dtype : undefined;
  }

  private encode(
    file: Uint8Array,
    signal: Signal,
    times: StageTimes,
    out?: EncodeOptions['out'],
  ): Promise<Tensor> {
    const { maxPixels, preprocessor } = this.limits;
    const options = { maxPixels, preprocessor, signal, times, out };
    return encodeImage(file, this.spec, this.binding.dtype, options);
  }

  private ask(tensor: Tensor, call: Call): Promise<Prediction> {
    const inputs = { [this.binding.inputAlias]: tensor };
    return this.client.predict({ ...this.request(), inputs }, call);
  }

  private templateOf(rows: number): PredictTemplate {
    let template = this.templates.get(rows);
    if (template === undefined) {
      const { inputAlias: alias } = this.binding;
      const shape = [rows, ...this.spec.image.size, 3];
      const input = { alias, dtype: this.draftDtype!, shape };
      template = this.client.template({ ...this.request(), input });
      // At most one for each size of a batch.
      this.templates.set(rows, template);
    }
    return template;
  }

  private request() {
    const { signatureName } = this.binding;
    return { model: this.model, signatureName, outputFilter: [...this.outputFilter] };
  }
}
