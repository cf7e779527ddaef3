import { ModelNotReadyError } from '../errors/errors.js';
import type { Call } from '../http/call.js';
import type {
  ModelRef,
  PredictDraft,
  PredictTemplate,
  ServingClient,
  TemplateCall,
} from '#serving-client';
import type { Tensor } from '#tensor';
import { bindSignature, type Binding } from './bind-signature.js';
import { encodeImage } from './encode-image.js';
import {
  expectGoldenScores,
  expectGoldenTensor,
  readGoldenImage,
  typicalImage,
  type Golden,
} from './golden.js';
import type { CatalogEntry } from './load-catalog.js';
import type { ModelSpec } from './model-spec.js';
import { probeImage } from './probe-image.js';
import { probabilitiesOf } from './scores.js';
import { Semaphore } from './semaphore.js';
import { timed, UNTIMED, type StageTimes } from './stage-times.js';

export interface ServedModelOptions {
  readonly maxPixels: number;
  /** Undefined: the spec's. */
  readonly signatureName: string | undefined;
  /** What the model is held against. */
  readonly golden: Golden | undefined;
  /** Hold every golden image against the model before it counts as ready. */
  readonly verifyGolden: boolean;
  /** Bounds how many images are decoded side by side, and so the memory for their pixels. */
  readonly decoding: Semaphore;
  readonly times: StageTimes;
}

/** An image as it is sent: in a draft of the request where the dtype allows it. */
interface EncodedImage {
  readonly tensor: Tensor;
  readonly draft?: PredictDraft;
}

/** An image's scores, and the version that gave them. */
export interface Prediction {
  readonly version: string;
  /** In the order of the spec's labels. */
  readonly probabilities: readonly number[];
}

/** One model of the catalogue at one version or label, as the serving backend has it now. */
export class ServedModel {
  readonly spec: ModelSpec;
  private readonly folder: string;
  private binding: Binding | undefined;
  private readonly templates = new WeakMap<Binding, PredictTemplate>();
  private boundVersion: string | undefined;
  private verifiedVersion: string | undefined;

  constructor(
    entry: CatalogEntry,
    private readonly client: ServingClient,
    private readonly ref: ModelRef,
    private readonly options: ServedModelOptions,
  ) {
    this.spec = entry.spec;
    this.folder = entry.folder;
  }

  /** For what happens to an image before it comes here. */
  get times(): StageTimes {
    return this.options.times;
  }

  /**
   * What the model says of an image file.
   *
   * @throws ModelNotReadyError before the signature is known to fit; DomainErrors of the
   * preprocessing and of the serving client
   */
  async predict(file: Uint8Array, call: Call): Promise<Prediction> {
    if (this.binding === undefined) throw new ModelNotReadyError();
    const { binding } = this;
    const { times } = this.options;
    const image = await this.encode(file, binding, call.signal, times);
    return timed(times.infer, () => this.ask(image, binding, call));
  }

  /**
   * Finds the version in service, holds its signature against the spec and asks it one image;
   * what was found good is not asked again until another version serves.
   *
   * @returns the version that is fit to serve
   * @throws an Error that says what is amiss
   */
  async check(call: Call): Promise<string> {
    const statuses = await this.client.getModelStatus(this.statusRef(), call);
    if (!statuses.some(({ state }) => state === 'AVAILABLE')) throw new ModelNotReadyError();
    const { version, signatures } = await this.client.getSignatures(this.ref, call);
    if (version === this.verifiedVersion) return version;
    const binding = bindSignature(this.spec, signatures, this.options.signatureName);
    await this.verify(binding, call);
    this.binding = binding;
    this.verifiedVersion = version;
    return version;
  }

  /**
   * Holds the signature of the version in service against the spec, and asks it no image.
   *
   * @throws SignatureMismatchError; DomainErrors of the serving client
   */
  async bind(call: Call): Promise<void> {
    const { version, signatures } = await this.client.getSignatures(this.ref, call);
    if (version === this.boundVersion) return;
    this.binding = bindSignature(this.spec, signatures, this.options.signatureName);
    this.boundVersion = version;
  }

  private async verifyGolden(binding: Binding, golden: Golden, call: Call): Promise<void> {
    for (const image of golden.images) {
      const encoded = await this.encode(readGoldenImage(this.folder, image), binding, call.signal);
      expectGoldenTensor(image, encoded.tensor);
      const { probabilities } = await this.ask(encoded, binding, call);
      expectGoldenScores(golden, image, this.spec.labels, probabilities);
    }
  }

  private async verify(binding: Binding, call: Call): Promise<void> {
    const { golden, verifyGolden } = this.options;
    if (golden !== undefined && verifyGolden) {
      await this.verifyGolden(binding, golden, call);
      return;
    }
    const image = golden && typicalImage(golden);
    const file = image === undefined ? probeImage() : readGoldenImage(this.folder, image);
    await this.ask(await this.encode(file, binding, call.signal), binding, call);
  }

  /** Checks pass no times: a model that is still cold would spoil what is told of predictions. */
  private encode(
    file: Uint8Array,
    binding: Binding,
    signal: AbortSignal,
    times = UNTIMED,
  ): Promise<EncodedImage> {
    return this.options.decoding.run(async () => {
      signal.throwIfAborted();
      const template = this.templateOf(binding);
      // Taken only now, so that images which wait for their turn hold none.
      const draft = template === undefined ? undefined : this.client.draft(template);
      const { maxPixels } = this.options;
      try {
        const { dtype } = binding;
        const tensor = await encodeImage(file, this.spec, dtype, maxPixels, times, draft?.data);
        return { tensor, draft };
      } catch (error) {
        if (draft !== undefined) this.client.discard(draft);
        throw error;
      }
    });
  }

  private async ask(
    { tensor, draft }: EncodedImage,
    binding: Binding,
    call: Call,
  ): Promise<Prediction> {
    const { version, outputs } =
      draft === undefined
        ? await this.client.predict(
            { ...this.requestOf(binding), inputs: { [binding.inputAlias]: tensor } },
            call,
          )
        : await this.client.predictDraft(draft, call);
    return { version, probabilities: probabilitiesOf(outputs[binding.outputAlias], this.spec) };
  }

  /** Undefined where the tensor is not written as it is sent: halves and files are made elsewhere. */
  private templateOf(binding: Binding): PredictTemplate | undefined {
    const { dtype, inputAlias: alias } = binding;
    if (dtype !== 'DT_FLOAT' && dtype !== 'DT_UINT8') return undefined;
    let template = this.templates.get(binding);
    if (template === undefined) {
      const input = { alias, dtype, shape: [1, ...this.spec.image.size, 3] };
      template = this.client.template({ ...this.requestOf(binding), input });
      this.templates.set(binding, template);
    }
    return template;
  }

  private requestOf({ signatureName, outputAlias }: Binding): Omit<TemplateCall, 'input'> {
    return { model: this.ref, signatureName, outputFilter: [outputAlias] };
  }

  /** GetModelStatus knows versions, not labels. */
  private statusRef(): ModelRef {
    return { name: this.spec.name, version: this.ref.version };
  }
}
